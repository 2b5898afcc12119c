"""Mail with notices: what is over its time, what is tried again, what was given up; by the clock of the database."""

from datetime import timedelta

from django.db.models import Count, DateTimeField, Max, Min, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import outbox
from accounts.models import Mail
from operations.findings import Finding, Level, lasting
from operations.queues import REMEMBERED, SHOWN

SLOW, STUCK = timedelta(minutes=10), timedelta(hours=1)  # how long a mail is over its time


def outgoing() -> tuple[Finding, list[Mail]]:
    """Together with the mails of the last week that were given up, the latest first."""
    over = Q(finished_at__isnull=True, due_at__lte=Now())
    tried = Q(finished_at__isnull=True, attempts__gt=0)
    given_up = Q(state=Mail.State.FAILED, finished_at__gte=Now() - REMEMBERED)
    told = Mail.objects.aggregate(
        waiting=Count("pk", filter=over),
        first=Min("due_at", filter=over),
        tried=Count("pk", filter=tried),
        failed=Count("pk", filter=given_up),
        now=Max(Now(output_field=DateTimeField())),
    )
    failed = list(outbox.failed().filter(given_up)[:SHOWN])
    age = told["now"] - told["first"] if told["first"] else timedelta(0)
    return _judged(told["waiting"], told["tried"], told["failed"], age), failed


def _judged(waiting: int, tried: int, failed: int, age: timedelta) -> Finding:
    key, title = "mail", _("Mail")
    sentence = _said(waiting, tried, failed, age)
    server = _("See whether EMAIL_URL names a server that takes mail.")
    if failed:
        return Finding(key, title, Level.ACT, sentence, server)
    if age > SLOW:
        advice = _("See whether the mail sender runs.") + " " + server
        return Finding(key, title, Level.ACT if age > STUCK else Level.WATCH, sentence, advice)
    return Finding(key, title, Level.WATCH if tried else Level.FINE, sentence, server if tried else "")


def _said(waiting: int, tried: int, failed: int, age: timedelta) -> str:
    due = ngettext("%(count)d is due, for %(time)s.", "%(count)d are due, the oldest for %(time)s.", waiting)
    again = ngettext("%(count)d is tried again later.", "%(count)d are tried again later.", tried)
    given_up = ngettext(
        "%(count)d was given up in the last seven days.", "%(count)d were given up in the last seven days.", failed
    )
    said = [due % {"count": waiting, "time": lasting(age)}] if waiting else [_("None waits.")]
    said += [again % {"count": tried}] if tried else []
    return " ".join([*said, *([given_up % {"count": failed}] if failed else [])])
