"""What the client side remembers: every write it sent, and what was acknowledged. The judge of "nothing lost"."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from festoon.demo.town.wire import Answer, Lost, Wire


@dataclass
class Sent:
    """One write: asked with this key and body; `answer` is None while nobody knows whether it was done."""

    path: str
    body: Any
    key: str
    answer: Answer | None = None

    @property
    def verb(self) -> str:
        return self.path.removeprefix("/v1/").partition("/")[0]


@dataclass
class ClientLog:
    """All writes of all shoppers, in the order of asking; shared by threads."""

    sent: list[Sent] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, body: Any, key: str) -> Sent:
        with self._lock:
            self.sent.append(entry := Sent(path, body, key))
        return entry

    @property
    def acknowledged(self) -> list[Sent]:
        """What the product said it did."""
        return [entry for entry in self.sent if entry.answer and entry.answer.ok]

    @property
    def unanswered(self) -> list[Sent]:
        return [entry for entry in self.sent if entry.answer is None]

    def settle(self, wire: Wire, patience: float = 30.0) -> None:
        """Ask again what was never answered, with the same key: afterwards everything is known."""
        for entry in self.unanswered:
            entry.answer = ask_until_answered(wire, entry, patience)

    def ask_again(self, wire: Wire, mark: str, patience: float = 30.0) -> list[tuple[Sent, Answer]]:
        """What was acknowledged under keys that begin with `mark` is asked once more, the first and the last hundred of
        it; with what came back."""
        mine = [entry for entry in self.acknowledged if entry.key.startswith(mark)]
        some = mine if len(mine) <= 200 else mine[:100] + mine[-100:]
        return [(entry, ask_until_answered(wire, entry, patience)) for entry in some]


class LoggedWire(Wire):
    """A wire that writes down each write before it is sent and each answer as it comes."""

    def __init__(self, url: str, key: str, log: ClientLog) -> None:
        super().__init__(url, key)
        self._log = log

    def post(self, path: str, body: Any, *, key: str = "") -> Answer:
        if not key:
            return super().post(path, body)
        entry = self._log.note(path, body, key)
        entry.answer = super().post(path, body, key=key)
        return entry.answer


def ask_until_answered(wire: Wire, entry: Sent, patience: float) -> Answer:
    """The answer to a retry; a server that is still coming up (503, no answer) is asked again."""
    until = time.monotonic() + patience
    while True:
        try:
            answer = wire.post(entry.path, entry.body, key=entry.key)
            if answer.status != 503:
                return answer
        except Lost:
            pass
        if time.monotonic() > until:
            raise AssertionError(f"no answer to {entry.path} with key {entry.key}")
        time.sleep(0.05)
