"""The content of a picture: everything a decision and a report rest on, as plain JSON.

Keys: `format` 1 · `service` {name, slug, team, summary, planned_on, went_live_on} · `playbook` {slug, name,
publisher, edition, language, threshold, licence} · `stage` {slug, title, purpose, gate, gate_question, round,
position, of} · `entries` [{slug, number, kind, title, guidance, required, role {slug, title}, source, about,
options, state, rating, text, reason, note, version, recorded_by, recorded_at, holds_until (last day on which it
counts unconfirmed, or null), judged, recheck, aged, fulfilled, waived, waiver {pk, reason, measure, word,
expires_on, asked_by, asked_at, granted_by, granted_at, sha256} or null (in force, whether or not the rule rests on
it), evidence [{pk, form, title, text, address, file_name, sha256, effective_from, valid_until, added_by,
added_at}], document {pk, number, title, address, file_name, sha256, state, written_by, sent_by, sent_at,
judged_by, judged_at, remark} or null}] · `criteria` [{slug, title, source, computed, rule, met, note,
confirmed_by}] · `counts` · `around` {overdue, broken_earlier_rules, reopened} · `suggestion` {outcome, reasons} ·
`path` [{slug, number, need, lifts}] · `conditions` [{id, number, text, owner, due_on, days_after_live, overdue,
stage}] · `on` (the day it is true of) · `people` · `sealed_at` · `sealed_by`.
People are {id, name}; texts of the edition keep all their languages; times are ISO 8601 in UTC.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from accounts.models import User
from checklists.models import DocumentVersion, Evidence, Waiver
from checklists.readiness import CriterionSeen, Row
from reviews import canonical
from reviews.gate import Gate
from reviews.models import Condition, Confirmation
from stages import catalogue

Json = dict[str, object]


def content(gate: Gate, *, by: User, at: datetime, people: Mapping[str, User]) -> Json:
    """The picture of a gate as `by` seals it at `at`; `people` names who else stands behind it (`asked_by`)."""
    return {
        "format": 1,
        "service": _service(gate),
        "stage": _stage(gate),
        **comparable(gate),
        "criteria": _criteria(gate),
        "counts": asdict(gate.readiness.counts),
        "suggestion": suggestion(gate.suggestion),
        "path": [{**asdict(step), "lifts": str(step.lifts)} for step in gate.path],
        "people": {role: person(who) for role, who in people.items()},
        "sealed_at": moment(at),
        "sealed_by": person(by),
    }


def today(gate: Gate) -> Json:
    """The comparable part as it would be read back after sealing: what `changes` compares with."""
    return canonical.load(canonical.text(comparable(gate)))


def comparable(gate: Gate) -> Json:
    """The part of a picture that `changes` compares: for looking at today without sealing it."""
    return {
        "playbook": _playbook(gate),
        "entries": [_entry(row) for row in gate.readiness.rows],
        "conditions": [_condition(condition, gate) for condition in gate.conditions],
        "around": asdict(gate.around),
        "on": gate.on.isoformat(),
    }


def person(who: User | None) -> Json | None:
    return {"id": who.pk, "name": str(who)} if who else None


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def suggestion(value) -> Json:
    return {"outcome": str(value.outcome), "reasons": [reason.as_json() for reason in value.reasons]}


def _service(gate: Gate) -> Json:
    service = gate.passage.service
    return {
        "name": service.name,
        "slug": service.slug,
        "team": service.team.name,
        "summary": service.summary,
        "planned_on": service.planned_on.isoformat(),
        "went_live_on": service.went_live_on and service.went_live_on.isoformat(),
    }


def _playbook(gate: Gate) -> Json:
    edition = gate.passage.service.edition
    return {
        "slug": edition.playbook.slug,
        "name": edition.playbook.name,
        "publisher": edition.playbook.publisher,
        "edition": edition.number,
        "language": edition.language,
        "threshold": edition.threshold,
        "licence": edition.licence,
    }


def _stage(gate: Gate) -> Json:
    stage = gate.readiness.sheet.stage
    told = {name: getattr(stage, name) for name in ("slug", "title", "purpose", "gate", "gate_question", "position")}
    sheets = catalogue.of(gate.passage.service.edition_id).sheets
    return {**told, "round": gate.passage.round, "of": len(sheets)}


def _entry(row: Row) -> Json:
    asked, answer, entry = row.requirement, row.answer, row.entry
    said = answer if row.version else None  # version 0 holds evidence, but nobody has said anything yet
    told = ("slug", "number", "kind", "title", "guidance", "required", "source", "about", "options")
    return {
        **{name: getattr(asked, name) for name in told},
        "role": {"slug": asked.role.slug, "title": asked.role.title},
        "state": entry.state,
        "rating": entry.rating,
        **{name: getattr(answer, name) if answer else "" for name in ("text", "reason", "note")},
        "version": row.version,
        "recorded_by": person(said and said.recorded_by),
        "recorded_at": moment(said and said.recorded_at),
        **{name: getattr(entry, name) for name in ("judged", "recheck", "aged", "fulfilled", "waived")},
        "holds_until": row.holds_until and row.holds_until.isoformat(),
        "waiver": waiver(row.waiver),
        "evidence": [_evidence(piece) for piece in row.evidence],
        "document": _document(row.document),
    }


def waiver(given: Waiver | None) -> Json | None:
    if given is None:
        return None
    told = ("pk", "reason", "measure", "word", "sha256")
    return {
        **{name: getattr(given, name) for name in told},
        "expires_on": given.expires_on.isoformat(),
        "asked_by": person(given.asked_by),
        "asked_at": moment(given.asked_at),
        "granted_by": person(given.answered_by),
        "granted_at": moment(given.answered_at),
    }


def _evidence(piece: Evidence) -> Json:
    told = ("pk", "form", "title", "text", "address", "file_name", "sha256")
    return {
        **{name: getattr(piece, name) for name in told},
        "effective_from": piece.effective_from.isoformat(),
        "valid_until": piece.valid_until and piece.valid_until.isoformat(),
        "added_by": person(piece.added_by),
        "added_at": moment(piece.added_at),
    }


def _document(version: DocumentVersion | None) -> Json | None:
    if version is None:
        return None
    told = ("pk", "number", "title", "address", "file_name", "sha256", "state", "remark")
    return {
        **{name: getattr(version, name) for name in told},
        **{name: person(getattr(version, name)) for name in ("written_by", "sent_by", "judged_by")},
        **{name: moment(getattr(version, name)) for name in ("sent_at", "judged_at")},
    }


def _condition(condition: Condition, gate: Gate) -> Json:
    return {
        "id": condition.pk,
        "number": condition.number,
        "text": condition.text,
        "owner": person(condition.owner),
        "due_on": condition.due_on and condition.due_on.isoformat(),
        "days_after_live": condition.days_after_live,
        "overdue": condition.overdue(gate.on),
        "stage": condition.stage,
    }


def _criteria(gate: Gate) -> list[Json]:
    said = {confirmation.criterion_id: confirmation for confirmation in gate.confirmations}
    return [_criterion(seen, said.get(seen.criterion.pk)) for seen in gate.readiness.criteria]


def _criterion(seen: CriterionSeen, confirmation: Confirmation | None) -> Json:
    criterion = seen.criterion
    return {
        "slug": criterion.slug,
        "title": criterion.title,
        "source": criterion.source,
        "computed": criterion.computed is not None,
        "rule": criterion.computed,
        "met": seen.met,
        "note": confirmation.note if confirmation else "",
        "confirmed_by": person(confirmation and confirmation.confirmed_by),
    }
