"""Statements sent one after another without waiting, by libpq's own calls: a cursor for each would cost more than its
statement. Every statement is prepared the first time.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Sequence

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer

from festoon.ledger.store.plan import Row

_READ, _EITHER = select.POLLIN, select.POLLIN | select.POLLOUT
_FINE = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}


class Waiting:
    """A statement that was sent; `result` when it was answered, `prepares` where it only prepares these words."""

    __slots__ = ("prepares", "result")

    def __init__(self, prepares: str = "") -> None:
        self.prepares = prepares
        self.result: pq.abc.PGresult | None = None


class Pipeline:
    """What is sent on the connection is done in order; after an error nothing is, until the next `settle`."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._pg = connection.pgconn
        self._transformer = Transformer(connection)
        self._known: dict[str, bytes] = {}
        self._sent: deque[Waiting] = deque()
        self._near = 0  # so many of the first of them are answered before the next settle
        self._unsettled = False
        self._poll = select.poll()
        self._poll.register(self._pg.socket, _READ)
        self._pg.enter_pipeline_mode()

    def send(self, words: str, parameters: Sequence[bytes | None]) -> Waiting:
        """Send one statement; what it answers comes with the next `settle`, at the latest when it is asked for."""
        self._unsettled = True
        name = self._known.get(words)
        if name is None:
            name = self._known[words] = b"s%d" % (len(self._known) + 1)
            self._pg.send_prepare(name, words.encode())
            self._sent.append(Waiting(words))
        self._pg.send_query_prepared(name, parameters)
        self._sent.append(waiting := Waiting())
        return waiting

    def push(self, *, answers: bool = False) -> None:
        """Let the server begin with what was sent, and do not wait for it; `answers`: it sends what it has by then."""
        if answers and self._sent:
            self._pg.send_flush_request()
            self._near = len(self._sent)
        self._pg.flush()

    def settle(self) -> None:
        """Wait until everything sent was done; raises psycopg's error of the first that was not."""
        if not self._unsettled:
            return
        self._unsettled = False
        self._pg.pipeline_sync()
        self._flush()
        wrong: psycopg.Error | None = None
        while self._sent:
            error = self._take()
            wrong = wrong or error
        self._result()  # the end of all of them
        if wrong is not None:
            raise wrong

    def rows(self, waiting: Waiting) -> Sequence[Row]:
        """The rows a statement answered; waits for them."""
        result = self._answered(waiting)
        if not result.ntuples:
            return ()
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def _answered(self, waiting: Waiting) -> pq.abc.PGresult:
        if self._near and waiting.result is None:
            self._flush()
            while self._near and waiting.result is None:
                if (wrong := self._take()) is not None:
                    raise wrong
        if waiting.result is None:
            self.settle()
        result = waiting.result
        if result is None or result.status not in _FINE:
            raise psycopg.InterfaceError("nothing was answered")
        return result

    def _take(self) -> psycopg.Error | None:
        """Wait for the answer of the first that has none; the error, if it is one."""
        waiting = self._sent.popleft()
        self._near = max(0, self._near - 1)
        waiting.result = result = self._result()
        while self._next() is not None:  # the end of this statement
            pass
        if result.status in _FINE:
            return None
        self._known.pop(waiting.prepares, None)
        return _error(result)

    def _flush(self) -> None:
        """Send everything; what the server says meanwhile is taken in, or both would wait for each other."""
        if not self._pg.flush():
            return
        self._poll.modify(self._pg.socket, _EITHER)
        try:
            while self._pg.flush():
                if any(event & _READ for _, event in self._poll.poll()):
                    self._pg.consume_input()
        finally:
            self._poll.modify(self._pg.socket, _READ)

    def _result(self) -> pq.abc.PGresult:
        result = self._next()
        if result is None:
            raise psycopg.OperationalError("the connection ended before it answered")
        return result

    def _next(self) -> pq.abc.PGresult | None:
        while self._pg.is_busy():
            self._poll.poll()
            self._pg.consume_input()
        return self._pg.get_result()


def _error(result: pq.abc.PGresult) -> psycopg.Error:
    if result.error_field(pq.DiagnosticField.SQLSTATE):
        return errors.error_from_result(result)
    return psycopg.OperationalError(result.get_error_message())
