"""Clients with bad luck or bad manners: one whose answers get lost and who asks again, one who asks everything twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from festoon.demo.town.wire import Answer, Lost, Wire
from tests.faults.client_log import ClientLog, LoggedWire

PATIENCE = 60.0
"""Seconds after which even the stubborn give up."""


class Stubborn(LoggedWire):
    """Asks again, with the same key, whatever it has no answer to; and once more where it is told to try again."""

    def get(self, path: str) -> Answer:
        return self._until_answered(lambda: super(Stubborn, self).get(path))

    def post(self, path: str, body: Any, *, key: str = "") -> Answer:
        if not key:
            return self._until_answered(lambda: Wire.post(self, path, body))
        entry = self._log.note(path, body, key)
        entry.answer = self._until_answered(lambda: Wire.post(self, path, body, key=key))
        return entry.answer

    def _until_answered(self, ask: Callable[[], Answer]) -> Answer:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = ask()
                if answer.status != 503:
                    return answer
            except Lost:
                pass
            time.sleep(0.1)
        raise Lost("never answered")


class Doubling(LoggedWire):
    """Sends every write over two connections at once, and once more afterwards; all three must be answered the same."""

    def __init__(self, url: str, key: str, log: ClientLog) -> None:
        super().__init__(url, key, log)
        self._others = [Wire(url, key), Wire(url, key)]
        self._pool = ThreadPoolExecutor(2)
        self.doubled = 0

    def post(self, path: str, body: Any, *, key: str = "") -> Answer:
        if not key:
            return super().post(path, body)
        both = [self._pool.submit(other.post, path, body, key=key) for other in self._others]
        first, second = (each.result() for each in both)
        last = super().post(path, body, key=key)
        if last.ok:
            told = {(each.status, json.dumps(each.body, sort_keys=True)) for each in (first, second, last) if each.ok}
            assert len(told) == 1, f"{path} with one key was answered {told}"
            self.doubled += 1
        return last

    def __exit__(self, *given: Any) -> None:
        self._pool.shutdown()
        for other in self._others:
            other.__exit__(*given)
        super().__exit__(*given)
