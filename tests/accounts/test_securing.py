"""The second step comes, is renamed and goes: with its trail, its recovery codes, and a mail to the person."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from accounts import authenticators, securing
from accounts.models import TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from tests.accounts.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "JBSWY3DPEHPK3PXP"


def trail() -> list[tuple]:
    return list(TrailEntry.objects.values_list("who__name", "verb", "before", "after"))


@pytest.mark.usefixtures("nothing_published")
def test_an_app_brings_recovery_codes_a_trail_and_a_mail(cast):
    securing.add_app(by=cast.designer, secret=SECRET)
    step = authenticators.of(cast.designer)
    assert (bool(step), bool(step.app), step.codes_left) == (True, True, 10)
    assert trail() == [("Designer", "second_step_added", None, {"kind": "totp"})]
    [letter] = mail.outbox
    assert letter.to == [cast.designer.email]
    assert "An authenticator app was set up for your account." in letter.body


def test_the_secret_is_not_in_the_database(cast):
    securing.add_app(by=cast.designer, secret=SECRET)
    assert SECRET not in str(list(Authenticator.objects.values()))


def test_two_tabs_set_up_one_app(cast):
    told = crowd(lambda secret: securing.add_app(by=cast.designer, secret=secret), [SECRET, SECRET[::-1]])
    assert sorted(type(one) for one in told if not isinstance(one, Authenticator)) == [Conflict]
    assert Authenticator.objects.filter(type=authenticators.APP).count() == 1


def test_a_further_way_leaves_the_codes_as_they_are(cast):
    securing.add_app(by=cast.designer, secret=SECRET)
    codes = authenticators.of(cast.designer).codes
    securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    step = authenticators.of(cast.designer)
    assert (step.codes, [one.name for one in step]) == (codes, ["Authenticator app", "Laptop"])


@pytest.mark.usefixtures("nothing_published")
def test_a_passkey_is_renamed_once(cast):
    made = securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    for _ in range(2):
        securing.rename_passkey(by=cast.designer, pk=made.pk, name="Old laptop")
    assert trail()[1:] == [("Designer", "passkey_renamed", {"name": "Laptop"}, {"name": "Old laptop"})]


@pytest.mark.usefixtures("nothing_published")
def test_the_last_way_takes_the_codes_along(cast):
    app = securing.add_app(by=cast.designer, secret=SECRET)
    key = securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    assert securing.remove(by=cast.designer, pk=app.pk).codes_left == 10
    assert not securing.remove(by=cast.designer, pk=key.pk)
    assert Authenticator.objects.count() == 0
    assert not securing.remove(by=cast.designer, pk=key.pk)
    assert [entry[1:3] for entry in trail()[2:]] == [
        ("second_step_removed", {"kind": "totp"}),
        ("second_step_removed", {"kind": "webauthn", "name": "Laptop"}),
    ]


def test_nobody_touches_what_is_somebody_elses(cast):
    made = securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    securing.remove(by=cast.manager, pk=made.pk)
    with pytest.raises(Refusal):
        securing.rename_passkey(by=cast.manager, pk=made.pk, name="Mine")
    assert [one.name for one in authenticators.of(cast.designer)] == ["Laptop"]


def test_new_codes_void_the_former_ones(cast):
    securing.add_app(by=cast.designer, secret=SECRET)
    former = authenticators.of(cast.designer).codes
    codes = securing.renew_codes(by=cast.designer)
    assert (len(codes), set(codes) & set(former)) == (10, set())
    assert trail()[-1][1] == "recovery_codes_renewed"


def test_codes_come_with_a_second_step_only(cast):
    with pytest.raises(Refusal):
        securing.renew_codes(by=cast.designer)
    assert Authenticator.objects.count() == 0


@pytest.mark.usefixtures("nothing_published")
def test_an_administrator_helps_who_lost_everything(cast):
    securing.add_app(by=cast.designer, secret=SECRET)
    securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    for _ in range(2):
        securing.remove_all(by=cast.administrator, person=cast.designer)
    assert Authenticator.objects.count() == 0
    assert [entry[:2] for entry in trail()[2:]] == [("Administrator", "second_step_removed")] * 2
    assert [letter.to for letter in mail.outbox] == [[cast.designer.email]] * 3


@pytest.mark.parametrize("who", ["manager", "auditor", "designer"])
def test_nobody_else_does(cast, who):
    securing.add_app(by=cast.viewer, secret=SECRET)
    with pytest.raises(NotAllowed):
        securing.remove_all(by=getattr(cast, who), person=cast.viewer)
    assert authenticators.of(cast.viewer)


def test_an_administrator_uses_the_profile_for_their_own(cast):
    securing.add_app(by=cast.administrator, secret=SECRET)
    with pytest.raises(NotAllowed):
        securing.remove_all(by=cast.administrator, person=cast.administrator)
