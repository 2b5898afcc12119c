"""F19, F20: far too much at once is refused unread; slow clients hold up nobody behind a buffering proxy."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.families import children
from tests.faults.places import Place, open_place
from tests.faults.proxy import Nginx

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def place():
    with open_place("postgresql") as opened:
        yield opened


def memory(place: Place) -> int:
    """Bytes that the web processes have resident."""
    pids = children(place.main("web"))
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in pids)


def test_what_is_far_too_large_is_refused_unread(place, measured):
    person, slowest = place.person(), 0.0
    path = f"/services/{place.slugs[0]}/{place.stage}/{place.rules[0]}/answer/"
    assert person.ask("GET", f"/services/{place.slugs[0]}/").status == 200
    before = memory(place)
    for _turn in range(30):
        began = time.monotonic()
        head = "\r\n".join(f"{name}: {value}" for name, value in person.headers.items())
        with socket.create_connection(("127.0.0.1", place.installation.port), timeout=20) as raw:
            kind = "multipart/form-data; boundary=x"
            raw.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\nContent-Type: {kind}\r\n".encode())
            raw.sendall(f"Content-Length: {500 * MIB}\r\nConnection: close\r\n\r\n".encode())
            status = raw.recv(4096).split(b" ")[1]
        assert status == b"413"
        slowest = max(slowest, time.monotonic() - began)
    measured("500 MiB announced thirty times: refused (413)", slowest, 1)
    measured("and the web processes have grown by", max(memory(place) - before, 0) / MIB, 30, "MiB")


def dripping(proxy: Nginx, head: str, path: str) -> Iterator[tuple[ssl.SSLSocket, bytes]]:
    """Fifty clients and what each has to send: half drip a head, half the body of a form, a byte at a time."""
    for number in range(50):
        client, asks = proxy.connect(), f"GET /services/ HTTP/1.1\r\n{head}\r\n"
        if number % 2:
            begun = f"POST {path} HTTP/1.1\r\n{head}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            client.sendall(f"{begun}Content-Length: {MIB}\r\n\r\n".encode())
            asks = "note=" + "x" * 100
        yield client, asks.encode()


def test_slow_clients_hold_up_nobody_behind_a_proxy(place, measured):
    person = place.person()
    told = {name: value for name, value in person.headers.items() if not name.startswith("X-Forwarded")}
    head = "\r\n".join(f"{name}: {value}" for name, value in told.items())
    path = f"/services/{place.slugs[0]}/{place.stage}/{place.rules[0]}/answer/"
    asks = f"GET /services/{place.slugs[0]}/ HTTP/1.1\r\n{head}\r\nConnection: close\r\n\r\n".encode()
    folder = place.installation.folder / "nginx"
    with Nginx(folder, place.installation.port) as proxy, contextlib.ExitStack() as stack:
        with socket.create_connection(("127.0.0.1", proxy.plain), timeout=20) as unsafe:
            unsafe.sendall(asks)
            assert b"\r\nLocation: https://" in unsafe.recv(4096)
        slow = [(stack.enter_context(client), sends) for client, sends in dripping(proxy, head, path)]
        worst = 0.0
        for turn in range(20):
            for client, sends in slow:
                client.sendall(sends[turn : turn + 1])
            began = time.monotonic()
            with proxy.connect() as quick:
                quick.sendall(asks)
                assert quick.recv(4096).split(b" ")[1] == b"200"
            worst = max(worst, time.monotonic() - began)
    measured("with fifty slow clients before nginx, somebody else's page", worst, 1.5)
