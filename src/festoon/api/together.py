"""Questions of one moment asked together: each costs the database's answer, not a round trip of its own.

Nobody waits for others to come: what was asked in one turn of the loop, or while as many groups as may be were under way,
is the next group.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from festoon.api.ways import Way
from festoon.checkout.facts import reading
from festoon.checkout.facts.reading import READ, Found, Wanted

AT_ONCE = 2
"""Groups under way: while the database works on one, the answers of the other are priced."""
MOST = 64
"""Questions of one group."""
Asked = tuple[Wanted, asyncio.Future[Found]]


class Together:
    """Reads what prices want to know; for the tasks of one loop."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._waiting: list[Asked] = []
        self._called = False
        self._under_way: set[asyncio.Task[None]] = set()

    async def read(self, wanted: Wanted) -> Found:
        """What was found. Raises what the database raised, for all of a group."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()
        self._waiting.append((wanted, answer))
        if not self._called and len(self._under_way) < AT_ONCE:
            self._called = True
            loop.call_soon(self._begin)
        return await answer

    def _begin(self) -> None:
        self._called = False
        while self._waiting and len(self._under_way) < AT_ONCE:
            task = asyncio.create_task(self._ask(self._next()))
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._begin()

    def _next(self) -> list[Asked]:
        """Those who wait behind the same wall as the first, in the order they came."""
        whose = self._waiting[0][0].whose
        group = [each for each in self._waiting if each[0].whose == whose][:MOST]
        self._waiting = [each for each in self._waiting if each not in group] if len(group) < len(self._waiting) else []
        return group

    async def _ask(self, group: Sequence[Asked]) -> None:
        wanted = [each for each, _ in group]
        answers = [answer for _, answer in group if not answer.done()]
        try:
            rows = await self._way.rows(READ, reading.values(wanted, self._way.vendor))
            found = reading.found(wanted, rows)
        except Exception as error:  # noqa: BLE001 whoever asked is told
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), each in zip(group, found, strict=True):
                if not answer.done():
                    answer.set_result(each)
        finally:
            for answer in answers:
                answer.cancel()  # of a group that was itself cancelled; nothing to one that has its answer
