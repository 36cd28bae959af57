"""A mail server on this machine that really speaks SMTP: it takes letters, refuses them, or cuts them off."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Server(socketserver.ThreadingTCPServer):
    """What came in, by whom to; while it `refuses`, nothing does; while it `cuts`, it does and nobody is told."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.came: list[tuple[list[str], EmailMessage]] = []
        self.refuses = self.cuts = False


class _Talk(socketserver.StreamRequestHandler):
    """The few commands of RFC 5321 that a client needs."""

    server: Server

    def handle(self) -> None:
        to: list[str] = []
        self._say("220 here")
        for line in self.rfile:
            said = line.decode().strip()
            verb = said.split(":")[0].split()[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT":
                to.append(said.split("<")[1].split(">")[0])
                self._say("451 later" if self.server.refuses else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.came.append((to, self._letter()))
                to = []
                if self.server.cuts:
                    return
                self._say("250 taken")
            elif verb == "EHLO":
                self._say("250-here\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                self._say("235 welcome")
            else:
                self._say("250 ok")

    def _letter(self) -> EmailMessage:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Server]:
    """As long as the block runs."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
