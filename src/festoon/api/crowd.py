"""One caller may not fill the house: requests of one key that are under way are counted, and too many turned away."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar.types import ASGIApp, Receive, Send

from festoon.api.bare import Bare
from festoon.api.header import header
from festoon.base.words import Words
from festoon.records.refusal import Refusal

MOST = 512
"""Requests of one key under way in one process."""


class Crowd:
    """Wraps the application; the request that is one too many gets 429 and may be sent again at once."""

    def __init__(self, app: ASGIApp, most: int = MOST) -> None:
        self._app = app
        self._most = most
        self._under_way: Counter[bytes] = Counter()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Count in, pass on, count out."""
        caller = header(scope, b"authorization")
        if scope["type"] == "http" and self._under_way[caller] >= self._most:
            words = Words(en="This key has too many requests under way.", zh="此密钥的并发请求过多。")
            await Bare.of(Refusal("too_many_requests", words, field="Authorization", status=429)).send(send)
            return
        self._under_way[caller] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way[caller] -= 1
            if not self._under_way[caller]:
                del self._under_way[caller]
