"""A mail server on this machine, as small as one can be: takes mail, refuses it, or says nothing at all."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class Sink(socketserver.ThreadingTCPServer):
    """`hangs_at` names the command after which it keeps silent; `refuses` maps an address to its answer.

    `broken` makes it hang up in the middle of the next mails, so many times.
    """

    daemon_threads = False  # the end waits for every conversation: one that never ended would slow all other tests
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[EmailMessage] = []
        self.hangs_at = ""
        self.refuses: dict[str, str] = {}
        self.broken = 0
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.says("220 sink", "connect")
        for line in self.rfile:
            word = line.split(b":")[0].split()[0].upper().decode()
            if word == "QUIT":
                return self.says("221 bye", word)
            if word == "DATA" and self.server.broken:
                self.server.broken -= 1
                return  # and with it ends the connection
            self.answer(word, line)

    def answer(self, word: str, line: bytes) -> None:
        if word == "RCPT":
            address = line.partition(b"<")[2].partition(b">")[0].decode()
            self.says(self.server.refuses.get(address, "250 ok"), word)
        elif word == "DATA":
            self.says("354 go on", "DATA")
            self.take()
        else:
            self.says("250 ok", word)

    def take(self) -> None:
        """Until the line with the full stop; a sender that hangs up before has sent no mail."""
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                self.server.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                return self.says("250 taken", "taken")
            lines.append(line)

    def says(self, words: str, at: str) -> None:
        if self.server.hangs_at == at:
            self.server.over.wait(30)
            return
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def listening() -> Iterator[Sink]:
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sink
        finally:
            sink.over.set()
            sink.shutdown()
            thread.join()
