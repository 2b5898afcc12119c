"""A player: one process with one Django, which takes the turns that it is told and answers each with a line of JSON.

Usage: python -m bench.play product|floor. Requests on standard input: {"do": …, …}.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

import django

SETTINGS = {"product": "launchkit.settings", "floor": "bench.floor.settings"}


class Player:
    def __init__(self, name: str) -> None:
        self.turns = import_module(f"bench.{name}.turns").turns()

    def take(self, turn: str) -> float:
        return self.turns[turn].take()

    def check(self, turn: str) -> dict[str, Any]:
        return self.turns[turn].check()

    def visit(self, turn: str) -> tuple[str, str, list[str]]:
        """For who comes over HTTP: where a turn goes, the session it goes with, and the forms it sends in turn."""
        one = self.turns[turn]
        return one.address, one.client.cookies["sessionid"].value, one.forms()


def main(name: str) -> None:
    """Whatever goes wrong ends the process, with its traceback on standard error."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[name]
    django.setup()
    player = Player(name)
    if name == "product":
        import_module("launchkit.memory").settle()  # as its web server does
    for line in sys.stdin:
        asked = json.loads(line)
        answer = getattr(player, asked.pop("do"))(**asked)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
