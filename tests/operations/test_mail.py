"""Mail that is over its time, tried again, given up."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from operations import mail
from operations.findings import Finding, Level

pytestmark = pytest.mark.django_db


def stored(cast, *, due: int = 0, **fields: object) -> Mail:
    """A mail that is due so many minutes ago."""
    now = timezone.now()
    told = {"receiver": cast.viewer, "daily": False, "made_at": now, "due_at": now - timedelta(minutes=due)}
    return Mail.objects.create(**told | fields)


def given_up(cast, *, days: int = 0) -> Mail:
    return stored(cast, state="failed", cause="Refused.", finished_at=timezone.now() - timedelta(days=days))


def found() -> Finding:
    finding, _mails = mail.outgoing()
    assert bool(finding.advice) == (finding.level > Level.FINE)
    return finding


def test_nothing_waits():
    assert (found().level, found().sentence) == (Level.FINE, "None waits.")


@pytest.mark.parametrize(("due", "level"), [(-60, Level.FINE), (1, Level.FINE), (20, Level.WATCH), (90, Level.ACT)])
def test_the_longer_one_is_over_its_time_the_worse(cast, due, level):
    stored(cast, due=due)
    assert found().level == level


def test_a_web_server_whose_clock_is_wrong_says_the_same(cast):
    stored(cast, due=5)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert (found().level, found().sentence) == (Level.FINE, "1 is due, for 5 minutes.")


def test_a_server_that_fails_shows_before_anything_is_given_up(cast):
    stored(cast, due=-5, attempts=1, cause="Connection refused")
    assert (found().level, found().sentence) == (Level.WATCH, "None waits. 1 is tried again later.")


def test_what_was_given_up_lately_needs_somebody(cast):
    given_up(cast, days=8)
    assert found().level == Level.FINE
    lately = given_up(cast)
    finding, mails = mail.outgoing()
    assert (finding.level, mails) == (Level.ACT, [lately])


def test_it_is_sent_again_with_one_press(cast, client_for):
    lost = given_up(cast)
    client, address = client_for(cast.administrator), reverse("operations:retry_mail", args=[lost.pk])
    assert "Refused." in client.get(reverse("operations:operations")).content.decode()
    for _ in range(2):
        assert "The mail is being sent again." in client.post(address, follow=True).content.decode()
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("waiting", 0)


@pytest.mark.parametrize("who", ["manager", "auditor", "editor"])
def test_only_administrators_send_again(cast, client_for, who):
    lost = given_up(cast)
    assert client_for(getattr(cast, who)).post(reverse("operations:retry_mail", args=[lost.pk])).status_code == 403
