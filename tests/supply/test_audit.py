"""What is believed of an audit, with the real pip-audit and an advisory service of this very process."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from supply import audit, lock
from supply.lock import Pin
from tests.servers import free_port

PINS = [Pin("django", "5.2.1", ("a" * 64,), ("launchkit",)), Pin("segno", "1.6.6", ("b" * 64,), ("launchkit",))]
FAULT = {
    "id": "PYSEC-0000-1",
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


@pytest.fixture
def service():
    """Knows something of whatever is in `known`, nothing of the rest; remembers what it was asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append((asked["package"]["name"], asked["version"]))
            body = json.dumps({"vulns": [FAULT]} if asked["package"]["name"] in server.known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.asked, server.known = [], set()
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def options(port: int) -> list[str]:
    return ["--vulnerability-service", "osv", "--osv-url", f"http://127.0.0.1:{port}/v1/query"]


def test_every_pin_is_asked_about_and_counted(service, capsys):
    pins = lock.pins(lock.RUNTIME)
    assert audit.main(options(service.server_port)) == 0
    assert service.asked == [(pin.name, pin.version) for pin in pins]
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{len(pins)} of {len(pins)} locked packages audited, nothing known"


def test_what_is_known_fails_and_says_what_mends_it(service, capsys):
    service.known = {"django"}
    assert audit.main(options(service.server_port)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if "PYSEC-0000-1 (mended in 99.1)" in line] == ["django"]


def test_a_service_that_cannot_be_reached_is_no_good_news(capsys):
    assert audit.main(options(free_port())) == 2
    told = capsys.readouterr()
    assert told.err.startswith("The advisory service could not be asked: ")
    assert told.out.splitlines()[-1].startswith(f"0 of {len(lock.pins(lock.RUNTIME))} locked packages audited, FAILED")


def report(*dependencies: dict) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


DJANGO, SEGNO = ({"name": pin.name, "version": pin.version, "vulns": []} for pin in PINS)


@pytest.mark.parametrize(
    ("told", "audited", "code"),
    [
        (report(DJANGO, SEGNO), 2, 0),
        (report(DJANGO), 1, 2),
        (report(DJANGO, {"name": "segno", "skip_reason": "not found"}), 1, 2),
        (report(DJANGO, SEGNO | {"version": "1.6.5"}), 1, 2),
        (report(), 0, 2),
        ("", 0, 2),
        (report(DJANGO | {"vulns": [{"id": "X-1", "fix_versions": []}]}), 1, 1),
    ],
)
def test_only_a_whole_answer_is_believed(told, audited, code):
    found = audit.findings(PINS, told)
    assert (sum(not one.unasked for one in found), audit.verdict(found)) == (audited, code)


def test_an_empty_lock_is_no_clean_one():
    assert audit.verdict(audit.findings([], report())) == 2
