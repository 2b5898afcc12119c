"""Invitations: what is offered, who may take it, for how long; and that the link's token is told to nobody else."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import appointing, inviting, joining, teaming
from accounts.acts import Role
from accounts.models import Invitation, Membership, TrailEntry, User
from accounts.refusals import Conflict, NotAllowed, Refusal
from tests.accounts.crowd import crowd
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
JOIN = reverse("accounts:join")
NEW = {"name": "Ada Byron", "password": "a-long-walk-home", "again": "a-long-walk-home"}


@pytest.fixture
def send(cast, django_capture_on_commit_callbacks):
    """Invite somebody as the manager; gives the link's path."""

    def invite(email="ada@example.org", roles=("viewer",), **told) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            inviting.invite(**({"by": cast.manager, "team": cast.team, "email": email, "roles": roles} | told))
        return link()

    return invite


def link() -> str:
    return re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body).group(1)


def text(response) -> str:
    return response.content.decode()


def test_somebody_new_comes_in(cast, client, send):
    response = client.get(send(roles=["viewer", "designer"]), follow=True)
    assert response.request["PATH_INFO"] == JOIN
    assert "Manager invites you to the team Civil registration, as designer, viewer." in text(response)
    response = client.post(JOIN, NEW, follow=True)
    assert "You are on the team Civil registration now." in text(response)
    user = User.objects.get(email="ada@example.org")
    assert (str(user), response.wsgi_request.user) == ("Ada Byron", user)
    assert teaming.roles_of(user, cast.team) == {"viewer", "designer"}
    entries = TrailEntry.objects.filter(scope=cast.team.scope).values_list("who", "verb")
    assert list(entries) == [(cast.manager.pk, "invited"), (user.pk, "joined"), (user.pk, "accepted")]


def test_it_is_sent_from_the_team_page(cast, client_for, django_capture_on_commit_callbacks):
    client, url = client_for(cast.manager), reverse("accounts:invite", args=[cast.team.slug])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url, {"email": "Ada@Example.org", "roles": ["viewer"]}, follow=True)
    assert "The invitation is on its way to ada@example.org." in text(response)
    assert "the link works until" in text(response)
    assert mail.outbox[0].to == ["ada@example.org"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"email": "nobody", "roles": ["viewer"]}, "Enter a valid email address."),
        ({"email": "a@example.org"}, "This field is required."),
        ({"email": "a@example.org", "roles": ["administrator"]}, "Select a valid choice."),
        ({}, "This field is required."),
    ],
)
def test_what_cannot_be_sent(cast, client_for, sent, sentence):
    response = client_for(cast.manager).post(reverse("accounts:invite", args=[cast.team.slug]), sent)
    assert (response.status_code, sentence in text(response)) == (422, True)
    assert not Invitation.objects.exists()


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(cast, client_for):
    client, url = client_for(cast.manager), reverse("accounts:invite", args=[cast.team.slug])
    told = []
    for email in ("outsider@example.org", "nobody22@example.org"):
        page = text(client.post(url, {"email": email, "roles": ["viewer"]}, follow=True))
        told.append(re.search(r'id="messages".*?</div></div>', page, re.DOTALL).group().replace(email, "…"))
    assert told[0] == told[1]


def test_whoever_has_an_account_takes_it_signed_in(cast, client, send):
    page = text(client.get(send("outsider@example.org", ["designer"]), follow=True))
    assert "outsider@example.org has an account already. Sign in with it to accept." in page
    sign_in = {"login": "outsider@example.org", "password": PASSWORD, "next": JOIN}
    page = text(client.post(reverse("account_login"), sign_in, follow=True))
    assert "invites you to the team Civil registration, as designer." in page
    assert not Membership.objects.filter(user=cast.outsider, team=cast.team).exists()
    client.post(JOIN)
    assert teaming.roles_of(cast.outsider, cast.team) == {"designer"}
    assert teaming.roles_of(cast.outsider, cast.other_team) == {"designer", "manager"}


def test_a_password_cannot_be_set_for_an_account_there_is(cast, client, send):
    client.get(send("outsider@example.org"))
    assert client.post(JOIN, NEW).status_code == 200
    cast.outsider.refresh_from_db()
    assert cast.outsider.check_password(PASSWORD)
    assert Invitation.objects.get().accepted_at is None


