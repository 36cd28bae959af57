"""One connection to /v1, kept open: what the town and the fault runner speak through."""

from __future__ import annotations

import http.client
import ipaddress
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE = 20.0
"""Seconds until an unanswered request counts as lost."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status and the JSON."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.status < 300

    @property
    def code(self) -> str:
        """Why not: the code of the refusal, empty when it went well."""
        return "" if self.ok else str(self.body["error"]["code"])


class Lost(Exception):
    """No answer came: done or not done, nobody here knows. Only the same request with the same key tells."""


class Wire:
    """Speaks JSON with one API key to one server on this machine; never to another machine."""

    def __init__(self, url: str, key: str) -> None:
        place = urlsplit(url)
        if not is_loopback(place.hostname or ""):
            raise ValueError(f"{url}: the town speaks to this machine only")
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=PATIENCE)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def get(self, path: str) -> Answer:
        """Read. Raises Lost."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any, *, key: str = "") -> Answer:
        """Ask for a verb; `key` makes it happen once however often it is asked. Raises Lost."""
        return self._ask("POST", path, body, {"Idempotency-Key": key} if key else {})

    def _ask(self, method: str, path: str, body: Any, more: dict[str, str]) -> Answer:
        said = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, path, said, self._headers | more)
            answer = self._connection.getresponse()
            content = answer.read()
            return Answer(answer.status, json.loads(content) if content else None)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection.close()
            raise Lost(f"{method} {path}: {error!r}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
