"""What a report says: one sealed record, arranged for its templates. Pure but for the templates it fills.

Nothing here reads the database or a clock: the same record in the same language gives the same HTML, as long as the
site (`ADDRESS`, printed with the digests) has the same address.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from checklists.gates import Counts
from reviews import canonical, changes, cover, printable, stamps, wording, wording_changes

Content = Mapping[str, Any]
KINDS = ("rule", "item", "deliverable", "question")


@dataclass(frozen=True)
class Record:
    """A sealed record: the texts of a snapshot and, where it was decided on, of the decision, with their digests."""

    snapshot: str
    snapshot_sha256: str
    decision: str = ""
    decision_sha256: str = ""

    @property
    def digest(self) -> str:
        """What names the record: the decision's digest, else the picture's."""
        return self.decision_sha256 or self.snapshot_sha256


def html(record: Record, language: str) -> str:
    with translation.override(language):
        return render_to_string("report/report.html", context(record, language))


def context(record: Record, language: str) -> dict[str, object]:
    """What the templates print, in the language that is active."""
    content = printable.record(canonical.load(record.snapshot))
    decision = printable.record(canonical.load(record.decision)) if record.decision else None
    suggestion = (decision or content)["suggestion"]
    waivers = _waivers(content, decision)
    entries = [_entry(entry, waivers) for entry in content["entries"]]
    return {
        "record": record,
        "stamp": stamps.of(record.digest),
        "language": language,
        "content": content,
        "decision": decision,
        "outcome": (decision or suggestion)["outcome"],
        "suggested": suggestion["outcome"],
        "reasons": sorted(map(_reason, suggestion["reasons"]), key=lambda reason: reason["met"]),
        "facts": facts(content, len(waivers)),
        "cover": cover.excerpts(decision, content, entries, list(waivers.values())),
        "rules": [entry for entry in entries if entry["kind"] == "rule"],
        "groups": [_group(kind, entries) for kind in KINDS],
        "path": [_step(step, entries) for step in content["path"] if step["slug"] not in waivers],
        "changes": [_change(change, entries) for change in (decision or {}).get("changes", ())],
        "evidence": pieces(entries),
        "people": people(content, decision, entries),
        "numbering": _numbering(_("Page {page} of {pages}")),
    }


def _waivers(content: Content, decision: Content | None) -> dict[str, Content]:
    """The waivers that golden rules rested on, by slug: at the decision, else when the picture was sealed."""
    if decision and "waivers" in decision:
        return {waiver["slug"]: waiver for waiver in decision["waivers"]}
    sealed = (entry for entry in content["entries"] if entry.get("waived"))
    return {entry["slug"]: {"number": entry["number"], **entry["waiver"]} for entry in sealed}


def facts(content: Content, waived: int) -> list[tuple[str, str]]:
    """The few numbers of page one, each with what it is made of."""
    counts = Counts(**content["counts"])
    met = _("%(n)d of %(of)d met") % {"n": counts.rules_met, "of": counts.rules}
    excused = ngettext("%(n)d waived", "%(n)d waived", waived) % {"n": waived}
    return [
        (_("Golden rules"), f"{met}, {excused}" if waived else met),
        (_("Checklist"), _("%(n)d of %(of)d done") % {"n": counts.items_done, "of": counts.items}),
        (
            _("Deliverables"),
            _("%(n)d of %(of)d approved") % {"n": counts.deliverables_approved, "of": counts.deliverables},
        ),
        (_("Questions"), _score(counts, content["playbook"]["threshold"])),
    ]


def _score(counts: Counts, threshold: int) -> str:
    if not counts.score_shown:
        return _("%(n)d of %(of)d rated") % {"n": counts.questions_rated, "of": counts.questions}
    return _("score %(score)d, threshold %(threshold)d") % {"score": counts.score.percent, "threshold": threshold}


def _reason(reason: Content) -> dict[str, object]:
    return {"met": reason["met"], "sentence": wording.reason(reason)}


def _entry(entry: Content, waivers: Mapping[str, Content]) -> dict[str, Any]:
    """An entry with `shown`, the key of the state to print: a rating by its number, what lapsed as re-check."""
    shown = "recheck" if entry["recheck"] else changes.state(entry)
    if entry["kind"] == "question" and shown == "open":
        shown = "not_rated"
    if waiver := waivers.get(entry["slug"]):
        return {**entry, "shown": "waived", "said": shown, "waiver": waiver}
    return {**entry, "shown": shown, "waiver": None}


def _group(kind: str, entries: Iterable[Content]) -> dict[str, object]:
    titles = {
        "rule": _("Golden rules"),
        "item": _("Checklist"),
        "deliverable": _("Deliverables"),
        "question": _("Evaluation questions"),
    }
    return {"kind": kind, "title": titles[kind], "entries": [entry for entry in entries if entry["kind"] == kind]}


def _step(step: Content, entries: Iterable[Content]) -> dict[str, object]:
    entry = next(entry for entry in entries if entry["slug"] == step["slug"])
    return {"entry": entry, "need": wording.need(step), "lifts": step["lifts"]}


def _change(change: Content, entries: Iterable[Content]) -> dict[str, object]:
    """A change with the title of its entry; a change of conditions or of earlier stages has none."""
    titles = {entry["slug"]: entry["title"] for entry in entries}
    return {**change, "title": titles.get(change["slug"], ""), "sentence": wording_changes.change(change)}


def pieces(entries: Iterable[Content]) -> list[dict[str, Any]]:
    """Every piece of evidence once, numbered E1, E2, …, with the entries it stands behind."""
    found: dict[int, dict[str, Any]] = {}
    for entry in entries:
        for piece in entry["evidence"]:
            known = found.setdefault(piece["pk"], {**piece, "number": f"E{len(found) + 1}", "behind": []})
            known["behind"].append(entry)
            piece["number"] = known["number"]
    return list(found.values())


def people(content: Content, decision: Content | None, entries: Iterable[Content]) -> list[dict[str, object]]:
    """Who stands behind the record, in the order of what they did to it: each with sentences."""
    done: dict[int, dict[str, Any]] = {}
    for role, person in content["people"].items():
        _did(done, person, {"asked_by": _("asked for the review")}.get(role, role))
    _did(done, content["sealed_by"], _("sealed the picture"))
    if decision:
        _did(done, decision["decided_by"], pgettext("what a person did", "decided"))
    for person in {one["id"]: one for one in _confirmers(content)}.values():
        _did(done, person, _("confirmed exit criteria by hand"))
    for person, verb, numbers in _work(entries):
        _did(done, person, f"{verb} {', '.join(numbers)}")
    return list(done.values())


def _confirmers(content: Content) -> list[Content]:
    return [criterion["confirmed_by"] for criterion in content["criteria"] if criterion.get("confirmed_by")]


def _did(done: dict[int, dict[str, Any]], person: Content | None, what: str) -> None:
    if person:
        done.setdefault(person["id"], {"name": person["name"], "did": []})["did"].append(what)


def _work(entries: Iterable[Content]) -> Iterable[tuple[Content, str, list[str]]]:
    """(person, verb, numbers of the entries) of everybody who answered, added, sent or judged something."""
    found: dict[tuple[int, str], tuple[Content, str, list[str]]] = {}
    for entry in entries:
        for person, verb in _deeds(entry):
            if person:
                numbers = found.setdefault((person["id"], verb), (person, verb, []))[2]
                if entry["number"] not in numbers:
                    numbers.append(entry["number"])
    return found.values()


def _deeds(entry: Content) -> Iterable[tuple[Content | None, str]]:
    document = entry["document"]
    if document is None:
        yield entry["recorded_by"], _("answered")
    else:
        approved = document["state"] == "approved"
        yield document["sent_by"], pgettext("what a person did", "sent")
        yield (
            document["judged_by"],
            pgettext("what a person did", "approved") if approved else pgettext("what a person did", "sent back"),
        )
    for piece in entry["evidence"]:
        yield piece["added_by"], _("added evidence to")
    if waiver := entry.get("waiver"):
        yield waiver["asked_by"], _("asked for a waiver of")
        yield waiver["granted_by"], _("granted the waiver of")


def _numbering(sentence: str) -> str:
    """`Page {page} of {pages}` as the value of the CSS property `content`."""
    quoted = sentence.replace("\\", "").replace('"', "").replace("\n", " ")
    return '"' + quoted.replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "') + '"'
