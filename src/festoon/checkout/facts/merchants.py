"""Who the merchants are: code and currency by number, kept in memory; merchants are added, never changed."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.catalog import queries as catalog
from festoon.records.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Known:
    """What a cart must know of a merchant."""

    code: str
    currency: str


_known: dict[int, Known] = {}


def merchant(number: int) -> Known:
    """The merchant of this number; asks the catalogue when it is new."""
    found = _known.get(number)
    return found if found is not None else _read()[number]


def at_hand(number: int) -> bool:
    """Whether `merchant` would answer from memory."""
    return number in _known


def currency_of(code: str) -> str:
    """The currency the merchant of this code trades in."""
    for known in _known.values():
        if known.code == code:
            return known.currency
    return next(known.currency for known in _read().values() if known.code == code)


def forget() -> None:
    """Ask the catalogue again."""
    _known.clear()


def _read() -> dict[int, Known]:
    rows = catalog.merchants(SYSTEM).values_list("id", "code", "currency")
    _known.update({number: Known(code, currency) for number, code, currency in rows})
    return _known