def test_under_another_address_nothing_can_be_taken(cast, client_for, send):
    client = client_for(cast.outsider)
    page = text(client.get(send(), follow=True))
    assert "This invitation is for ada@example.org; you are signed in as outsider@example.org." in page
    assert client.post(JOIN).status_code == 403
    assert not Membership.objects.filter(user=cast.outsider, team=cast.team).exists()


def test_a_closed_account_does_not_come_back_by_invitation(cast, client, send):
    cast.outsider.is_active = False
    cast.outsider.save()
    assert "is closed" in text(client.get(send("outsider@example.org"), follow=True))
    with pytest.raises(NotAllowed):
        joining.accept(by=cast.outsider, invitation=Invitation.objects.get())


def test_a_link_works_once(client, client_for, send):
    path = send()
    client.get(path)
    client.post(JOIN, NEW)
    other = client_for()
    assert "has been accepted already" in text(other.get(path, follow=True))
    assert "has been accepted already" in text(other.post(JOIN, NEW))
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_a_link_works_for_seven_days(cast, client, send):
    path = send(at=timezone.now() - inviting.LASTS - timedelta(seconds=1))
    assert "works for seven days, and these are over" in text(client.get(path, follow=True))
    assert "and these are over" in text(client.post(JOIN, NEW))
    assert not User.objects.filter(email="ada@example.org").exists()
    with pytest.raises(joining.NoLonger) as refused:
        joining.accept(by=None, invitation=Invitation.objects.get(), name="Ada", password="x")
    assert (refused.value.status, refused.value.detail) == (410, {"state": "expired"})


def test_a_link_can_be_withdrawn(cast, client, client_for, send):
    path, found = send(), Invitation.objects.get()
    url = reverse("accounts:withdraw", args=[cast.team.slug, found.pk])
    page = text(client_for(cast.second_manager).post(url, follow=True))
    assert "The invitation of ada@example.org is withdrawn" in page
    assert "was withdrawn" in text(client.get(path, follow=True))
    assert "was withdrawn" in text(client.post(JOIN, NEW))


def test_what_was_accepted_is_not_withdrawn(cast, client_for, send):
    send()
    found = Invitation.objects.get()
    joining.accept(by=None, invitation=found, name="Ada", password="a-long-walk-home")
    url = reverse("accounts:withdraw", args=[cast.team.slug, found.pk])
    assert client_for(cast.manager).post(url).status_code == 409


def test_a_newer_invitation_takes_the_place_of_the_earlier(client, client_for, send):
    earlier, later = send(roles=["viewer"]), send(roles=["designer"])
    assert "a newer one has taken its place" in text(client.get(earlier, follow=True))
    assert "as designer." in text(client_for().get(later, follow=True))


def test_who_may_no_longer_invite_has_invited_nobody(cast, client, send):
    path = send()
    Membership.objects.filter(user=cast.manager).delete()
    assert "This link no longer works" in text(client.get(path, follow=True))


def test_a_link_that_nobody_sent(db, client):
    page = text(client.get(reverse("accounts:join_with", args=["guessed"]), follow=True))
    assert "No invitation belongs to it." in page
    assert client.session.get("invitation") is None


def test_a_broken_link_does_not_lose_the_one_followed_before(client, send):
    path = send()
    client.get(path)
    page = text(client.get(f"{path[:-5]}/", follow=True))
    assert "invites you to the team Civil registration" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "This field is required."),
        ({"password": "short", "again": "short"}, "This password is too short."),
        ({"password": "ada@example.org", "again": "ada@example.org"}, "too similar to the e-mail"),
        ({"again": "another-long-walk"}, "The two passwords differ."),
    ],
)
def test_what_is_wrong_is_said_and_the_name_kept(client, send, changed, sentence):
    client.get(send())
    response = client.post(JOIN, NEW | changed)
    assert (response.status_code, sentence in text(response)) == (422, True)
    assert "name" in changed or 'value="Ada Byron"' in text(response)
    assert not User.objects.filter(email="ada@example.org").exists()


def test_somebody_comes_in_without_a_team(cast, client, client_for, django_capture_on_commit_callbacks):
    admin, url = client_for(cast.administrator), reverse("accounts:invite_person")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url, {"email": "ada@example.org", "roles": ["auditor"]})
    assert "Administrator invites you, as auditor of all teams." in text(client.get(link(), follow=True))
    client.post(JOIN, NEW)
    assert User.objects.get(email="ada@example.org").site_roles == {"auditor"}


