"""Waivers: a designer asks for a golden rule to be excused for a time; a manager who did not ask answers.

A waiver never changes what the answer says, and granting one is not recording an answer. What is asked for is never
edited: who wants another reason or another day withdraws and asks again, so a manager grants exactly what was read.
"""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import access
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import plaintext, telling
from checklists.models import Waiver
from checklists.working import Work, work_on
from stages import passages
from stages.models import Edition, Kind, Requirement, Service

LIMIT = 1000  # characters of each text
USUALLY = timedelta(days=90)  # long enough to mend what is missing, short enough to be looked at again


def latest_day(edition: Edition, on: date) -> date:
    """The last day a waiver asked for on a day may run to: no excuse outlives the age at which the playbook has
    answers themselves looked at again.
    """
    return passages.months_later(on, edition.answer_age_months)


def usual_day(edition: Edition, on: date) -> date:
    return min(on + USUALLY, latest_day(edition, on))


def ask(
    *,
    by: User,
    service: Service,
    requirement: Requirement,
    reason: str,
    measure: str,
    expires_on: date,
    at: datetime | None = None,
) -> Waiver:
    """Ask for a golden rule to be excused up to and including a day; `measure` says what is done instead.

    Refused where the rule is met, and for a day that is not in the future or too far in it. Conflict while another
    request waits; the same person asking once more in the same words (a double click) gets the one that is there.
    """
    reason, measure = _text(reason, "reason"), _text(measure, "measure")
    with work_on(service=service, requirement=requirement, at=at) as work:
        access.demand(by, Act.ASK_WAIVER, service.team)
        told = {"reason": reason, "measure": measure, "expires_on": expires_on}
        if waiting := _pending(work):
            if waiting.asked_by_id == by.pk and told == {name: getattr(waiting, name) for name in told}:
                return waiting
            raise Conflict(_("A waiver has been asked for already; it waits for an answer."), row=work.row)
        _refuse_needless(work)
        _refuse_unfit(work, reason, measure, expires_on)
        waiver = Waiver(service=service, requirement=requirement, asked_by=by, **told)
        waiver.asked_at, waiver.asked_on = work.trail.at, work.on
        waiver.save()
        work.put(waivers=(*work.row.waivers, waiver))
        work.trail.add(by=by, verb="waiver_asked", subject=requirement.subject, after=_told(waiver))
        telling.waiver(work, waiver)
        return waiver


def withdraw(*, by: User, waiver: Waiver, at: datetime | None = None) -> Waiver:
    """Take the request back; only who asked does. Conflict when it has been answered meanwhile."""
    with work_on(service=waiver.service, requirement=waiver.requirement, at=at) as work:
        access.demand(by, Act.ASK_WAIVER, waiver.service.team)
        waiver = _now(work, waiver)
        if waiver.asked_by_id != by.pk:
            raise NotAllowed(_("Only who asked for the waiver takes the request back; a manager may refuse it."))
        if waiver.state == Waiver.State.WITHDRAWN:
            return waiver
        _refuse_answered(work, waiver)
        return _closed(work, by, waiver, Waiver.State.WITHDRAWN, "waiver_withdrawn")


def grant(*, by: User, waiver: Waiver, word: str = "", at: datetime | None = None) -> Waiver:
    """Excuse the rule until its day; an earlier waiver of the same rule is replaced. Never by who asked.

    Refused when the rule is met meanwhile, or the day is over. Conflict when the request does not wait any more.
    """
    word = _text(word, "word")
    with work_on(service=waiver.service, requirement=waiver.requirement, at=at) as work:
        waiver = _to_answer(work, by, waiver)
        if (waiver.state, waiver.answered_by_id) == (Waiver.State.GRANTED, by.pk):
            return waiver
        _refuse_answered(work, waiver)
        _refuse_needless(work)
        if waiver.expires_on < work.on:
            raise Refusal(_("The last day that was asked for is over. Refuse it, and let a new one be asked for."))
        for earlier in work.row.waivers:
            if earlier.state == Waiver.State.GRANTED:
                _closed(work, by, earlier, Waiver.State.REPLACED, "")
        return _answered(work, by, waiver, Waiver.State.GRANTED, word, "waiver_granted")


def refuse(*, by: User, waiver: Waiver, word: str, at: datetime | None = None) -> Waiver:
    """Do not excuse the rule, and say why. Never by who asked; Conflict when it does not wait any more."""
    word = _text(word, "word")
    with work_on(service=waiver.service, requirement=waiver.requirement, at=at) as work:
        waiver = _to_answer(work, by, waiver)
        if (waiver.state, waiver.answered_by_id) == (Waiver.State.REFUSED, by.pk):
            return waiver
        _refuse_answered(work, waiver)
        if not word:
            raise Refusal(_("Say why, so that the team knows what to do instead."), field="word")
        return _answered(work, by, waiver, Waiver.State.REFUSED, word, "waiver_refused")


