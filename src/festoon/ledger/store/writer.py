"""The thread that writes: whatever waits when the last commit is done is the next group. No timer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections

from festoon.base.words import Words
from festoon.ledger.store import group
from festoon.ledger.store.connection import Busy, Clash, Connection, Lost
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.notes import Notes
from festoon.ledger.store.plan import Outcome, Plan
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.records import Chain
from festoon.records.refusal import Refusal

GROUP = 512
ATTEMPTS = 5
Waiting = tuple[Plan, Promise[Any]]
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
        while (first := self._queue.get()) is not None:
            waiting = [first, *_drain(self._queue, GROUP - 1)]
            self._answer([item for item in waiting if item is not None])
            if None in waiting:
                break
        self._let_go()

    def _answer(self, waiting: Sequence[Waiting]) -> None:
        notes = self._notes.take()
        crash_point("group.taken")
        try:
            outcomes = self._commit([plan for plan, _ in waiting], notes)
        except Exception:  # noqa: BLE001 a lost race, or one plan is more than the database takes: each by itself
            self._notes.put(notes)
            for item in waiting:
                self._alone(item)
            return
        if not any(outcome.written for outcome in outcomes):
            self._notes.put(notes)
        crash_point("group.unanswered")
        for (plan, promise), outcome in zip(waiting, outcomes, strict=True):
            _tell(plan, promise, outcome.answer, outcome.error)
            crash_point("group.answering")

    def _alone(self, item: Waiting) -> None:
        """The group failed as a whole: do the plan by itself, again where that may help."""
        plan, promise = item
        error: BaseException = Lost()
        for _ in range(ATTEMPTS):
            try:
                outcome = self._commit([plan], ())[0]
                _tell(plan, promise, outcome.answer, outcome.error)
                return
            except Clash as clash:
                _tell(plan, promise, None, clash)
                return
            except (Busy, Lost) as busy:
                error = busy
            except Exception as fault:  # noqa: BLE001 a fault of ours: tell who waits, and live
                _tell(plan, promise, None, fault)
                return
        refusal = Refusal("unavailable", _UNAVAILABLE, status=503)
        refusal.__cause__ = error
        _tell(plan, promise, None, refusal)

    def _commit(self, plans: Sequence[Plan], notes: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        try:
            if self._connection is None:
                self._connection = connect(self._settings)
            return group.commit(self._connection, plans, notes, self._chain)
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


def _drain(waiting: queue.SimpleQueue[Any], limit: int) -> list[Any]:
    taken: list[Any] = []
    while len(taken) < limit:
        try:
            taken.append(waiting.get_nowait())
        except queue.Empty:
            break
    return taken


def _tell(plan: Plan, promise: Promise[Any], answer: Any, error: BaseException | None) -> None:
    if error is not None and plan.told is not None:
        plan.told(error)
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
