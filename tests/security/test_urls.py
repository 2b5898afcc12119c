"""Every URL name x eight actors x methods against the declared policy: who is let in, what is written, what guards it.

One service stands behind all of it, and one sign-in for each actor: what a request changes is taken back at once.
"""

from functools import cache, partial

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import access
from accounts.acts import Act
from tests.architecture.policy import ACCOUNT, ON_A_SERVICE, POLICY, PUBLIC
from tests.security import bodies, guarding, visiting
from tests.security.furnishing import CONVERTERS

METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST"]
NOT_BROKEN = set(range(200, 500))
REFUSED = {403, 404, 405}
# Those allowed by their role whom something else does not belong to, or who come without what the address asks for.
NOT_THEIRS = {
    "accounts:open_notice": "another's notice",
    "accounts:read_notice": "another's notice",
}
FEWEST_CELLS = 5000


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


standing_of = cache(access.standing_of)  # nobody's changes while this goes on


def expected(name: str, actor: str, method: str, cast) -> set[int] | None:
    """The statuses allowed; None where anything but a refusal by permission or a fault may come."""
    policy = POLICY[name]
    method = "GET" if method == "HEAD" else method
    if name.startswith(("account_", "mfa_")) and (policy.needs == PUBLIC or actor != "anonymous"):
        return NOT_BROKEN  # allauth's own pages: it redirects who is signed in already, whatever the method
    if policy.needs == PUBLIC:
        return {405} if method not in policy.methods else None
    if actor == "anonymous":
        return {302}
    if policy.needs == ACCOUNT:
        return {405} if method not in policy.methods else None
    who = standing_of(getattr(cast, actor))
    if name in ON_A_SERVICE:
        return on_a_service(policy, who, method, cast)
    allowed = policy.needs in who.site_acts or any(who.may(policy.needs, team) for team in who.roles)
    if not allowed:
        return {403, 405} if method not in policy.methods else {403}
    return {405} if method not in policy.methods else None


def on_a_service(policy, who, method, cast) -> set[int] | None:
    if method not in policy.methods:
        return {403, 404, 405}
    if not who.may(Act.SEE, cast.team.pk):
        return {404}
    return None if who.may(policy.needs, cast.team.pk) else {403}


def faults(name: str, actor: str, method: str, response, written: list[str], allowed: set[int] | None) -> list[str]:
    """What is wrong with an answer, in words; nothing when it is as declared."""
    told = f"{actor}: {method} {name}: {response.status_code}"
    found = [f"{told} {missing}" for missing in guarding.missing(response.headers)]
    if allowed is None and response.status_code in {403, 404, 405, 500, 503} - ({404} if name in NOT_THEIRS else set()):
        found.append(told)
    if allowed is not None and response.status_code not in allowed:
        found.append(f"{told}, not {allowed}")
    if allowed == {302} and not response.url.startswith(reverse("account_login")):
        found.append(f"{told} to {response.url}")
    if written and (method != "POST" or response.status_code in REFUSED):
        found.append(f"{told} writes: {', '.join(written)}")
    return found


@pytest.mark.parametrize("actor", ["manager", "administrator"])
def test_before_anything_is_published_no_page_breaks(nothing_published, cast, client_for, actor):
    browser = client_for(getattr(cast, actor))
    pages = [name for name, policy in POLICY.items() if "GET" in policy.methods and not CONVERTERS[name]]
    statuses = {name: browser.get(reverse(name)).status_code for name in pages}
    assert {name: status for name, status in statuses.items() if status not in {200, 302, 403, 404, 405}} == {}
    assert list(statuses.values()).count(200) > 10


@pytest.mark.any_engine
@pytest.mark.django_db
def test_who_may_do_what_and_what_it_writes(furnished, cast, arrived):
    wrong, cells, writing, told = [], 0, set(), bodies.sound(furnished, cast)
    for name in sorted(POLICY):
        address = reverse(name, kwargs=furnished.kwargs(name))
        for actor, browser in arrived.items():
            for method in METHODS:
                send = partial(browser.generic, method, address)
                if method == "POST":
                    send = partial(browser.post, address, told.get(name, {}))
                response, written = visiting.ask(browser, send)
                wrong += faults(name, actor, method, response, written, expected(name, actor, method, cast))
                cells += 1
                writing |= {name} if written else set()
    assert not wrong, "\n".join(wrong)
    assert cells >= FEWEST_CELLS
    assert {name for name, policy in POLICY.items() if "POST" in policy.methods} - writing == set(bodies.QUIET)