def end(*, by: User, waiver: Waiver, reason: str, at: datetime | None = None) -> Waiver:
    """End a waiver before its day, and say why: the rule counts as not met again. Conflict when it is over already."""
    reason = _text(reason, "reason")
    with work_on(service=waiver.service, requirement=waiver.requirement, at=at) as work:
        access.demand(by, Act.WAIVE, waiver.service.team)
        waiver = _now(work, waiver)
        if (waiver.state, waiver.closed_by_id) == (Waiver.State.ENDED, by.pk):
            return waiver
        if not waiver.in_force(work.on):
            raise Conflict(_("This waiver is not in force any more."), row=work.row)
        if not reason:
            raise Refusal(_("Say why the waiver ends before its day."), field="reason")
        waiver.closing = reason
        return _closed(work, by, waiver, Waiver.State.ENDED, "waiver_ended")


def _text(value: str, field: str) -> str:
    return plaintext.cleaned(value, limit=LIMIT, field=field)


def _pending(work: Work) -> Waiver | None:
    return next((one for one in work.row.waivers if one.state == Waiver.State.ASKED), None)


def _refuse_needless(work: Work) -> None:
    if work.requirement.kind != Kind.RULE:
        raise Refusal(_("Only a golden rule is waived."))
    if work.row.entry.holds:
        raise Refusal(_("This golden rule is met; it needs no waiver."))


def _refuse_unfit(work: Work, reason: str, measure: str, expires_on: date) -> None:
    if not reason:
        raise Refusal(_("Say why the rule cannot be met now."), field="reason")
    if not measure:
        raise Refusal(_("Say what is done instead, so that nobody is harmed meanwhile."), field="measure")
    if expires_on <= work.on:
        raise Refusal(_("A waiver ends on a day to come."), field="expires_on")
    edition = work.sheet.stage.edition
    if expires_on > (last := latest_day(edition, work.on)):
        told = _("At most %(months)d months, until %(day)s: after that the playbook has every answer looked at again.")
        raise Refusal(told % {"months": edition.answer_age_months, "day": date_format(last)}, field="expires_on")


def _to_answer(work: Work, by: User, waiver: Waiver) -> Waiver:
    """The waiver as it is now, for a manager who did not ask for it."""
    access.demand(by, Act.WAIVE, work.service.team)
    waiver = _now(work, waiver)
    if waiver.asked_by_id == by.pk:
        raise NotAllowed(_("You asked for this waiver; another manager grants or refuses it."))
    return waiver


def _now(work: Work, waiver: Waiver) -> Waiver:
    """The waiver as it is under the lock."""
    return next(one for one in work.row.waivers if one.pk == waiver.pk)


def _refuse_answered(work: Work, waiver: Waiver) -> None:
    if waiver.state != Waiver.State.ASKED:
        told = _("This request does not wait any more: it is %(state)s.")
        raise Conflict(told % {"state": waiver.get_state_display()}, row=work.row)


def _answered(work: Work, by: User, waiver: Waiver, state: str, word: str, verb: str) -> Waiver:
    waiver.answered_by, waiver.answered_at, waiver.word = by, work.trail.at, word
    return _moved(work, by, waiver, state, verb)


def _closed(work: Work, by: User, waiver: Waiver, state: str, verb: str) -> Waiver:
    waiver.closed_by, waiver.closed_at = by, work.trail.at
    return _moved(work, by, waiver, state, verb)


def _moved(work: Work, by: User, waiver: Waiver, state: str, verb: str) -> Waiver:
    """Store the next step of a waiver's life; what follows from it is counted when the work is done."""
    before, waiver.state = _told(waiver), state
    waiver.save()
    work.put(waivers=work.row.waivers)
    if verb:  # what is replaced is told by the waiver that takes its place
        work.trail.add(by=by, verb=verb, subject=work.requirement.subject, before=before, after=_told(waiver))
        telling.waiver(work, waiver)
    return waiver


def _told(waiver: Waiver) -> dict[str, object]:
    texts = {name: getattr(waiver, name) for name in ("reason", "measure", "word", "closing")}
    return {"waiver": waiver.pk, "state": str(waiver.state), "expires_on": waiver.expires_on.isoformat(), **texts}
