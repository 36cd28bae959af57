"""The thread that writes: whatever waits when the last commit is done is the next group, and whatever comes while its
first are written and fits to them. No timer.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connections

from festoon.base.words import Words
from festoon.ledger.store import group
from festoon.ledger.store.connection import Busy, Clash, Connection, Lost
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.joining import Fits, More, nobody
from festoon.ledger.store.notes import Notes
from festoon.ledger.store.plan import Outcome, Plan
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.records import Chain
from festoon.records.refusal import Refusal

GROUP = 512
ENOUGH = 16
ATTEMPTS = 5
Waiting = tuple[Plan, Promise[Any]]
log = logging.getLogger("festoon.store")
_UNAVAILABLE = Words(en="The database cannot be written just now; try again.", zh="数据库暂时无法写入，请重试。")


class Writer(threading.Thread):
    """One a process and database; has a connection, a chain of audit rows and a queue."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(name="festoon-store", daemon=True)
        self._settings = dict(settings)
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._notes = Notes()
        self._connection: Connection | None = None
        self._chain = Chain()
        self._late: list[Waiting] = []  # came for the group that was under way, and did not fit
        self._untold: deque[tuple[Waiting, Outcome]] = deque()
        self._ending = False

    def put(self, plan: Plan) -> Promise[Any]:
        """Let the plan wait for the next group. It can no longer be called off: who stops waiting stops nothing."""
        promise: Promise[Any] = Promise()
        self._queue.put((plan, promise))
        crash_point("plan.put")
        return promise

    def note(self, event: Mapping[str, Any]) -> None:
        """Let an event that changed nothing go out with the next group; a crash may lose it."""
        self._notes.put([event])

    def forget(self) -> None:
        """Begin a new chain of audit rows."""
        self._chain = Chain()

    def stop(self) -> None:
        """End after what waits now."""
        self._queue.put(None)
        self.join(timeout=30)

    def run(self) -> None:
        """Take groups until told to stop."""
        while waiting := self._next():
            self._answer(waiting)
        self._tell()
        self._let_go()

    def _next(self) -> list[Waiting]:
        """Who waits when those of the last group are told, at least one; nobody at the end.

        Where who is told asks anew at once, so many as are enough begin, and the others are told while those are written.
        """
        self._tell(ENOUGH if self._connection is not None and self._connection.apart else GROUP)
        waiting, self._late = self._late, []
        waiting += self._take(GROUP - len(waiting), wait=not waiting)
        return waiting

    def _answer(self, waiting: list[Waiting]) -> None:
        notes = self._notes.take()
        crash_point("group.taken")
        try:
            outcomes = self._commit([plan for plan, _ in waiting], notes, partial(self._more, waiting))
        except Exception:  # noqa: BLE001 a lost race, or one plan is more than the database takes: each by itself
            self._notes.put(notes)
            self._tell()
            for item in waiting:
                self._alone(item)
            return
        if not any(outcome.written for outcome in outcomes):
            self._notes.put(notes)
        crash_point("group.unanswered")
        self._tell()
        self._untold.extend(zip(waiting, outcomes, strict=True))

    def _more(self, waiting: list[Waiting], fits: Fits) -> list[Plan]:
        """Tell the others of the last group; who came meanwhile and fits is of this one."""
        self._tell()
        joined = []
        for item in self._take(GROUP - len(waiting)):
            if fits(item[0]):
                waiting.append(item)
                joined.append(item[0])
            else:
                self._late.append(item)
        return joined

    def _tell(self, enough: int = GROUP) -> None:
        """Tell those of the last group what they came to, until `enough` have come anew."""
        before = self._queue.qsize()
        while self._untold and self._queue.qsize() - before < enough:
            (plan, promise), outcome = self._untold.popleft()
            _keep(plan, promise, outcome.answer, outcome.error)
            crash_point("group.answering")

    def _take(self, most: int, *, wait: bool = False) -> list[Waiting]:
        """Up to so many of those who wait, in the order they came; with `wait` somebody, unless it is the end."""
        taken: list[Waiting] = []
        while len(taken) < most and not self._ending:
            try:
                item = self._queue.get(wait and not taken)
            except queue.Empty:
                break
            if item is None:
                self._ending = True
            else:
                taken.append(item)
        return taken

    def _alone(self, item: Waiting) -> None:
        """The group failed as a whole: do the plan by itself, again where that may help."""
        plan, promise = item
        error: BaseException = Lost()
        for _ in range(ATTEMPTS):
            try:
                outcome = self._commit([plan], ())[0]
                _keep(plan, promise, outcome.answer, outcome.error)
                return
            except Clash as clash:
                _keep(plan, promise, None, clash)
                return
            except (Busy, Lost) as busy:
                error = busy
            except Exception as fault:  # noqa: BLE001 a fault of ours: tell who waits, and live
                _keep(plan, promise, None, fault)
                return
        refusal = Refusal("unavailable", _UNAVAILABLE, status=503)
        refusal.__cause__ = error
        _keep(plan, promise, None, refusal)

    def _commit(self, plans: Sequence[Plan], notes: Sequence[Mapping[str, Any]], more: More = nobody) -> list[Outcome]:
        try:
            if self._connection is None:
                self._connection = connect(self._settings)
            return group.commit(self._connection, plans, notes, self._chain, more if self._connection.apart else nobody)
        except (Clash, Busy):
            raise
        except Exception:  # what state the connection is in is not known
            self._let_go()
            raise

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self.forget()  # whether the last row of the chain was committed is not known


def _keep(plan: Plan, promise: Promise[Any], answer: Any, error: BaseException | None) -> None:
    """Tell who waits. What a plan wants told beside it may fail: every later caller waits for this same thread."""
    if error is not None and plan.told is not None:
        try:
            plan.told(error)
        except Exception:
            log.exception("%s could not note its refusal", plan.verb)
    promise.keep(answer, error)


_writers: dict[tuple[Any, ...], Writer] = {}
_making = threading.Lock()


def _writer() -> Writer:
    settings = connections.settings["default"]
    place = (settings["ENGINE"], settings["NAME"], settings.get("HOST"), settings.get("PORT"))
    found = _writers.get(place)
    if found is None:
        with _making:
            if place not in _writers:
                _writers[place] = Writer(settings)
                _writers[place].start()
            found = _writers[place]
    return found


def submit(plan: Plan) -> Promise[Any]:
    """Hand a plan to the store. The promise is kept after the commit, or raises the refusal.

    Never inside a transaction of Django's: the group could wait for it, and it for the group.
    """
    if any(each.in_atomic_block for each in connections.all(initialized_only=True)):
        raise RuntimeError(f"{plan.verb} was called inside a transaction")
    return put(plan)


def put(plan: Plan) -> Promise[Any]:
    """The same from an event loop, where no transaction of Django's can be open."""
    return _writer().put(plan)


def note(event: Mapping[str, Any]) -> None:
    """Publish an event of something that changed nothing, such as a refused claim, with the next group."""
    _writer().note(event)


def forget() -> None:
    """Begin new chains of audit rows: for a process whose database was emptied under it."""
    for each in list(_writers.values()):
        each.forget()


def close() -> None:
    """End every writer of this process and its connection, after what waits is done."""
    while (ending := _taken()) is not None:
        ending.stop()  # not under the lock: what it answers may have a note to leave, and asks for a writer


def _taken() -> Writer | None:
    with _making:
        return _writers.popitem()[1] if _writers else None
