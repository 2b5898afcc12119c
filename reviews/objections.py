"""What a decision is refused for, each with a sentence for the manager. Writes nothing."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Standing, standing_of
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import gates
from reviews import wording
from reviews.cases import Case
from reviews.models import Condition, Outcome, Review
from stages.models import PassageState

if TYPE_CHECKING:
    from reviews.deciding import Demand


def who(case: Case, by: User) -> None:
    """A manager of the team, who neither asked nor recorded what the picture holds."""
    signer = standing_of(User.objects.get(pk=by.pk))  # as they are now, under the lock
    if not (signer.user.is_active and signer.may(Act.DECIDE, case.review.passage.service.team_id)):
        raise NotAllowed(_("Only a manager of the team decides at its gates."))
    if why := case.bar(by.pk):
        raise NotAllowed(barred(why))


def barred(why: str) -> str:
    return _("You do not decide on this review: %(why)s.") % {"why": why}


def unseen(case: Case, seen_snapshot: str, seen_changes: str) -> None:
    """The form showed this very picture, and all that changed since."""
    if seen_snapshot != case.review.snapshot.sha256:
        raise Conflict(_("You were looking at another picture than the one this review is decided on."))
    if seen_changes != case.changes_digest:
        sentence = _("Something changed while you were looking. Nothing was signed; see what is new, then sign again.")
        raise Conflict(sentence, changes=case.changes)


def outcome(case: Case, wanted: str, rationale: str) -> None:
    """A known outcome that the suggestion allows, and why."""
    if wanted not in Outcome.values:
        raise Refusal(_("Choose go, go with conditions or no-go."), field="outcome")
    suggested = case.suggestion.outcome
    if not gates.allowed(gates.Outcome(wanted), suggested=suggested, rules_unmet=case.rules_unmet):
        raise Refusal(_why_not(case, wanted), field="outcome")
    if not rationale:
        raise Refusal(_("Say why: no decision is signed without its reasons."), field="rationale")


def _why_not(case: Case, wanted: str) -> str:
    if case.rules_unmet:
        numbers = ", ".join(unmet.entry.number for unmet in case.unmet if unmet.entry.kind == "rule")
        told = _(
            "No service goes on over an unmet golden rule (%(numbers)s). A designer may ask for a waiver where the "
            "rule stands; once a manager who did not ask has granted it, this decision is possible."
        )
        return told % {"numbers": numbers}
    suggested = wording.outcome(case.suggestion.outcome)
    sentence = _("A plain go is possible only when the rules suggest it; they suggest “%(suggested)s”.")
    return sentence % {"suggested": suggested}


def to_superseding(review: Review) -> str:
    """Why the decision on this review cannot be superseded now; empty when it can. Asked with two queries."""
    later = Review.objects.filter(passage__stage=review.passage.stage_id, passage__service=review.passage.service_id)
    later = later.filter(number__gt=review.number).exclude(state=Review.State.WITHDRAWN)
    if later.exists():
        return _("A later review of this stage has been asked for: decide on that one.")
    if review.decision.outcome != Outcome.NO_GO and review.passage.state != PassageState.PASSED:
        return _("This stage has been reopened: ask for a new review.")
    return ""


def conditions(case: Case, wanted: str, demands: Sequence["Demand"]) -> None:
    """At least one with "go with conditions", none with the others; each owed by a member, by a day to come."""
    if wanted != Outcome.GO_WITH_CONDITIONS:
        if demands:
            raise Refusal(_("Only “go with conditions” has conditions: choose it, or clear them."), field="conditions")
        return
    if not demands:
        raise Refusal(_("Write at least one condition, or choose another outcome."), field="conditions")
    for place, demand in enumerate(demands):
        _condition(case, demand, place)


def _condition(case: Case, demand: "Demand", place: int) -> None:
    """Refusals name the condition by its `place` (from 0) and the `field` of it."""
    if not demand.text:
        raise Refusal(_("Say what each condition demands."), place=place, field="text")
    team = case.review.passage.service.team_id
    if not (demand.owner.is_active and demand.owner.memberships.filter(team=team).exists()):
        raise Refusal(_("The owner of a condition is a member of the team."), place=place, field="owner")
    _due(case, demand, place)
    stage = case.review.passage.stage_id
    if any(requirement.stage_id != stage for requirement in demand.requirements):
        raise Refusal(_("A condition is linked to requirements of this stage only."), place=place, field="about")


def _due(case: Case, demand: "Demand", place: int) -> None:
    """By a day, or so many days after go-live; today or later."""
    if (demand.due_on is None) == (demand.days_after_live is None):
        told = _("Say by when: a day, or how many days after go-live.")
        raise Refusal(told, place=place, field="due_on")
    day = demand.day(case.review.passage.service.went_live_on)
    if day and day < case.on:
        raise Refusal(_("A condition is due today or later, not in the past."), place=place, field="due_on")


def who_says_met(condition: Condition, by: User) -> None:
    """Its owner, or a designer of the team."""
    if not may_say_met(condition, by.pk, standing_of(by)):
        raise NotAllowed(_("Its owner or a designer of the team says that a condition is met."))


def may_say_met(condition: Condition, user_id: int, who: Standing) -> bool:
    team = condition.service.team_id
    owns = condition.owner_id == user_id and who.may(Act.SEE, team)
    return owns or who.may(Act.ANSWER, team)


def extension(condition: Condition, due_on: date, reason: str, seen: date | None, today: date) -> None:
    """To a later day than the one that was seen and is there, and why."""
    if condition.due_on != seen:
        told = _("Somebody moved this date while you were writing; it is due %(day)s now.")
        raise Conflict(told % {"day": date_format(condition.due_on)})
    if due_on <= (condition.due_on or date.min) or due_on < today:
        raise Refusal(_("Extending means a later day, not in the past."), field="due_on")
    if not reason:
        raise Refusal(_("Say why it needs more time."), field="reason")
