"""Every URL name x eight actors x methods against the declared policy."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import access
from accounts.acts import Act
from accounts.models import TrailEntry
from tests.architecture.policy import ACCOUNT, ON_A_SERVICE, POLICY, PUBLIC

ACTORS = ["anonymous", "outsider", "viewer", "designer", "manager", "auditor", "editor", "administrator"]
METHODS = ["GET", "PUT", "DELETE", "POST"]  # what may change something comes last, and then a new sign-in
NOT_BROKEN = set(range(200, 500))


def declared_names(patterns=None, prefix="") -> set[str]:
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            found |= declared_names(pattern.url_patterns, prefix + space)
        elif isinstance(pattern, URLPattern):
            found.add(prefix + (pattern.name or str(pattern.pattern)))
    return found


def test_every_url_declares_its_policy():
    assert declared_names() == set(POLICY)


@pytest.fixture
def address(furnished):
    def of(name: str) -> str:
        return reverse(name, kwargs=furnished.kwargs(name))

    return of


def expected(name: str, actor: str, method: str, cast) -> set[int] | None:
    """The statuses allowed; None where anything but a refusal by permission or a fault may come."""
    policy = POLICY[name]
    if name.startswith(("account_", "mfa_")) and (policy.needs == PUBLIC or actor != "anonymous"):
        return NOT_BROKEN  # allauth's own pages: it redirects who is signed in already, whatever the method
    if policy.needs == PUBLIC:
        return {405} if method not in policy.methods else None
    if actor == "anonymous":
        return {302}
    if policy.needs == ACCOUNT:
        return {405} if method not in policy.methods else None
    who = access.standing_of(getattr(cast, actor))
    if name in ON_A_SERVICE:
        return on_a_service(policy, who, method, cast)
    allowed = who.may_anywhere(policy.needs)
    if not allowed:
        return {403, 405} if method not in policy.methods else {403}
    return {405} if method not in policy.methods else None


def on_a_service(policy, who, method, cast) -> set[int] | None:
    if method not in policy.methods:
        return {403, 404, 405}
    if not who.may(Act.SEE, cast.team.pk):
        return {404}
    return None if who.may(policy.needs, cast.team.pk) else {403}


def read(response):
    """A file is closed when it has been read to its end."""
    if response.streaming:
        list(response.streaming_content)
    return response


def faults(name: str, method: str, response, allowed: set[int] | None) -> list[str]:
    """What is wrong with an answer, in words; nothing when it is as declared."""
    told = f"{method} {name}: {response.status_code}"
    if allowed is None:
        return [told] if response.status_code in {403, 405, 500, 503} else []
    if response.status_code not in allowed:
        return [f"{told}, not {allowed}"]
    if allowed == {302} and not response.url.startswith(reverse("account_login")):
        return [f"{told} to {response.url}"]
    return []


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_who_may_do_what(actor, address, cast, client_for):
    wrong = []
    for name in sorted(POLICY):
        client = client_for(None if actor == "anonymous" else getattr(cast, actor))
        there = address(name)
        for method in METHODS:
            response = read(client.generic(method, there))
            wrong += faults(name, method, response, expected(name, actor, method, cast))
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_reading_changes_nothing(address, cast, client_for):
    client = client_for(cast.designer)
    before = TrailEntry.objects.count()
    for name in sorted(name for name, policy in POLICY.items() if "GET" in policy.methods):
        read(client.get(address(name)))
    assert TrailEntry.objects.count() == before
