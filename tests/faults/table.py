"""The faults F1 to F29: what is promised, and the tests that show it. A fault without a test waits, and says why."""

from dataclasses import dataclass

SERVERS, ROWS = "servers", "rows"  # with servers of its own; on the rows of a test, on either engine


@dataclass(frozen=True)
class Proof:
    """A test, or a file of tests, by its place under `tests/`. `slow`: not in the fast half, which CI runs.

    What is on rows and not of this folder is among the tests of `make test`, and in CI need not run twice.
    """

    place: str
    on: str = ROWS
    slow: bool = False

    @property
    def file(self) -> str:
        return self.place.partition("::")[0]


@dataclass(frozen=True)
class Fault:
    key: str
    what: str
    proofs: tuple[Proof, ...] = ()
    waits: str = ""


def live(*places: str, slow: bool = False) -> tuple[Proof, ...]:
    return tuple(Proof(place, SERVERS, slow) for place in places)


def rows(*places: str) -> tuple[Proof, ...]:
    return tuple(Proof(place, slow=not place.startswith("faults/")) for place in places)


BROKER, WORKERS, DATABASE = "faults/proof_broker.py", "faults/proof_workers.py", "faults/proof_database.py"
REPORTS = "faults/proof_reports.py"
FAULTS = (
    Fault(
        "F1–F2",
        "worker child, whole worker killed; a kill at each step of a report",
        live(f"{WORKERS}::test_a_kill_at_any_step_leaves_one_report")
        + live(f"{WORKERS}::test_a_killed_child_is_made_good_in_half_a_minute")
        + live(f"{WORKERS}::test_a_killed_worker_is_made_good_in_a_minute"),
    ),
    Fault(
        "F3–F4",
        "broker stopped, or accepting and silent",
        live(f"{REPORTS}::test_without_a_broker_the_page_answers_and_the_report_comes_later"),
    ),
    Fault(
        "F5–F6",
        "broker flushed, killed mid-task; 300 reports under chaos",
        live(f"{REPORTS}::test_a_flushed_broker_loses_nothing")
        + live(f"{BROKER}::test_a_broker_killed_in_the_middle_loses_nothing")
        + live("faults/proof_chaos.py"),
    ),
    Fault("F7", "worker alive but deaf", live(f"{WORKERS}::test_a_deaf_worker_is_started_again", slow=True)),
    Fault(
        "F8",
        "all background dead",
        live(f"{REPORTS}::test_with_everybody_dead_it_fails_by_the_clock_and_can_be_made_again"),
    ),
    Fault(
        "F9",
        "poison report",
        live(f"{REPORTS}::test_a_poisoned_record_fails_after_three_attempts_and_others_do_not")
        + rows("jobs/test_runner.py::test_what_goes_wrong_is_tried_three_times"),
    ),
    Fault("F10", "PostgreSQL restarted", live(f"{DATABASE}::test_the_database_restarts_under_ticks")),
    Fault(
        "F11",
        "SQLite, or a chain of PostgreSQL, locked beyond the timeout",
        live(
            f"{DATABASE}::test_sqlite_locked_for_too_long",
            f"{DATABASE}::test_a_chain_of_postgresql_held_for_too_long",
        ),
    ),
    Fault("F12", "disk full (database, files, PDF)", live("faults/proof_disk.py")),
    Fault(
        "F13",
        "double click, duplicate submit",
        rows(
            "reviews/test_workbench_together.py::test_a_double_click_is_one_answer",
            "checklists/test_evidencing.py::test_the_same_piece_twice_is_one",
            "checklists/test_evidencing.py::test_the_same_file_twice_leaves_one_file",
            "reviews/test_deciding_together.py::test_one_person_twice_makes_one_decision",
            "reviews/test_reporting.py::test_a_second_click_on_today_gives_the_same_row",
        ),
    ),
    Fault(
        "F14–F16",
        "two people on one entry; tab from yesterday; back after deciding",
        live("faults/proof_ticks.py::test_twenty_people_on_five_entries_lose_no_update")
        + rows(
            "checklists/test_answering.py::test_an_answer_from_yesterdays_tab_that_says_the_same_is_no_conflict",
            "checklists/test_answering.py::test_another_version_is_a_conflict_that_carries_what_is_there",
            "reviews/test_workbench_together.py::test_a_conflict_without_javascript_is_a_page",
            "reviews/test_decision_pages.py::test_signing_twice_shows_the_decision_made",
            "faults/proof_decisions.py",
        ),
    ),
    Fault(
        "F17",
        "clock jumps, skew",
        rows(
            "faults/proof_clock.py",
            "reviews/test_report_pages.py::test_a_web_server_whose_clock_is_wrong_says_of_a_report_what_all_others_say",
            "operations/test_queues.py::test_a_web_server_whose_clock_is_wrong_says_what_the_database_says",
        ),
    ),
    Fault("F18", "deploy during a report", live(f"{WORKERS}::test_a_deploy_in_the_middle_of_a_report")),
    Fault(
        "F19–F20",
        "huge inputs; slow clients",
        live("faults/proof_crowd.py") + rows("test_limits.py"),
    ),
    Fault("F21", "migration on a large table", waits="rolling upgrades are not built: an update stops the parts"),
    Fault("F22–F23", "session ends, browser offline", waits="the browser's queue of ticks is not built"),
    Fault(
        "F24",
        "acknowledged, then the server is killed",
        live("faults/proof_ticks.py::test_no_acknowledged_tick_is_lost_when_the_server_is_killed"),
    ),
    Fault(
        "F25",
        "mail sink hangs (hooks are not built)",
        live(
            "integration/test_production.py::test_a_mail_server_that_hangs_holds_up_nobody_and_gets_its_mail_later",
            slow=True,
        )
        + rows("accounts/test_posting.py"),
    ),
    Fault(
        "F26",
        "backup while writing, then restore",
        live("integration/test_backup.py", slow=True) + rows("operations/test_restoring.py"),
    ),
    Fault(
        "F27",
        "evidence file missing or altered",
        rows(
            "checklists/test_views.py::test_a_file_that_is_gone_is_said_so",
            "checklists/test_views.py::test_a_file_that_was_altered_is_not_handed_out",
            "reviews/test_report_pages.py::test_a_missing_file_is_said_and_made_again",
            "reviews/test_reporting.py::test_an_altered_file_is_missed",
        ),
    ),
    Fault(
        "F28",
        "render child out of limits",
        live("faults/proof_renderer.py", slow=True)
        + rows("reviews/test_reporting.py::test_what_needs_too_much_fails_with_advice_at_once"),
    ),
    Fault("F29", "user deactivated mid-way", rows("faults/proof_people.py")),
)
