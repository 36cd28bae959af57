"""POST /v1/quotes on the server's loop: everything but buyer, wallet and accounts is in memory."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import msgspec
from litestar.concurrency import sync_to_thread

from festoon.api.door import fresh
from festoon.api.hot import Route
from festoon.api.memory import Memory
from festoon.api.quotes import SCOPE, QuoteAsked, at_once, requested
from festoon.api.ways import Way
from festoon.checkout import quotes
from festoon.checkout.facts.reading import READ
from festoon.records.viewer import Viewer


class HotQuotes:
    """Answers quotes; the book and the goods are read anew in a thread, once for all who wait for them.

    `memory`: of a process that serves, told what is in it now.
    """

    def __init__(self, way: Way, memory: Memory | None = None) -> None:
        self._way, self._memory = way, memory
        self._reading = asyncio.Lock()

    def route(self) -> Route:
        """What stands before the endpoint."""
        return Route(SCOPE, msgspec.json.Decoder(QuoteAsked), self.answer)

    async def answer(self, data: QuoteAsked, by: Viewer) -> dict[str, Any]:
        """Price the basket."""
        request, moment = requested(data)
        if not quotes.at_hand(request.currency, by=by, now=moment):
            await self._take_to_hand(request.currency, by, moment)
        asked = quotes.ask(request, by=by, now=moment)
        wanted = asked.question.wanted
        found = wanted.found(await self._way.row(READ, wanted.values(self._way.vendor)))
        return at_once(asked.answer(found) if asked.is_short_work else await sync_to_thread(asked.answer, found))

    async def _take_to_hand(self, currency: str, by: Viewer, moment: datetime) -> None:
        async with self._reading:
            if not quotes.at_hand(currency, by=by, now=moment):
                await sync_to_thread(fresh(self._taken), currency, by=by, now=moment)

    def _taken(self, currency: str, *, by: Viewer, now: datetime) -> None:
        numbers = quotes.take_to_hand(currency, by=by, now=now)
        if self._memory is not None:
            self._memory.holds(numbers)