def test_a_manager_cannot_offer_a_role_on_the_site(cast):
    with pytest.raises(NotAllowed):
        inviting.invite(by=cast.manager, team=None, email="ada@example.org", roles=["administrator"])
    with pytest.raises(NotAllowed):
        inviting.invite(by=cast.manager, team=cast.other_team, email="ada@example.org", roles=["viewer"])
    with pytest.raises(Refusal, match="at least one role"):
        inviting.invite(by=cast.manager, team=cast.team, email="ada@example.org", roles=[])


def test_the_invitation_of_another_team_is_not_withdrawn_through_ours(cast, client_for):
    theirs = inviting.invite(by=cast.outsider, team=cast.other_team, email="ada@example.org", roles=["viewer"])
    client = client_for(cast.manager)
    assert client.post(reverse("accounts:withdraw", args=[cast.team.slug, theirs.pk])).status_code == 404
    admin = client_for(cast.administrator)
    assert admin.post(reverse("accounts:withdraw_person", args=[theirs.pk])).status_code == 404


def test_the_token_is_neither_stored_nor_logged(client, send, caplog):
    caplog.set_level(logging.DEBUG)
    path = send()
    token = path.strip("/").split("/")[-1]
    client.get(path, follow=True)
    client.post(JOIN, {})
    row = Invitation.objects.values().get()
    assert token not in f"{row}{list(TrailEntry.objects.values())}{dict(client.session)}{caplog.text}"
    assert row["token_hash"] == inviting.hashed(token)


def test_too_many_tries_are_slowed_down(client, send):
    client.get(send())
    statuses = [client.post(JOIN, {}).status_code for _try in range(31)]
    assert (set(statuses[:30]), statuses[30]) == ({422}, 429)


def test_too_many_invitations_are_slowed_down(cast, client_for):
    client, url = client_for(cast.manager), reverse("accounts:invite", args=[cast.team.slug])
    sent = {"email": "ada@example.org", "roles": ["viewer"]}
    statuses = [client.post(url, sent).status_code for _try in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({302}, 429)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_account(cast):
    found = inviting.invite(by=cast.manager, team=cast.team, email="ada@example.org", roles=[Role.VIEWER])

    def take(name) -> object:
        invitation = Invitation.objects.get(pk=found.pk)
        return joining.accept(by=None, invitation=invitation, name=name, password="a-long-walk-home")

    told = crowd(take, ["Ada", "Eve"])
    assert sorted(isinstance(one, joining.NoLonger | Conflict) for one in told) == [False, True]
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_nobody_invites_themselves(cast, client_for):
    own = {"email": cast.administrator.email.upper(), "roles": ["manager"]}
    response = client_for(cast.administrator).post(reverse("accounts:invite", args=[cast.team.slug]), own)
    assert response.status_code == 422
    assert "Nobody changes their own roles" in text(response)
    assert cast.administrator.email in response.content.decode(), (
        "what was typed stands there, with the reason beside it"
    )
    assert 'id="id_email_error"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_nor_takes_what_they_have_sent(cast, send):
    """The address of an account may have changed since."""
    send(email="elsewhere@example.org", roles=["designer"])
    cast.manager.email = "elsewhere@example.org"
    cast.manager.save()
    with pytest.raises(NotAllowed, match="Nobody changes their own roles"):
        joining.accept(by=cast.manager, invitation=Invitation.objects.get())
    assert teaming.roles_of(cast.manager, cast.team) == {"manager"}


def test_an_older_link_does_not_bring_back_what_was_taken_away(cast, send):
    send(email=cast.viewer.email, roles=["manager"])
    teaming.set_roles(by=cast.manager, team=cast.team, person=cast.viewer, roles=[], seen=["viewer"])
    with pytest.raises(joining.NoLonger):
        joining.accept(by=cast.viewer, invitation=Invitation.objects.get())
    assert teaming.roles_of(cast.viewer, cast.team) == set()


def test_nor_a_role_on_the_site(cast):
    for who in (cast.editor, cast.auditor):
        inviting.invite(by=cast.administrator, team=None, email=who.email, roles=["administrator"])
    told = {"by": cast.administrator, "person": cast.editor}
    appointing.set_roles(**told, roles=[], seen=["editor"])
    assert [one.email for one in Invitation.objects.filter(withdrawn_at=None)] == [cast.auditor.email]
