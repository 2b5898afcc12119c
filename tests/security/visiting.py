"""A browser of each actor, and a request that leaves no trace: what it changes is taken back."""

from collections.abc import Callable
from http.cookies import SimpleCookie

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.cast import Cast
from tests.security import watching

ACTORS = ["anonymous", "outsider", "viewer", "designer", "manager", "auditor", "editor", "administrator"]


def browsers(cast: Cast, client_for: Callable[..., Client]) -> dict[str, Client]:
    """One sign-in for each actor; a server fault is an answer of 500, as in a browser."""
    people: dict[str, User | None] = {actor: getattr(cast, actor) for actor in ACTORS[1:]}
    clients = {actor: client_for(people.get(actor), raise_request_exception=False) for actor in ACTORS}
    for client in clients.values():
        client.signed_in = {name: morsel.value for name, morsel in client.cookies.items()}
    return clients


def ask(client: Client, send: Callable[[], HttpResponse]) -> tuple[HttpResponse, list[str]]:
    """The answer, read to its end (a file is then closed), and what it wrote; afterwards all is as before."""
    with transaction.atomic():
        response, written = kept(client, send)
        transaction.set_rollback(True)
    return response, written


def kept(client: Client, send: Callable[[], HttpResponse]) -> tuple[HttpResponse, list[str]]:
    """The same, and what it writes stays; the browser has its cookies of before."""
    with watching.writes() as written:
        response = send()
        if response.streaming:
            list(response.streaming_content)
    if {name: morsel.value for name, morsel in client.cookies.items()} != client.signed_in:
        client.cookies = SimpleCookie(client.signed_in)
    return response, written
