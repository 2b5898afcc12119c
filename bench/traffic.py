"""P11: requests a second over HTTP, product and floor served by gunicorn alike. Printed, never a gate."""

import http.client
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.rounds import Player
from tests import servers

CONNECTIONS = {"tick": (1,), "page60": (1, 16, 64), "list": (1, 16, 64)}  # of ticks each names the one before it
BURSTS, SECONDS = 3, 1.5
APPLICATIONS = {"product": "launchkit.wsgi:application", "floor": "bench.floor.wsgi:application"}
TOKEN = "a" * 32  # against forged forms: the same in the cookie and beside the form


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
            return Visitor(self.port, "/", "").visit() < 500
        except OSError:
            return False


class Visitor:
    """One connection that is kept, and goes to one address; with forms, it sends them one after the other."""

    def __init__(self, port: int, path: str, cookie: str, forms: Iterator[str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path, self.forms = path, forms
        self.headers = {"Cookie": f"sessionid={cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "HX-Request": "true"}
        self.headers |= {"Content-Type": "application/x-www-form-urlencoded"} if forms else {}

    def visit(self) -> int:
        if self.forms:
            self.connection.request("POST", self.path, next(self.forms), self.headers)
        else:
            self.connection.request("GET", self.path, headers={"Cookie": self.headers["Cookie"]})
        response = self.connection.getresponse()
        response.read()
        return response.status


def measure(engine: str, folder: Path, environments: Mapping[str, Mapping[str, str]]) -> None:
    """Product and floor in turn, a burst each, so that whatever disturbs one disturbs the other."""
    print(f"\n{engine}, over HTTP: requests a second by number of connections, and parts of the floor's; printed only")
    with ExitStack() as stack:
        webs = {name: stack.enter_context(Web(name, folder, environments[name])) for name in APPLICATIONS}
        players = {name: stack.enter_context(Player(name, environments[name])) for name in APPLICATIONS}
        for turn, connections in CONNECTIONS.items():
            goes = {name: _visitors(webs[name].port, player, turn) for name, player in players.items()}
            for number in connections:
                bursts = [{name: burst(going, number) for name, going in goes.items()} for _ in range(BURSTS)]
                rates = {name: median(one[name] for one in bursts) for name in goes}
                told = "  ".join(f"{name} {rate:7.1f}" for name, rate in rates.items())
                print(f"  {turn:<8}{number:>3}  {told}   {rates['product'] / rates['floor']:.2f}", flush=True)


def _visitors(port: int, player: Player, turn: str) -> Callable[[], Visitor]:
    path, cookie, forms = player.ask("visit", turn=turn)
    sent = iter(forms) if forms else None
    return lambda: Visitor(port, path, cookie, sent)


def burst(going: Callable[[], Visitor], connections: int) -> float:
    """Requests a second, all with status 200; it ends, and says so, at the first that has another."""
    done, other, end = [0] * connections, [], time.monotonic() + SECONDS

    def come(place: int) -> None:
        visitor = going()
        while time.monotonic() < end and not other:
            if (status := visitor.visit()) == 200:
                done[place] += 1
            else:
                other.append(f"{visitor.path} answered {status}")

    began = time.monotonic()
    threads = [threading.Thread(target=come, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if other:
        print(f"  {other[0]}: the burst was cut short")
    return sum(done) / (time.monotonic() - began)
