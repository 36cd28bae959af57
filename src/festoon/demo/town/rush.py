"""The rush: everybody claims the same few units at the same moment, and everybody is told how it went."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from festoon.demo.town.shop import Shop
from festoon.demo.town.wire import Answer, Lost, Wire

AT_ONCE = 100
TRIES = 20
GRANTED = "granted"
UNKNOWN = "no_answer"


def rush(offer: str, shoppers: Sequence[str], *, dial: Callable[[], Wire], mark: str) -> Counter[str]:
    """Let every shopper claim `offer` once; answers how many were `granted` and, by code, what the others were told.

    `dial` opens a wire; a hundred are open at once, and nobody starts before all are. An answer that is lost or 503
    is asked for again with the same key, so nobody claims twice.
    """
    crowd = min(AT_ONCE, len(shoppers))
    start = threading.Barrier(crowd)

    def claim(part: Sequence[str]) -> list[str]:
        with dial() as wire:
            start.wait(timeout=30)
            return [_told(Shop(wire), offer, shopper, f"{mark}-{shopper}") for shopper in part]

    with ThreadPoolExecutor(crowd) as pool:
        parts = pool.map(claim, [shoppers[n::crowd] for n in range(crowd)])
        return Counter(outcome for part in parts for outcome in part)


def _told(shop: Shop, offer: str, shopper: str, key: str) -> str:
    answer: Answer | None = None
    for _ in range(TRIES):
        try:
            answer = shop.claim(offer, shopper, key=key)
        except Lost:
            continue
        if answer.status not in {429, 503}:
            break
    if answer is None:
        return UNKNOWN
    return GRANTED if answer.ok else answer.code
