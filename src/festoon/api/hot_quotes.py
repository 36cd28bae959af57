"""POST /v1/quotes on the server's loop: everything but buyer, wallet and accounts is in memory."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from litestar.concurrency import sync_to_thread

from festoon.api import plainly
from festoon.api.door import fresh
from festoon.api.hot import Route
from festoon.api.memory import Memory, Numbers
from festoon.api.quotes import SCOPE, QuoteAsked, at_once, requested
from festoon.api.together import Together
from festoon.api.ways import Way
from festoon.catalog import goods
from festoon.checkout import quotes
from festoon.checkout.facts.reading import NUMBERS
from festoon.offers.version import watch
from festoon.records.viewer import Viewer


class HotQuotes:
    """Answers quotes. Whether book and goods have moved is asked on the loop, once for all who wait for it; when they
    have, a thread reads them.

    `memory`: of a process that serves, told what is in it now.
    """

    def __init__(self, way: Way, memory: Memory | None = None) -> None:
        self._way, self._memory = way, memory
        self._together = Together(way)
        self._reading = asyncio.Lock()
        self._taken_last: Numbers | None = None

    def route(self) -> Route:
        """What stands before the endpoint."""
        return Route(SCOPE, plainly.read, self.answer)

    async def answer(self, data: QuoteAsked, by: Viewer) -> dict[str, Any]:
        """Price the basket."""
        request, moment = requested(data)
        if not quotes.at_hand(request.currency, by=by, now=moment):
            await self._take_to_hand(request.currency, by, moment)
        asked = quotes.ask(request, by=by, now=moment)
        found = await self._together.read(asked.question.wanted)
        return at_once(asked.answer(found) if asked.is_short_work else await sync_to_thread(asked.answer, found))

    async def _take_to_hand(self, currency: str, by: Viewer, moment: datetime) -> None:
        """See that goods and book are in memory: mostly that they have not moved is all there is to be seen."""
        async with self._reading:
            if quotes.at_hand(currency, by=by, now=moment):
                return
            asked_at = watch.clock()
            ((of_goods, of_book),) = await self._way.rows(NUMBERS, {})
            same = goods.looked(of_goods, moment), watch.looked(of_book, asked_at)
            if not all(same) or self._wants_apart() or not quotes.at_hand(currency, by=by, now=moment):
                await sync_to_thread(fresh(self._taken), currency, by=by, now=moment)

    def _taken(self, currency: str, *, by: Viewer, now: datetime) -> None:
        self._taken_last = quotes.take_to_hand(currency, by=by, now=now)
        if self._memory is not None:
            self._memory.holds(self._taken_last)

    def _wants_apart(self) -> bool:
        """Whether what was taken last waits to be set apart, and the process has rested."""
        return self._memory is not None and self._taken_last is not None and self._memory.wants(self._taken_last)
