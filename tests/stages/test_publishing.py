from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Chain, TrailEntry
from accounts.refusals import Conflict
from stages import publishing
from stages.models import Edition, ExitCriterion, Kind, Playbook, Requirement, Resource, Role, Stage
from tests.stages.playbooks import data, text

REAL = settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml"
TABLES = [Playbook, Edition, Role, Stage, Requirement, ExitCriterion, Resource, Stage.roles.through, Chain, TrailEntry]


def stored() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


NOTHING = {table.__name__: 0 for table in TABLES}


def changed(**top: object) -> str:
    return text(data() | top)


class TestTheRealPlaybook:
    def test_its_numbers(self, edition):
        numbers = {kind: edition.requirements.filter(kind=kind).count() for kind in Kind.values}
        assert numbers == {"rule": 22, "item": 58, "deliverable": 23, "question": 42}
        assert edition.stages.count() == 3
        assert edition.roles.count() == 14
        assert ExitCriterion.objects.filter(stage__edition=edition).count() == 19
        assert ExitCriterion.objects.filter(stage__edition=edition, computed__isnull=True).count() == 6
        assert Resource.objects.filter(stage__edition=edition).count() == 27

    def test_its_terms(self, edition):
        assert (edition.threshold, edition.answer_age_months, edition.language) == (70, 12, "en")
        assert edition.licence == "CC-BY-4.0"
        assert [(stage.slug, stage.interval_months) for stage in edition.stages.all()] == [
            ("build", None),
            ("go-live", None),
            ("operate", 6),
        ]

    def test_everything_says_where_it_comes_from(self, edition):
        of_stages = [ExitCriterion.objects, Resource.objects, Stage.objects]
        assert not any(rows.filter(source="").exists() for rows in [edition.requirements, edition.roles, *of_stages])

    def test_every_deliverable_has_sections_and_every_question_good_evidence(self, edition):
        deliverables = edition.requirements.filter(kind=Kind.DELIVERABLE)
        assert sum(len(one.sections) for one in deliverables) == 167
        assert min(len(one.sections) for one in deliverables) == 4
        assert all(one.good_evidence and one.about for one in edition.requirements.filter(kind=Kind.QUESTION))

    def test_a_golden_rule_always_applies(self, edition):
        rules = edition.requirements.filter(kind=Kind.RULE)
        assert [rule.slug for rule in rules if rule.may_not_apply or not rule.required] == []

    def test_one_requirement_as_it_is_stored(self, edition):
        cutover = edition.requirements.get(slug="cutover-plan")
        assert (cutover.number, cutover.kind, cutover.required, cutover.source) == (
            "G-D2",
            "deliverable",
            True,
            "GS-A3, GS-D3",
        )
        assert sorted(cutover.title) == ["el", "en", "fr", "lt", "own", "pt"]  # databases keep an order of their own
        assert (cutover.title["own"], cutover.title["en"], cutover.title["fr"]) == (
            "en",
            "Cutover plan",
            "Plan de bascule",
        )
        assert (cutover.role.slug, cutover.stage.slug) == ("it-operations", "go-live")
        assert str(cutover.sections[0]) == "Scope and launch window"

    def test_the_order_is_rules_items_deliverables_questions(self, edition):
        for stage in edition.stages.all():
            kinds = list(stage.requirements.order_by("position").values_list("kind", flat=True))
            assert list(dict.fromkeys(kinds)) == Kind.values
            assert kinds == sorted(kinds, key=Kind.values.index)

    def test_texts_are_what_they_are_in_the_file(self, edition):
        assert str(edition.playbook) == "Public service launch"
        assert str(edition) == "Public service launch, 1"
        assert "in review" not in REAL.read_text()


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
class TestPublishing:
    def test_who_when_and_what_stand_in_the_trail(self, cast):
        at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        published = publishing.publish(by=cast.editor, text=text(), at=at)
        edition = published.edition
        assert published.new
        assert (edition.published_by, edition.published_at) == (cast.editor, at)
        entry = TrailEntry.objects.get(scope=edition.playbook.scope)
        assert (entry.who, entry.verb, entry.subject, entry.at) == (cast.editor, "published", "edition:1", at)
        assert entry.after == {"digest": edition.digest}

    def test_the_same_again_changes_nothing(self):
        first = publishing.publish(by=None, text=text())
        before = stored()
        again = publishing.publish(by=None, text="# written otherwise\n" + text())
        assert (again.new, again.edition) == (False, first.edition)
        assert stored() == before

    def test_other_content_under_its_number_is_refused(self):
        publishing.publish(by=None, text=text())
        before = stored()
        with pytest.raises(Conflict, match="Edition 1 of “small” is published with other content"):
            publishing.publish(by=None, text=changed(threshold=71))
        assert stored() == before
        assert Edition.objects.get().threshold == 70

    def test_the_next_number_is_a_new_edition_and_leaves_the_old_one(self):
        first = publishing.publish(by=None, text=text()).edition
        second = publishing.publish(by=None, text=changed(edition=2, threshold=80)).edition
        assert second.playbook == first.playbook
        assert list(Edition.objects.values_list("number", "threshold")) == [(2, 80), (1, 70)]
        assert Requirement.objects.filter(slug="works").count() == 2

    def test_the_newest_edition_names_the_playbook(self):
        for number, name in [(2, {"en": "Small", "fr": "Petit"}), (1, "Tiny")]:
            playbook = data()["playbook"] | {"name": name}
            publishing.publish(by=None, text=changed(edition=number, playbook=playbook))
        assert Playbook.objects.get().name == {"own": "en", "en": "Small", "fr": "Petit"}

    def test_another_publisher_is_refused(self):
        publishing.publish(by=None, text=text())
        playbook = data()["playbook"] | {"publisher": "Somebody"}
        with pytest.raises(Conflict, match="is published by “Ministry”"):
            publishing.publish(by=None, text=changed(edition=2, playbook=playbook))

    def test_a_broken_file_stores_nothing(self):
        content = data() | {"threshold": 170}
        content["stages"][0]["rules"][0]["role"] = "boss"
        with pytest.raises(publishing.BrokenPlaybook) as caught:
            publishing.publish(by=None, text=text(content))
        assert [fault.place for fault in caught.value.faults] == ["threshold", "stages[0].rules[0].role"]
        assert stored() == NOTHING

    def test_what_goes_wrong_while_writing_stores_nothing(self, monkeypatch):
        def full(*_args: object, **_kwargs: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(connection.ops, "bulk_batch_size", full)
        with pytest.raises(OSError, match="disk full"):
            publishing.publish(by=None, text=text())
        monkeypatch.undo()
        assert stored() == NOTHING

    def test_how_a_criterion_and_a_resource_are_stored(self):
        publishing.publish(by=None, text=text())
        assert list(ExitCriterion.objects.values_list("slug", "computed")) == [
            ("exit-rules", {"rule": "rules_met"}),
            ("exit-papers", {"rule": "approved", "slugs": ["handbook"]}),
            ("exit-hand", None),
        ]
        assert list(Resource.objects.values_list("position", "address")) == [(1, "https://example.org/guide"), (2, "")]
        item = Requirement.objects.get(slug="try-it")
        assert item.guidance == {"own": "en"}
        assert not item.guidance


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db(transaction=True)
def test_publishing_the_same_file_at_once_publishes_it_once():
    start = Barrier(4)

    def publish() -> bool:
        try:
            start.wait()
            return publishing.publish(by=None, text=text()).new
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = [future.result() for future in [pool.submit(publish) for _ in range(4)]]
    assert sorted(told) == [False, False, False, True]
    assert (Playbook.objects.count(), Edition.objects.count(), Requirement.objects.count()) == (1, 1, 4)


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
class TestCommand:
    def run(self, capsys, file: Path) -> tuple[str, str]:
        call_command("publish_playbook", str(file))
        return capsys.readouterr()

    def test_it_says_what_it_did(self, capsys):
        assert self.run(capsys, REAL) == ("Published edition 1 of public-service-launch.\n", "")
        assert self.run(capsys, REAL) == ("Already published, nothing to do: edition 1 of public-service-launch.\n", "")

    def test_it_tells_all_faults_and_fails(self, capsys, tmp_path):
        file = tmp_path / "broken.yaml"
        file.write_text(
            REAL.read_text().replace("threshold: 70", "threshold: 700").replace("role: test-lead", "role: x", 1)
        )
        with pytest.raises(CommandError) as caught:
            call_command("publish_playbook", str(file))
        assert str(caught.value) == f"{file} is not published. The file has 2 faults."
        assert caught.value.returncode == 1
        lines = capsys.readouterr().err.splitlines()
        line = file.read_text().splitlines().index("threshold: 700") + 1
        assert lines[0] == f"{file}: line {line}, threshold: This must be 100 or less."
        assert lines[1].endswith("stages[0].items[14].role: There is no role “x”.")
        assert len(lines) == 2
        assert stored() == NOTHING

    def test_other_content_is_refused(self, capsys, tmp_path):
        self.run(capsys, REAL)
        file = tmp_path / "other.yaml"
        file.write_text(REAL.read_text().replace("threshold: 70", "threshold: 71"))
        with pytest.raises(CommandError, match="never changes"):
            self.run(capsys, file)

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [("missing.yaml", "cannot be read: No such file or directory"), ("", "cannot be read: Is a directory")],
    )
    def test_a_file_that_cannot_be_read(self, tmp_path, name, sentence):
        with pytest.raises(CommandError, match=sentence):
            call_command("publish_playbook", str(tmp_path / name))

    def test_a_file_too_large_is_not_read_whole(self, tmp_path, capsys):
        file = tmp_path / "large.yaml"
        with file.open("wb") as opened:
            opened.truncate(10 * 1024**3)
        with pytest.raises(CommandError, match="1 fault"):
            call_command("publish_playbook", str(file))
        assert capsys.readouterr().err == f"{file}: The file is larger than 1024 kB.\n"


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
class TestTranslations:
    def test_what_is_told_of_them_may_come_after_publishing(self):
        before = publishing.publish(by=None, text=text()).edition
        told = {"made": "machine", "read_by": "Ona Petraitė", "read_on": "2026-12-01"}
        published = publishing.publish(by=None, text=changed(translations={"lt": told}))
        assert (published.new, published.edition.digest) == (False, before.digest)
        assert Edition.objects.get().translations == {"lt": told}
        entry = TrailEntry.objects.get(verb="translations_told")
        assert (entry.subject, entry.before, entry.after) == ("edition:1", {}, {"lt": told})

    def test_the_same_again_changes_nothing(self):
        told = changed(translations={"lt": {"made": "person"}})
        publishing.publish(by=None, text=told)
        before = stored()
        publishing.publish(by=None, text=told)
        assert stored() == before

    @pytest.mark.parametrize(
        ("told", "sentence"),
        [
            ({"made": "magic"}, "This must be 'person' or 'machine'."),
            ({"made": "machine", "read_by": "Ona"}, "Say both who has read it and on which day."),
            ({"made": "machine", "read_by": "Ona", "read_on": "2026-02-30"}, "This is not a day, as 2026-12-01."),
        ],
    )
    def test_half_a_reading_is_refused(self, told, sentence):
        with pytest.raises(publishing.BrokenPlaybook) as refused:
            publishing.publish(by=None, text=changed(translations={"lt": told}))
        assert [fault.sentence for fault in refused.value.faults] == [sentence]
