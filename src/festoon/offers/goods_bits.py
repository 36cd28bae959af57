"""Which goods scopes mean, as bits over the catalogue: of two scopes it costs microseconds to say what both mean.

A scope of few goods is kept as their places, one of many as one long number; each distinct scope is worked out once for
as long as the catalogue stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from festoon.catalog.goods import OF_THE_CART, Goods

FEW = 48
"""Up to so many goods are looked up one by one; beyond, one AND over the whole catalogue is cheaper."""

SET = re.compile(rb"[^\x00]", re.DOTALL)
"""A byte in which some bit is set; the search skips the empty ones at the machine's speed."""


@dataclass(frozen=True, slots=True)
class Few:
    """The places of a few goods, in order."""

    places: tuple[int, ...]


Meant = int | Few
Key = tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[tuple[str, tuple[str, ...]], ...]]


class GoodsBits:
    """The scopes of any number of offers over one catalogue. Place n is the n-th sku in order."""

    def __init__(self, have: Goods) -> None:
        self.have = have
        self.skus = sorted(have.lines)
        self._place = {sku: place for place, sku in enumerate(self.skus)}
        self._bytes = len(self.skus) // 8 + 1
        self._every = (1 << len(self.skus)) - 1
        self._values: dict[tuple[str, str], int] = {}
        self._scopes: dict[Key, Meant] = {}
        self._last: tuple[int, bytes] = (0, bytes(self._bytes))

    def of(self, scope: Mapping[str, Any]) -> Meant:
        """The goods that a scope may mean: what `Goods.within` says."""
        key = _key(scope), _key(scope.get("except") or {})
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = self._small(self._worked_out(*key))
        return found

    def shared(self, one: Meant, other: Meant) -> Meant:
        """The goods that both mean."""
        if isinstance(one, int) and isinstance(other, int):
            return one & other
        if isinstance(one, Few) and isinstance(other, Few):
            return Few(tuple(sorted(set(one.places).intersection(other.places))))
        few, many = (one, other) if isinstance(one, Few) else (other, one)
        assert isinstance(few, Few) and isinstance(many, int)
        raw = self._raw_of(many)
        return Few(tuple([place for place in few.places if raw[place >> 3] >> (place & 7) & 1]))

    def whole(self, meant: Meant) -> int:
        """The same goods as one number, a bit for each."""
        return meant if isinstance(meant, int) else sum(1 << place for place in meant.places)

    def count(self, meant: Meant) -> int:
        """How many goods."""
        return len(meant.places) if isinstance(meant, Few) else meant.bit_count()

    def first(self, meant: Meant, most: int) -> list[str]:
        """The first few of these goods."""
        return [self.skus[place] for place, _ in zip(self._places(meant), range(most), strict=False)]

    def _raw_of(self, many: int) -> bytes:
        """The bits byte by byte, for looking up single places; kept while the same goods are asked about."""
        if self._last[0] is not many:
            self._last = many, many.to_bytes(self._bytes, "little")
        return self._last[1]

    def _places(self, meant: Meant) -> Iterator[int]:
        if isinstance(meant, Few):
            yield from meant.places
            return
        for found in SET.finditer(meant.to_bytes(self._bytes, "little")):
            first, byte = found.start() * 8, found[0][0]
            while byte:
                yield first + (byte & -byte).bit_length() - 1
                byte &= byte - 1

    def _worked_out(self, within: Any, excepted: Any) -> int:
        meant = self._every
        for attribute, values in within:
            meant &= self._any(attribute, values)
        for attribute, values in excepted:
            meant &= ~self._any(attribute, values)
        return meant

    def _any(self, attribute: str, values: tuple[str, ...]) -> int:
        if len(values) > 8 or attribute in ("sku", "product"):
            return self._bits(self.have.having(attribute, values))
        found = 0
        for value in values:
            one = self._values.get((attribute, value))
            if one is None:
                one = self._values[attribute, value] = self._bits(self.have.having(attribute, (value,)))
            found |= one
        return found

    def _bits(self, skus: Iterable[str]) -> int:
        raw, place = bytearray(self._bytes), self._place
        for sku in skus:
            at = place[sku]
            raw[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(raw, "little")

    def _small(self, bits: int) -> Meant:
        return Few(tuple(self._places(bits))) if bits.bit_count() <= FEW else bits


def _key(values: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named = [(name, tuple(sorted(each))) for name, each in values.items() if name not in OF_THE_CART]
    return tuple(sorted(named))
