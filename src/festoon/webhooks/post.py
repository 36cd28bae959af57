"""One request to somebody else's server, with little trust: ten seconds once its name is found, 64 KB of answer, no redirects."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

from festoon.webhooks import address

SECONDS = 10.0
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, or 0 and why there was none."""

    status: int
    error: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return 200 <= self.status < 300


def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float = SECONDS) -> Answer:
    """Send the body, read how it was answered, close. Never raises for what the other side does."""
    ends = time.monotonic() + seconds
    try:
        parts = address.GUARD.read(url)
        connection = address.GUARD.connect(parts, seconds)
        with connection:
            if parts.scheme == "https":
                connection.settimeout(_left(ends))
                connection = ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            sent = {"Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close", **headers}
            lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
            connection.settimeout(_left(ends))
            connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
            return _answer(connection, ends)
    except address.Refused as refused:
        return Answer(0, f"refused: {refused}")
    except (OSError, ValueError) as error:
        return Answer(0, f"{type(error).__name__}: {error}"[:200])


def _answer(connection: socket.socket, ends: float) -> Answer:
    """The status line; the rest is read as far as it comes in time and fits, so that the other side may finish."""
    got = b""
    while len(got) < MOST and b"\r\n\r\n" not in got:
        connection.settimeout(_left(ends))
        more = connection.recv(8192)
        if not more:
            break
        got += more
    version, _, rest = got.partition(b"\r\n")[0].partition(b" ")
    status = rest[:3]
    if not version.startswith(b"HTTP/1.") or not status.isdigit():
        return Answer(0, "not an answer in HTTP")
    return Answer(int(status))


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left
