"""The turns that the floor takes in a round: each does one request and says what is true of the answer."""

from django.contrib.auth.models import User
from django.test import Client

from bench.floor.models import Happened, Reply, Thing
from bench.turns import Form, Turn

STATES = ("not_met", "met")


def turns() -> dict[str, Turn]:
    client = Client()
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    thing = Thing.objects.get(reply__isnull=False, reply__entry__number="E1", reply__entry__part=60)
    reply = Reply.objects.filter(thing=thing).earliest("pk")
    return {
        "read": Turn(client, f"/{thing.pk}/", "</", 0),
        "tick": Tick(client, reply),
        "page60": Turn(client, f"/{thing.pk}/60/", 'class="entry"', 60),
        "page120": Turn(client, f"/{thing.pk}/120/", 'class="entry"', 120),
        "list": Turn(client, "/", 'class="thing"', 50),
    }


class Tick(Form):
    headers = {"HTTP_HX_REQUEST": "true"}

    def __init__(self, client: Client, reply: Reply) -> None:
        super().__init__(client, f"/{reply.thing_id}/tick/{reply.entry_id}/", 'class="entry"', 1)
        self.reply, self.seen = reply, reply.version

    def posted(self, seen: int) -> dict[str, object]:
        return {"state": STATES[seen % 2], "seen": seen}

    def changed(self) -> bool:
        """Is what was said the last time what is there now, with its history?"""
        self.reply.refresh_from_db()
        happened = Happened.objects.filter(thing=self.reply.thing_id).count()
        return self.reply.version == self.seen and happened == self.seen - 1
