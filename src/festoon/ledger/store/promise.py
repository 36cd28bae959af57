"""What a caller is given for a plan: the answer that comes after the commit.

A hundred thousand are made in a minute, most of them heard by a callback and never waited for. So it has neither lock
nor condition of its own: adding to a list and taking from it are each one step, and whoever finds a callback takes it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from festoon.records.refusal import Refusal

T = TypeVar("T")
log = logging.getLogger("festoon.store")


class Promise(Generic[T]):
    """Kept once, by the store's thread, with an answer or an error; it cannot be called off."""

    __slots__ = ("_answer", "_callbacks", "_error", "_kept")

    def __init__(self) -> None:
        self._kept = False
        self._answer: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Promise[T]], object]] = []

    def done(self) -> bool:
        """Whether it was kept."""
        return self._kept

    def cancel(self) -> bool:
        """It cannot be called off: who stops waiting stops nothing."""
        return False

    def keep(self, answer: T | None, error: BaseException | None = None) -> None:
        """Tell everybody who waits. One refusal may answer many: with the traces of those before, none would be let go.

        A listener that fails is written down and keeps the answer from nobody else.
        """
        self._answer = answer
        self._error = error.with_traceback(None) if isinstance(error, Refusal) else error
        self._kept = True
        self._call()

    def add_done_callback(self, callback: Callable[[Promise[T]], object]) -> None:
        """Call it with this promise when it is kept: in the thread that keeps it, or at once."""
        self._callbacks.append(callback)
        if self._kept:
            self._call()

    def exception(self, timeout: int | None = None) -> BaseException | None:
        """The error, None where there is an answer; waits for it, TimeoutError after `timeout` seconds."""
        if not self._kept:
            gate = threading.Lock()
            gate.acquire()
            self.add_done_callback(lambda _: gate.release())
            if not gate.acquire(timeout=-1 if timeout is None else timeout):
                raise TimeoutError
        return self._error

    def result(self, timeout: int | None = None) -> T:
        """The answer, waited for; raises the error."""
        if (error := self.exception(timeout)) is not None:
            try:
                raise error
            finally:
                del error  # or the frame, the error and its trace would hold one another
        answer: T = self._answer
        return answer

    def _call(self) -> None:
        while self._callbacks:
            try:
                callback = self._callbacks.pop(0)
            except IndexError:  # the other thread had it
                return
            try:
                callback(self)
            except Exception:
                log.exception("a listener of an answer failed")


class Landing:
    """Where promises come down on an event loop: those that were kept together wake it once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._kept: deque[tuple[asyncio.Future[Any], Promise[Any]]] = deque()
        self._called = False

    def wait(self, promise: Promise[T]) -> asyncio.Future[T]:
        """A future of the loop for the promise."""
        future: asyncio.Future[T] = self._loop.create_future()

        def kept(done: Promise[T]) -> None:
            self._kept.append((future, done))
            if not self._called:
                self._called = True
                self._loop.call_soon_threadsafe(self._land)

        promise.add_done_callback(kept)
        return future

    def _land(self) -> None:
        self._called = False  # before the first is taken: whoever comes now calls again
        while self._kept:
            future, done = self._kept.popleft()
            if future.done():  # who asked has gone
                continue
            if (error := done.exception()) is None:
                future.set_result(done.result())
            else:
                future.set_exception(error)


_landing: Landing | None = None


def on_loop(promise: Promise[T]) -> asyncio.Future[T]:
    """The promise, to be awaited on the running loop."""
    global _landing
    loop = asyncio.get_running_loop()
    if _landing is None or _landing._loop is not loop:
        _landing = Landing(loop)
    return _landing.wait(promise)
