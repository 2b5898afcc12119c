"""F19, F20: far too much at once is refused unread; slow clients hold up nobody behind a buffering proxy."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.faults.places import Place, open_place
from tests.integration.shop import children

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def place():
    with open_place("postgresql") as opened:
        yield opened


def memory(place: Place) -> int:
    """Bytes that the web processes have resident."""
    pids = children(place.gunicorn())
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


class Buffering(socketserver.ThreadingTCPServer):
    """A proxy as should stand in front: it reads a request to its end before it troubles the web server."""

    daemon_threads = True
    behind = 0


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            request = self.request_line_and_headers()
            if not request:  # it hung up before it had said all
                return
            with socket.create_connection(("127.0.0.1", self.server.behind)) as web:
                web.sendall(request + b"Connection: close\r\n\r\n")
                while part := web.recv(65536):
                    self.wfile.write(part)

    def request_line_and_headers(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b"\r\n":
                return b"".join(lines)
            lines.append(line)
        return b""


@contextlib.contextmanager
def proxy(behind: int) -> Iterator[int]:
    with Buffering(("127.0.0.1", 0), Conversation) as server:
        server.behind = behind
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_slow_clients_hold_up_nobody_behind_a_proxy(place, measured):
    person, slow = place.person(), []
    head = "\r\n".join(f"{name}: {value}" for name, value in person.headers.items())
    asks = f"GET /services/{place.slugs[0]}/ HTTP/1.1\r\n{head}\r\n".encode()
    with proxy(place.installation.port) as port, contextlib.ExitStack() as stack:
        for _client in range(50):
            slow.append(stack.enter_context(socket.create_connection(("127.0.0.1", port))))
        worst = 0.0
        for turn in range(20):
            for client in slow:
                client.sendall(asks[turn : turn + 1])
            began = time.monotonic()
            with socket.create_connection(("127.0.0.1", port), timeout=20) as quick:
                quick.sendall(asks + b"\r\n")
                assert quick.recv(4096).split(b" ")[1] == b"200"
            worst = max(worst, time.monotonic() - began)
    servers.wait_until(place.answers, "the pages answer")
    measured("with fifty slow clients, somebody else's page", worst, 1.5)
