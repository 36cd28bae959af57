"""What baskets are tried with: goods that rules name, quantities that reach thresholds, buyers, what a coupon is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from festoon.catalog.goods import Goods
from festoon.engine.facts import ATTRIBUTES

MOST_PIECES = 99


def quantities(unit: int, thresholds: Sequence[int]) -> list[int]:
    """One, the fewest pieces that reach each threshold, and a few."""
    reached = sorted({-(-threshold // unit) for threshold in thresholds if threshold > 0})
    return list(dict.fromkeys([1, *(pieces for pieces in reached if pieces <= MOST_PIECES), 2, 3]))


def thresholds(value: Any) -> Iterator[int]:
    """Every amount that has to be reached somewhere in the offers."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in ("at", "amount", "every") and isinstance(each, int):
                yield each
            else:
                yield from thresholds(each)
    elif isinstance(value, list):
        for each in value:
            yield from thresholds(each)


def line(number: int, sku: str, quantity: int, have: Goods) -> dict[str, Any]:
    """A line of a cart with all that the catalogue knows of its good, at its list price."""
    known = {name: value for name, value in have.lines[sku].items() if value is not None}
    return {**known, "id": str(number), "sku": sku, "quantity": quantity, "unit_price": have.prices[sku]}


def balance(offer: Mapping[str, Any]) -> int | None:
    """The balance of a coupon that is spent in parts; None for one that is used whole."""
    given = offer.get("with") or {}
    return int(given.get("amount") or 0) or None if given.get("divisible") or offer.get("type") == "allowance" else None


def buyers(offers: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Who gets the most: in every segment, of a named level, new or not, where the offers say they are."""
    asked: dict[str, list[Any]] = {}
    for each in offers:
        for condition in each.get("when") or ():
            for name, given in condition.items():
                asked.setdefault(name, [])
                for values in given.values() if isinstance(given, Mapping) else ():
                    asked[name].extend(values if isinstance(values, list) else [values])
    segments = sorted(set(asked.get("segment", [])))
    levels: list[str | None] = sorted(set(asked.get("level", []))) or [None]
    where = {name: next(iter(asked.get(name, [])), "") for name in ("channel", "scene", "store")}
    for new, level in product((True, False) if "new_buyer" in asked else (False,), levels):
        buyer: dict[str, Any] = {"id": "worst", "segments": segments, "orders_placed": 0 if new else 9, "new": new}
        yield {"buyer": buyer | ({"level": level} if level else {}), **where}


def named(value: Any, have: Goods) -> list[str]:
    """Goods that the rules ask for beside their scope: skus by name, one for each scope."""
    found: dict[str, None] = {}

    def look(each: Any, *, inside: bool) -> None:
        if isinstance(each, Mapping):
            if inside and each and set(each) <= {*ATTRIBUTES, "all", "except"}:
                found.update(dict.fromkeys(sorted(have.within(each))[:1]))
                return
            for name, part in each.items():
                if inside or name in ("with", "when", "benefit"):
                    look(part, inside=True)
        elif isinstance(each, list):
            for part in each:
                look(part, inside=inside)
        elif inside and isinstance(each, str) and each in have.prices:
            found[each] = None

    look(value, inside=False)
    return [sku for sku in found if have.prices[sku]]
