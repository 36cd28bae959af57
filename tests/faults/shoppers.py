"""Shoppers under fire: each in a thread of its own, claiming, holding, redeeming and returning until nobody answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from random import Random

from festoon.demo.cast import world
from festoon.demo.town.shop import Shop
from festoon.demo.town.visit import Visit, pay
from festoon.demo.town.wire import Answer, Lost
from tests.faults.client_log import ClientLog, LoggedWire


class Forgetful(Shop):
    """Some baskets stay where they stand, held and never paid: their shopper is called away."""

    def redeem(self, hold: str, order: str, *, key: str) -> Answer:
        if hold[-1] in "012":
            raise CalledAway
        return super().redeem(hold, order, key=key)


class CalledAway(Exception):
    """The visit ends here."""


AT_ONCE = 6
"""So many shop at a time unless one says otherwise."""


class Shoppers:
    """A small town whose every write is logged. Which visits it makes is decided by the seed."""

    def __init__(
        self, url: str, key: str, log: ClientLog, *, seed: int, mark: str, threads: int = AT_ONCE,
        wire: type[LoggedWire] = LoggedWire,
    ) -> None:  # fmt: skip
        self._told = threading.Event()
        self._log, self._url, self._key, self._wire = log, url, key, wire
        self.faults: list[BaseException] = []
        """What a shopper cannot accept: the judge is the test."""
        self._threads = [
            threading.Thread(target=self._live, args=(seed * 1000 + n, f"{mark}{n}"), daemon=True)
            for n in range(threads)
        ]

    def __enter__(self) -> Shoppers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._told.set()
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive(), "a shopper waits for ever"

    def _live(self, seed: int, mark: str) -> None:
        people = Random(seed).sample(world.group_codes("town"), 40)
        number = 0
        with self._wire(self._url, self._key, self._log) as wire:
            while not self._told.is_set():
                number += 1
                try:
                    pay(Visit(seed, number, mark), Forgetful(wire), pace=_at_once, shoppers=people)
                except CalledAway:
                    continue
                except Lost:
                    return
                except Exception as fault:  # noqa: BLE001 a thread of its own: the test looks at it afterwards
                    self.faults.append(fault)
                    return


def until(enough: Callable[[], bool], patience: float = 60.0) -> None:
    """Shoppers live until enough has happened, on a fast machine and on a slow one."""
    ends = time.monotonic() + patience
    while not enough():
        assert time.monotonic() < ends, "hardly anything happened"
        time.sleep(0.05)


def _at_once() -> None:
    """No pause."""
