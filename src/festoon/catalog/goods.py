"""The goods in memory: what a cart's line needs to know about its sku, and which goods a scope means.

Loaded whole and swapped whole when the catalogue's version moves; a process looks at the version once a second, and
at once after its own change, but of a large catalogue that keeps changing it spends no more than a tenth of its
time on loading: during an import the goods are a few seconds old. While it loads, others go on with the goods they have.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter_ns
from typing import Any

from festoon.catalog import queries
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM

LOOK_EVERY = timedelta(seconds=1)
LONG = 100_000_000
REST = 10
"""After a load of more than LONG nanoseconds the process rests REST times as long before the next."""


OF_THE_CART = ("all", "except", "line", "list_price", "not_discounted")
"""What a scope may say beside values of the goods' own attributes."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Every sku with the attributes of a line (shared: never change them), its list price, and who is who."""

    number: int | None
    lines: Mapping[str, Mapping[str, Any]]
    prices: Mapping[str, int]
    known: Mapping[str, frozenset[str]]
    indexes: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def fill(self, sku: str) -> Mapping[str, Any]:
        """What the centre knows of a line: product, category path, brand, store, merchant, tags, floors, cost.

        Raises NotFound for a sku that is not in the catalogue.
        """
        found = self.lines.get(sku)
        if found is None:
            raise NotFound("product", "sku")
        return found

    def knows(self, attribute: str, value: str) -> bool:
        """Whether `value` is one of the catalogue's values of a scope attribute; every tag is known."""
        if attribute == "sku":
            return value in self.lines
        return attribute not in self.known or value in self.known[attribute]

    def having(self, attribute: str, values: Iterable[str]) -> set[str]:
        """The skus that have any of `values` of one attribute (shared: never change it)."""
        if attribute == "sku":
            return {value for value in values if value in self.lines}
        index = self.indexes.get(attribute) or self._index(attribute)
        found = [index[value] for value in values if value in index]
        return found[0] if len(found) == 1 else set().union(*found)

    def within(self, scope: Mapping[str, Any]) -> set[str]:
        """The skus a scope means: of one attribute any value, of several attributes all, less any of the exceptions.

        What depends on the cart (lines, list prices, what is reduced already) is left out: these skus may be meant.
        """
        named = {key: values for key, values in scope.items() if key not in OF_THE_CART}
        sets = sorted((self.having(key, values) for key, values in named.items()), key=len)
        skus = set.intersection(*sets) if sets else set(self.lines)
        exceptions = scope.get("except") or {}
        parted = {key: values for key, values in exceptions.items() if key not in OF_THE_CART}
        return skus.difference(*(self.having(key, values) for key, values in parted.items()))

    def means(self, scope: Mapping[str, Any], sku: str) -> bool:
        """Whether a scope may mean one sku: what `within` says, without looking at all the others."""
        line = {**self.lines[sku], "sku": sku}
        named = (_has(line, key, values) for key, values in scope.items() if key not in OF_THE_CART)
        exceptions = scope.get("except") or {}
        parted = (_has(line, key, values) for key, values in exceptions.items() if key not in OF_THE_CART)
        return all(named) and not any(parted)

    def _index(self, attribute: str) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        name = "tags" if attribute == "tag" else attribute
        for sku, line in self.lines.items():
            value = line.get(name) or ()
            for each in (value,) if isinstance(value, str) else value:
                index.setdefault(each, set()).add(sku)
        self.indexes[attribute] = index
        return index


def _has(line: Mapping[str, Any], attribute: str, values: Iterable[str]) -> bool:
    value = line.get("tags" if attribute == "tag" else attribute) or ()
    own = {value} if isinstance(value, str) else set(value)
    return not own.isdisjoint(values)


@dataclass(slots=True)
class _Kept:
    """What this process has in memory, and when it last looked whether that is still so."""

    goods: Goods | None = None
    looked_at: datetime | None = None
    rested_at: int = 0
    loading: threading.Lock = field(default_factory=threading.Lock)


_kept = _Kept()


def goods(now: datetime, *, exact: bool = False) -> Goods:
    """The goods as they are, at most a second old, or older by as long as another thread is loading them.

    `exact`: as they are this moment, whoever loads them; for verbs that follow a change of goods.
    """
    have = _kept.goods
    if have is not None and not exact and at_hand(now):
        return have
    if not _kept.loading.acquire(blocking=exact or have is None):
        return have if have is not None else goods(now)
    try:
        number = queries.version(SYSTEM)
        if _kept.goods is None or _kept.goods.number != number:
            began = perf_counter_ns()
            _kept.goods = _load(number)
            took = perf_counter_ns() - began
            _kept.rested_at = perf_counter_ns() + REST * took if took > LONG else 0
        _kept.looked_at = now
        return _kept.goods
    finally:
        _kept.loading.release()


def at_hand(now: datetime) -> bool:
    """Whether `goods` would answer from memory."""
    looked = _kept.looked_at
    fresh = looked is not None and timedelta(0) <= now - looked < LOOK_EVERY
    return _kept.goods is not None and (fresh or perf_counter_ns() < _kept.rested_at)


def looked(number: int | None, now: datetime) -> bool:
    """Take it from somebody who has just read the catalogue's version: whether these are the goods in memory.

    So whoever reads it by a way of its own needs no look of ours; of a version that has moved nothing is taken.
    """
    have = _kept.goods
    same = have is not None and have.number == number
    if same:
        _kept.looked_at = now
    return same


def forget() -> None:
    """Look again at the next question: called when this process has committed a change of goods."""
    _kept.looked_at = None


def _load(number: int | None) -> Goods:
    paths: dict[str, list[str]] = {}
    lines: dict[str, Mapping[str, Any]] = {}
    prices: dict[str, int] = {}
    for row in queries.goods(SYSTEM):
        sku, product, path, brand, store, merchant, tags, tag_floor, net_floor, unit_cost, price = row
        prices[sku] = price
        lines[sku] = {
            "product": product,
            "category": paths.setdefault(path, path.split("/")),
            "brand": brand or "",
            "store": store or "",
            "merchant": merchant,
            "tags": tags,
            "tag_floor": tag_floor,
            "net_floor": net_floor,
            "unit_cost": unit_cost,
        }
    known = {
        "category": frozenset(queries.codes(queries.categories(SYSTEM))),
        "brand": frozenset(queries.codes(queries.brands(SYSTEM))),
        "store": frozenset(queries.codes(queries.stores(SYSTEM))),
        "merchant": frozenset(queries.codes(queries.merchants(SYSTEM))),
        "product": frozenset(str(line["product"]) for line in lines.values()),
    }
    return Goods(number=number, lines=lines, prices=prices, known=known)
