"""A service starts on an edition, moves through its stages, and goes live. The only writer of both tables."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access, calendar, chaining, characters, slugs
from accounts.acts import Act
from accounts.chaining import Trail
from accounts.models import Team, User
from accounts.refusals import Conflict, Refusal
from stages import catalogue, chains, passages, reasons
from stages.catalogue import Sheet
from stages.models import Edition, Passage, PassageState, Service

RESERVED = frozenset({"new"})  # /services/new is a page
FURTHEST = timedelta(days=36525)  # a hundred years


@transaction.atomic
def enrol(
    *,
    by: User,
    team: Team,
    edition: Edition,
    name: str,
    planned_on: date,
    summary: str = "",
    copied_from: Service | None = None,
    at: datetime | None = None,
) -> Service:
    """A new service of `team` on `edition`: the first stage open, the others locked.

    Refusal without a name that people can read, or for a planned day that is too far away.
    """
    name = readable_name(name)
    check_near(planned_on, calendar.day(at))
    told = {"team": team, "edition": edition, "name": name, "summary": summary.strip(), "planned_on": planned_on}
    told["copied_from"] = copied_from
    service = _created(told, at or timezone.now())
    with chaining.chain(service.scope, at=at) as trail:
        Passage.objects.bulk_create(_first_round(service, trail))
        after = {"name": name, "team": team.pk, "edition": edition.pk, "planned_on": planned_on.isoformat()}
        trail.add(by=by, verb="created", subject="service", after=after)
    return service


def check_near(planned_on: date, today: date) -> None:
    """Refusal for a day so far away that no interval could be added to it."""
    if planned_on > today + FURTHEST:
        raise Refusal(_("Choose a day within the next hundred years."), field="planned_on")


def move(*, trail: Trail, by: User, passage: Passage, to: str, reason: str = "") -> Passage:
    """Move a passage inside the open chain of its service. Conflict when its state, read anew, does not allow it."""
    passage.refresh_from_db(fields=["state", "opened_at", "passed_at", "reopened_at"])
    before = passage.state
    if not passages.may_move(before, to):
        raise _elsewhere(passage)
    _put(passage, PassageState(to), trail.at)
    after = {"state": str(to)} | ({"reason": reason} if reason else {})
    verb = "reopened" if reason else "moved"
    trail.add(by=by, verb=verb, subject=passage.subject, before={"state": before}, after=after)
    return passage


def _elsewhere(passage: Passage) -> Conflict:
    told = {"state": passage.get_state_display()}
    return Conflict(_("This stage is now “%(state)s”.") % told, state=passage.state)


def open_next(*, trail: Trail, by: User, passage: Passage) -> Passage | None:
    """After a go: the passage is passed; opens what comes next and returns it.

    That is the next stage if it is still locked, or, after the last stage, its next round where it recurs.
    """
    move(trail=trail, by=by, passage=passage, to=PassageState.PASSED)
    stage = passage.stage
    following = Passage.objects.filter(service=passage.service_id, stage__position__gt=stage.position).counting()
    upcoming = following.select_related("stage").order_by("stage__position", "-round").first()
    if upcoming:
        locked = upcoming.state == PassageState.LOCKED
        return move(trail=trail, by=by, passage=upcoming, to=PassageState.OPEN) if locked else None
    return _next_round(trail, by, passage) if stage.recurs else None


def take_back(*, trail: Trail, by: User, passage: Passage) -> Passage:
    """The go on a passage counts no longer: it is open again, and the next round that the go opened is not.

    Later stages stay as they are.
    """
    move(trail=trail, by=by, passage=passage, to=PassageState.OPEN)
    if opened := _round_after(passage):
        move(trail=trail, by=by, passage=opened, to=PassageState.LOCKED)
    return passage


def reopen(*, by: User, passage: Passage, reason: str, at: datetime | None = None) -> Passage:
    """Permit a new review of a passed stage; later stages stay as they are.

    Reopening what is reopened already (a double click) changes nothing. Conflict when the stage is not passed: a
    review that waits is withdrawn, not reopened. Refusal without a reason, and where the next round of the stage is
    open: that one is reviewed then.
    """
    with chains.chain(passage.service, at=at) as trail:
        access.demand(by, Act.DECIDE, passage.service.team)
        passage.refresh_from_db(fields=["state", "reopened_at"])
        if passage.reopened_at:
            return passage
        if passage.state != PassageState.PASSED:
            raise _elsewhere(passage)
        if _round_after(passage):
            raise Refusal(_("The next round of this stage is open: ask for a review of that one."))
        return move(trail=trail, by=by, passage=passage, to=PassageState.OPEN, reason=reasons.readable(reason))


def record_live(*, by: User, service: Service, on: date, at: datetime | None = None) -> Service:
    """The service went live `on` that day: once, not in the future, and after the gate before operating it."""
    with chains.chain(service, at=at) as trail:
        access.demand(by, Act.WENT_LIVE, service.team)
        service.refresh_from_db(fields=["went_live_on"])
        _check_may_be_live(service, on, calendar.day(trail.at))
        service.went_live_on = on
        service.save(update_fields=["went_live_on"])
        trail.add(by=by, verb="went_live", subject="service", after={"went_live_on": on.isoformat()})
    return service


def correct_live(
    *, by: User, service: Service, on: date, reason: str, seen: date, at: datetime | None = None
) -> Service:
    """It went live on another day than was recorded, with a reason.

    Conflict (`detail["now"]`) when another day is recorded than the one `seen`; Refusal for a day to come.
    """
    reason = reasons.readable(reason)
    with chains.chain(service, at=at) as trail:
        access.demand(by, Act.WENT_LIVE, service.team)
        service.refresh_from_db(fields=["went_live_on"])
        before = service.went_live_on
        if before != seen:
            raise Conflict(_("Somebody corrected this day while you were writing."), now={"on": before})
        if on > calendar.day(trail.at):
            raise Refusal(_("The day a service went live cannot be in the future."), field="on")
        if on == before:
            raise Refusal(_("This is the day that is recorded already."), field="on")
        service.went_live_on = on
        service.save(update_fields=["went_live_on"])
        after = {"went_live_on": on.isoformat(), "reason": reason}
        trail.add(
            by=by, verb="corrected_live", subject="service", before={"went_live_on": before.isoformat()}, after=after
        )
    return service


def readable_name(name: str) -> str:
    """The name in one form; Refusal when there is none, or when people could not read it."""
    name = characters.tidy(name)
    if not name:
        raise Refusal(_("A service needs a name."))
    if found := characters.unreadable(name):
        told = {"found": ", ".join(found)}
        raise Refusal(_("The name holds characters that hide or disturb it: %(found)s.") % told)
    return name


def _created(told: dict[str, object], at: datetime) -> Service:
    """Names may repeat, addresses may not: on a race the constraint says no and the next number is tried."""
    base = slugs.ascii_slug(str(told["name"])) or "service"
    taken = RESERVED | set(Service.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    for slug in slugs.candidates(base, taken=taken):
        try:
            with transaction.atomic():
                return Service.objects.create(slug=slug, created_at=at, **told)
        except IntegrityError:
            if not Service.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("there is always a next number")


def _first_round(service: Service, trail: Trail) -> list[Passage]:
    first, *rest = catalogue.of(service.edition_id).sheets
    opened = Passage(service=service, stage=first.stage, state=PassageState.OPEN, opened_at=trail.at)
    return [opened, *(Passage(service=service, stage=sheet.stage) for sheet in rest)]


def _put(passage: Passage, to: PassageState, at: datetime) -> None:
    """Its state with the times that belong to it: a passage keeps when it was opened first."""
    if to == PassageState.OPEN and passage.state == PassageState.PASSED:
        passage.reopened_at = at
    elif to in (PassageState.PASSED, PassageState.LOCKED):
        passage.reopened_at = None
    passage.opened_at = None if to == PassageState.LOCKED else passage.opened_at or at
    passage.passed_at = at if to == PassageState.PASSED else None
    passage.state = to
    passage.save(update_fields=["state", "opened_at", "passed_at", "reopened_at"])


def _next_round(trail: Trail, by: User, passage: Passage) -> Passage:
    """The round after this one is open from now, due in the playbook's interval; one taken back opens again."""
    due_on = passages.months_later(calendar.day(trail.at), passage.stage.interval_months)
    told = {"state": PassageState.OPEN, "opened_at": trail.at, "due_on": due_on}
    which = {"service_id": passage.service_id, "stage": passage.stage, "round": passage.round + 1}
    opened, _new = Passage.objects.update_or_create(**which, defaults=told)
    after = {"state": "open", "due_on": due_on.isoformat()}
    trail.add(by=by, verb="opened", subject=opened.subject, after=after)
    return opened


def _round_after(passage: Passage) -> Passage | None:
    after = Passage.objects.filter(service=passage.service_id, stage=passage.stage_id, round__gt=passage.round)
    return after.counting().first()


def _check_may_be_live(service: Service, on: date, today: date) -> None:
    if service.went_live_on:
        raise Conflict(_("It is already recorded when this service went live."), went_live_on=service.went_live_on)
    if on > today:
        raise Refusal(_("The day a service went live cannot be in the future."))
    gate = _launching(catalogue.of(service.edition_id).sheets)
    if not service.passages.filter(stage=gate.stage, state=PassageState.PASSED).exists():
        raise Refusal(_("The stage “%(stage)s” must be passed first.") % {"stage": gate.stage.title})


def _launching(sheets: tuple[Sheet, ...]) -> Sheet:
    """The stage whose gate lets a service go live: the one before a recurring stage, else the last."""
    lasting = [sheet for sheet in sheets if not sheet.stage.recurs]
    return lasting[-1] if lasting else sheets[-1]
