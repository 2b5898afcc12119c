"""Whom an act at the gate is told to, and in which words; called by the acts, in their transaction."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy

from accounts import noticing, rosters
from accounts.acts import Act
from accounts.chaining import Trail
from accounts.kinds import Message
from accounts.models import User
from reviews import canonical, deciders, picture, wording
from reviews.models import Condition, Decision, Review

OF_CONDITIONS = (Message.CONDITION_OWED, Message.CONDITION_DUE, Message.CONDITION_OVERDUE)
OF_WHAT_IS_SAID = (Message.CONDITION_SAID_MET, Message.CONDITION_TURNED_DOWN)
_outcome = lazy(wording.outcome, str)
day_of = lazy(date_format, str)


def asked(trail: Trail, review: Review) -> None:
    """Those who may decide: managers who neither asked nor recorded what the picture holds."""
    recorders = picture.recorders(canonical.load(review.snapshot.content))
    team = review.passage.service.team
    may = deciders.of(team, asked_by=review.asked_by_id, recorders=recorders).may
    _tell(trail, review, Message.REVIEW_ASKED, to=may, by=review.asked_by)


def closed(trail: Trail, review: Review) -> None:
    """Decided or withdrawn: nobody is asked any more."""
    noticing.settle(subject=f"review:{review.pk}", messages=[Message.REVIEW_ASKED], at=trail.at)


def decided(trail: Trail, decision: Decision) -> None:
    """Who asked and the team's designers; and who owes a condition, what it is."""
    review, by = decision.review, decision.decided_by
    closed(trail, review)
    designers = rosters.able(review.passage.service.team, Act.SUBMIT)
    outcome = _outcome(decision.outcome)
    occasion = str(decision.number) if decision.supersedes_id else ""
    told = {"to": [review.asked_by, *designers], "by": by, "occasion": occasion}
    _tell(trail, review, Message.DECIDED, **told, outcome=outcome)
    for condition in decision.conditions.select_related("owner"):
        _tell_owner(trail, condition, by=by)


def settled(trail: Trail, condition: Condition) -> None:
    """Closed or moved: what was told of its day counts no more."""
    noticing.settle(subject=condition.subject, messages=OF_CONDITIONS, at=trail.at)


def said_met(trail: Trail, condition: Condition) -> None:
    """The managers of the team, but for who said it: one of them confirms it, or turns it down."""
    answered(trail, condition)
    managers = rosters.able(condition.service.team, Act.DECIDE)
    _tell_of(trail, condition, Message.CONDITION_SAID_MET, to=managers, by=condition.said_met_by)


def confirmed(trail: Trail, condition: Condition) -> None:
    """Who owes the condition, and who said that it is met."""
    _tell_who_owes(trail, condition, Message.CONDITION_CONFIRMED, by=condition.closed_by)


def turned_down(trail: Trail, condition: Condition, *, by: User) -> None:
    """The same people, while the condition still names who said it."""
    answered(trail, condition)
    _tell_who_owes(trail, condition, Message.CONDITION_TURNED_DOWN, by=by)


def answered(trail: Trail, condition: Condition) -> None:
    """Confirmed, turned down, said anew or demanded no longer: what was said before need nobody look at."""
    noticing.settle(subject=condition.subject, messages=OF_WHAT_IS_SAID, at=trail.at)


def about(condition: Condition) -> dict[str, Any]:
    """What every notice about a condition says of it, and where it leads."""
    service = condition.service
    return {
        "subject": condition.subject,
        "address": reverse("reviews:condition", args=[service.slug, condition.pk]),
        "team": service.team,
        "facts": {"condition": condition.text, "service": service, "day": due_of(condition)},
    }


def due_of(condition: Condition) -> object:
    """By when, in words that can wait for the receiver's language."""
    return day_of(condition.due_on) if condition.due_on else wording.after_live(condition.days_after_live)


def _tell_who_owes(trail: Trail, condition: Condition, message: Message, *, by: User) -> None:
    _tell_of(trail, condition, message, to=[condition.owner, condition.said_met_by], by=by)


def _tell_of(trail: Trail, condition: Condition, message: Message, *, to: Iterable[User], by: User) -> None:
    told = about(condition)
    told["facts"] |= {"who": by}
    noticing.tell(message=message, to=to, by=by, occasion=str(trail.row.sequence), at=trail.at, **told)


def _tell_owner(trail: Trail, condition: Condition, *, by: User) -> None:
    told = about(condition) | {"to": [condition.owner], "by": by, "at": trail.at}
    noticing.tell(message=Message.CONDITION_OWED, **told)


def _tell(
    trail: Trail, review: Review, message: Message, *, to: Iterable[User], by: User, occasion: str = "", **facts: object
) -> None:
    service, stage = review.passage.service, review.passage.stage
    noticing.tell(
        message=message,
        to=to,
        by=by,
        team=service.team,
        subject=f"review:{review.pk}",
        address=reverse("reviews:past_review", args=[service.slug, stage.slug, review.number]),
        occasion=occasion,
        facts={"who": by, "stage": stage, "service": service, **facts},
        at=trail.at,
    )
