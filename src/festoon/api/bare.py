"""An answer sent without the framework: status, headers and body as the application itself sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.types import Send

from festoon.api.errors import answer_of
from festoon.ledger.store.crash import crash_point
from festoon.records.refusal import Refusal

_encode = msgspec.json.Encoder().encode


class Bare:
    """One answer."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.body = status, _encode(content)
        self.headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(self.body))]
        self.headers += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]

    @classmethod
    def of(cls, refusal: Refusal) -> Bare:
        """The refusal in the one form every error has."""
        told = answer_of(refusal)
        return cls(told.content, status=told.status_code or refusal.status, headers=told.headers)

    async def send(self, send: Send) -> None:
        """Say it."""
        crash_point("answer.ready")
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        crash_point("answer.half_sent")
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
