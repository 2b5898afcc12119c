"""P11: requests a second over HTTP, product and floor served by gunicorn alike. Printed, never a gate."""

import http.client
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.rounds import Player
from tests import servers

CONNECTIONS = (1, 16, 64)
SECONDS = 4.0
APPLICATIONS = {"product": "launchkit.wsgi:application", "floor": "bench.floor.wsgi:application"}
TURNS = ("page60", "list")


class Web(servers.Server):
    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "8", "--worker-class", "gthread"]
        program = Path(sys.executable).with_name("gunicorn")
        log = folder / f"{name}.log"
        super().__init__(program, *options, APPLICATIONS[name], log=log, environment=dict(environment))

    def answers(self) -> bool:
        try:
            return ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=2), "/", "") < 500
        except OSError:
            return False


def ask(connection: http.client.HTTPConnection, path: str, cookie: str) -> int:
    connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
    response = connection.getresponse()
    response.read()
    return response.status


def measure(engine: str, folder: Path, environments: Mapping[str, Mapping[str, str]]) -> None:
    print(f"\n{engine}, over HTTP: requests a second at {', '.join(map(str, CONNECTIONS))} connections; printed only")
    with ExitStack() as stack:
        for name in APPLICATIONS:
            web = stack.enter_context(Web(name, folder, environments[name]))
            with Player(name, environments[name]) as player:
                addresses = {turn: player.ask("address", turn=turn) for turn in TURNS}
            for turn, (path, cookie) in addresses.items():
                told = "  ".join(f"{rate(web.port, path, cookie, number):7.1f}" for number in CONNECTIONS)
                print(f"  {name:<8}{turn:<8}{told}", flush=True)


def rate(port: int, path: str, cookie: str, connections: int) -> float:
    """Requests a second, all with status 200. ValueError for any other."""
    done, other, end = [0] * connections, [], time.monotonic() + SECONDS

    def visit(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            if (status := ask(connection, path, cookie)) != 200:
                other.append(status)
                return
            done[place] += 1

    began = time.monotonic()
    threads = [threading.Thread(target=visit, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if other:
        raise ValueError(f"{path} answered {other[0]}")
    return sum(done) / (time.monotonic() - began)
