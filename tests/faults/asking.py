"""Reports asked for over HTTP and watched in the database, which counts by itself how often each was completed."""

import time
from dataclasses import dataclass

from tests import servers
from tests.faults.places import Person, Place

COUNTING = """
CREATE TABLE completions (report bigint, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION count_completion() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO completions (report) VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER count_completion AFTER UPDATE ON reviews_report
    FOR EACH ROW WHEN (NEW.state = 'done') EXECUTE FUNCTION count_completion();
"""


def count_completions(place: Place) -> None:
    """PostgreSQL: whoever writes *done* is noted, whatever the code believes."""
    place.rows(COUNTING)


@dataclass(frozen=True)
class Asked:
    place: Place
    pk: int
    page: str
    seconds: float

    def row(self) -> tuple[str, int, str]:
        return self.place.rows("SELECT state, attempts, cause FROM reviews_report WHERE id = ?", self.pk)[0]

    def wait(self, state: str, seconds: float) -> float:
        """How long it took until the row said so."""
        began = time.monotonic()
        servers.wait_until(lambda: self.row()[0] == state, f"report {self.pk} is {state}", seconds)
        return time.monotonic() - began

    def completions(self) -> int:
        return self.place.rows("SELECT count(*) FROM completions WHERE report = ?", self.pk)[0][0]

    def files(self) -> list[str]:
        found = (self.place.installation.folder / "var" / "files" / "reports").glob(f"{self.pk}-*")
        return sorted(path.suffix for path in found)


def ask(person: Person, slug: str) -> Asked:
    began = time.monotonic()
    answer = person.ask("POST", f"/services/{slug}/reports/", {})
    assert answer.status == 302, answer.bytes[:2000]
    page = answer.headers["Location"]
    return Asked(person.place, int(page.rstrip("/").rsplit("/", 1)[1]), page, time.monotonic() - began)
