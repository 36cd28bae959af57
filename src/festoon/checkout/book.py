"""The book in this process's memory, swapped whole when its number moves; the last books while their quotes last.

How old what is in memory may be is measured by a steady clock of the machine: it is no fact of any price.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import Error

from festoon.catalog import queries as catalog
from festoon.checkout.limits import QUOTE_LASTS
from festoon.engine.book import Book
from festoon.offers.book import numbered_book
from festoon.offers.models import Spending
from festoon.offers.spends import queries as spends
from festoon.offers.version import unreadable, watch
from festoon.promotions import queries as promotions
from festoon.records.viewer import SYSTEM
from festoon.rulebook.book import read_book


@dataclass(frozen=True, slots=True)
class Loaded:
    """The book of one currency as it was when the number was read.

    `limits` is how often one shopper may use an offer, `spends` what offers may cost, of those that are limited in it;
    `merchants` the code of each merchant by its number; `campaigns` the campaign of each offer; `releases` the number of
    the release of each (kind, code); `counted` the offers that are for the first buyers only; `parts` those whose coupons
    pay in parts; `drawn` is what was worked out of it (facts/availability.py).
    """

    book: Book
    number: int
    read_at: datetime
    limits: Mapping[str, int]
    merchants: Mapping[int, str]
    campaigns: Mapping[str, str]
    releases: Mapping[tuple[str, str], int]
    counted: Set[str] = frozenset()
    parts: Set[str] = frozenset()
    spends: Mapping[str, Spending] = field(default_factory=dict)
    drawn: dict[tuple[int, tuple[str, ...]], Any] = field(default_factory=dict, compare=False)


class Books:
    """Every book this process knows; `clock` is a steady count of seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._current: dict[str, Loaded] = {}
        self._kept: dict[str, tuple[Loaded, float]] = {}

    def current(self, now: datetime, currency: str) -> Loaded:
        """The live book, at most two seconds old; raises 503 when it cannot be known for ten."""
        number = watch.number()
        found = self._current.get(currency)
        if found is not None and found.number == number:
            return found
        with self._lock:
            found = self._current.get(currency)
            if found is None or found.number != number:
                found = self._current[currency] = self._load(now, currency, number)
            return found

    def at_hand(self, currency: str) -> bool:
        """Whether `current` would answer from memory."""
        found, number = self._current.get(currency), watch.at_hand()
        return found is not None and number is not None and found.number == number

    def kept(self, version: str) -> Loaded | None:
        """The book of this version, if its quotes may still be held."""
        found = self._kept.get(version)
        return found[0] if found else None

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._current.clear()
            self._kept.clear()

    def _load(self, now: datetime, currency: str, number: int) -> Loaded:
        try:
            data, releases = numbered_book(currency)
            book = read_book(data)
            loaded = Loaded(
                book=book,
                number=number,
                read_at=now,
                limits=promotions.limits(SYSTEM),
                merchants=dict(catalog.merchants(SYSTEM).values_list("id", "code")),
                campaigns={offer.code: offer.campaign for offer in book.offers},
                releases=releases,
                counted=frozenset(offer.code for offer in book.offers if "buyers" in offer.needs),
                parts=frozenset(offer.code for offer in book.offers if offer.benefit.balance),
                spends={row.offer.code: row for row in spends.spendings(SYSTEM)},
            )
        except Error as error:
            raise unreadable() from error
        over = self._clock() - 2 * QUOTE_LASTS.total_seconds()
        live = {other.book.version for other in self._current.values()}
        self._kept = {version: it for version, it in self._kept.items() if it[1] > over or version in live}
        for other in live:
            self._kept[other] = (self._kept[other][0], self._clock())
        self._kept[book.version] = (loaded, self._clock())
        return loaded


books = Books()
current, kept, at_hand, forget = books.current, books.kept, books.at_hand, books.forget
