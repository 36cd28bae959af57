"""A receiver of our own on this machine: keeps what it was sent, answers as it is told, counts who connected."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from festoon.webhooks import address

OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


class Receiver:
    """Listens on loopback; `answers` is what it says, one after another, the last for ever (a callable: does it)."""

    def __init__(self, *answers: Any, host: str = "127.0.0.1") -> None:
        self.answers = list(answers) or [OK]
        self.got: list[tuple[dict[str, str], str]] = []
        self.times: list[float] = []
        self.connections = 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family, backlog=256)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                got = b""
                while b"\r\n\r\n" not in got:
                    got += connection.recv(65536) or b"\r\n\r\n"
                head, _, body = got.partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ": " in line)
                headers = {name.lower(): value.strip() for name, value in headers.items()}
                while len(body) < int(headers.get("content-length", 0)):
                    body += connection.recv(65536)
                self.got.append((headers, body.decode()))
                self.times.append(time.monotonic())
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                answer(connection) if callable(answer) else connection.sendall(answer)
            except (OSError, ValueError):  # whoever is there speaks no HTTP, or has hung up
                pass


def status(code: int) -> bytes:
    return f"HTTP/1.1 {code} So\r\nContent-Length: 0\r\n\r\n".encode()


@contextmanager
def receiving(*answers: Any, host: str = "127.0.0.1"):
    made = Receiver(*answers, host=host)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another guard in the product's place: this machine is let through. There is no setting that does that."""
    other = replace(address.GUARD, schemes=("http", "https"), ports=(), allows=lambda ip: ip.is_loopback)
    monkeypatch.setattr(address, "GUARD", other)
