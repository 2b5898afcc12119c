"""The pages of what people are told: the list and its bell, what comes by mail, and stopping mails with one click."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import choices, choosing, inbox, posting
from accounts.kinds import DEFAULTS, How, Kind
from accounts.models import Membership, Notice
from tests.accounts.test_noticing import tell

pytestmark = pytest.mark.django_db
LIST = reverse("accounts:notices")
CHOICES = reverse("accounts:mail_choices")


def unread(person) -> int:
    return inbox.unread(person)


def test_the_bell_counts_what_is_new(cast, client_for):
    tell(cast, cast.manager)
    html = client_for(cast.manager).get(LIST).content.decode()
    assert re.search(r'Notices</span> <span class="count">1<', html)
    assert 'class="count"' not in client_for(cast.viewer).get(LIST).content.decode()


def test_an_empty_page_says_what_will_stand_here(cast, client_for):
    assert "Nothing to tell yet" in client_for(cast.manager).get(LIST).content.decode()


def test_following_one_marks_it_as_read(cast, client_for):
    tell(cast, cast.manager)
    notice = Notice.objects.get()
    response = client_for(cast.manager).post(reverse("accounts:open_notice", args=[notice.pk]))
    assert (response.status_code, response.url, unread(cast.manager)) == (302, notice.address, 0)


def test_one_or_all_are_marked_as_read(cast, client_for):
    for number in range(3):
        tell(cast, cast.manager, subject=f"review:{number}")
    client = client_for(cast.manager)
    client.post(reverse("accounts:read_notice", args=[Notice.objects.first().pk]))
    assert unread(cast.manager) == 2
    client.post(reverse("accounts:read_notices"))
    assert unread(cast.manager) == 0


@pytest.mark.parametrize("name", ["read_notice", "open_notice"])
def test_nobody_elses(cast, client_for, name):
    tell(cast, cast.manager)
    response = client_for(cast.second_manager).post(reverse(f"accounts:{name}", args=[Notice.objects.get().pk]))
    assert (response.status_code, unread(cast.manager)) == (404, 1)


def test_who_left_the_team_sees_nothing_of_it(cast, client_for):
    tell(cast, cast.manager)
    Membership.objects.filter(user=cast.manager).delete()
    assert unread(cast.manager) == 0
    assert "Birth certificate" not in client_for(cast.manager).get(LIST).content.decode()


def test_the_same_queries_for_one_and_three(cast, client_for):
    client, counts = client_for(cast.manager), []
    client.get(LIST)
    for number in (0, 1, 2):
        tell(cast, cast.manager, subject=f"review:{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_pages_by_keyset_there_and_back(cast, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    for number in range(5):
        tell(cast, cast.manager, subject=f"review:{number}")
    first = inbox.page(cast.manager)
    second = inbox.page(cast.manager, before=first.older)
    last = inbox.page(cast.manager, before=second.older)
    told = [[one.subject[-1] for one in page.notices] for page in (first, second, last)]
    assert told == [["4", "3"], ["2", "1"], ["0"]]
    assert (first.newer, last.older) == (0, 0)
    assert inbox.page(cast.manager, after=last.newer).notices == second.notices


def test_nonsense_in_the_address_is_the_first_page(cast, client_for):
    tell(cast, cast.manager)
    for query in ("?before=x", "?after=-1", f"?before={2**70}", "?before=999999"):
        assert "decision asked for" in client_for(cast.manager).get(LIST + query).content.decode()


def test_what_comes_by_mail_is_chosen(cast, client_for):
    client = client_for(cast.manager)
    assert client.get(CHOICES).content.decode().count(" checked") == len(Kind)
    wanted = {kind.value: How.NONE.value for kind in Kind} | {"decided": "daily"}
    assert client.post(CHOICES, wanted).status_code == 302
    assert choices.by_kind(cast.manager) == dict.fromkeys(Kind, How.NONE) | {Kind.DECIDED: How.DAILY}
    assert choices.by_kind(cast.second_manager) == DEFAULTS


def test_half_a_choice_is_refused_and_changes_nothing(cast, client_for):
    response = client_for(cast.manager).post(CHOICES, {"decided": "sometimes"})
    assert (response.status_code, choices.by_kind(cast.manager)) == (422, DEFAULTS)


@pytest.fixture
def header(cast, mailoutbox, client_for) -> str:
    """The address that a mail program finds in a mail of one kind."""
    tell(cast, cast.manager)
    posting.run()
    (mail,) = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<https?://[^/]+(/.*)>", mail.extra_headers["List-Unsubscribe"])
    return found.group(1)


def test_a_mail_program_stops_the_kind_with_one_post(cast, header):
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(header, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 204
    assert choices.by_kind(cast.manager) == DEFAULTS | {Kind.REVIEW_ASKED: How.NONE}


def test_any_other_post_there_does_nothing(cast, header):
    assert Client(enforce_csrf_checks=True).post(header, {"x": "y"}).status_code == 400
    assert choices.by_kind(cast.manager) == DEFAULTS


def test_opening_the_link_changes_nothing_and_the_button_does(cast, header):
    stranger = Client()
    page = stranger.get(header, follow=True)
    assert "A decision is asked of you" in page.content.decode()
    assert choices.by_kind(cast.manager) == DEFAULTS
    done = stranger.post(page.redirect_chain[-1][0])
    assert "These mails have stopped" in done.content.decode()
    assert choices.by_kind(cast.manager)[Kind.REVIEW_ASKED] == How.NONE


def test_the_page_itself_wants_a_form_of_ours(cast, header):
    page = header.removesuffix("at-once/")
    assert Client(enforce_csrf_checks=True).post(page).status_code == 403
    assert choices.by_kind(cast.manager) == DEFAULTS


def test_a_forged_link_is_none(cast):
    good = choosing.token(cast.manager, Kind.DECIDED)
    for token in ("x", good[:-1], good.replace(":", "", 1)):
        assert Client().get(reverse("accounts:unsubscribe", args=[token])).status_code == 404


def test_stopping_the_daily_mail_stops_what_comes_daily(cast):
    choosing.stop(by=cast.manager, kind=None)
    assert choices.by_kind(cast.manager) == {
        kind: How.NONE if how == How.DAILY else how for kind, how in DEFAULTS.items()
    }


def test_it_is_throttled(cast):
    url = reverse("accounts:unsubscribe", args=[choosing.token(cast.manager, None)])
    assert [Client().post(url).status_code for _time in range(31)] == [*[200] * 30, 429]
