"""Every offer that is live, as far as overlaps ask: held in memory for as long as book and catalogue stay as they are.

While goods keep changing, a large board is drawn anew at most a tenth of the time: an overlap is then told of the goods
of some seconds ago.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

from festoon.catalog.goods import LONG, REST, Goods
from festoon.offers.book import distributions, live_data, zone
from festoon.offers.goods_bits import GoodsBits, Meant
from festoon.offers.reach import Reach, reaches
from festoon.offers.version import watch

Spread = Mapping[str, Sequence[Mapping[str, Any]]]
"""The live distributions by the offer that they name, or by `campaign:` and the campaign of which they name all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One version of an offer: `live` (released, whether it began or not), or worked on, or given to review."""

    code: str
    owner: str
    kind: str
    live: bool
    data: Mapping[str, Any]
    meant: Meant
    reach: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What standings are worked out on: the goods, the zone, how offers are given out."""

    currency: str
    bits: GoodsBits
    zone: str
    spread: Spread

    def standing(self, data: Mapping[str, Any], *, live: bool) -> Standing:
        """An offer in the offers-file form, given out as the live distributions say."""
        return standing(data, self.bits, self.zone, self.spread, live=live)


@dataclass(frozen=True, slots=True)
class Remembered(Ground):
    """What is live in one currency, of one book and one catalogue."""

    number: int
    live: Sequence[Standing]
    by_release: Mapping[tuple[int, str], Standing]
    rested_at: int = 0


_kept: dict[str, Remembered] = {}
_bits: list[GoodsBits] = []
"""Of the last catalogue that `ground` was asked for."""
_lock = threading.Lock()


def remembered(currency: str, have: Goods) -> Remembered:
    """What is live in one currency, read anew when the book or the catalogue has moved; unchanged releases are kept."""
    number = watch.number()
    kept = _kept.get(currency)
    if kept is not None and kept.number == number and (kept.bits.have is have or perf_counter_ns() < kept.rested_at):
        return kept
    with _lock:
        began = perf_counter_ns()
        bits = kept.bits if kept is not None and kept.bits.have is have else GoodsBits(have)
        here, spread = zone(currency), _spread(live_data(currency, "distribution").values())
        same = kept is not None and kept.bits is bits and (kept.spread, kept.zone) == (spread, here)
        before = kept.by_release if kept is not None and same else {}
        made = {
            key: before.get(key) or standing(data, bits, here, spread, live=True)
            for key, data in live_data(currency, "offer").items()
        }
        ordered = sorted(made.values(), key=lambda each: each.code)
        took = perf_counter_ns() - began
        rested_at = perf_counter_ns() + REST * took if took > LONG else 0
        _kept[currency] = Remembered(currency, bits, here, spread, number, ordered, made, rested_at)
        return _kept[currency]


def ground(currency: str, have: Goods) -> Ground:
    """As it is now, without reading what is live: for a few offers among themselves, however many there are."""
    kept = _kept.get(currency)
    known = [kept.bits] if kept is not None else []
    bits = next((each for each in [*known, *_bits] if each.have is have), None) or GoodsBits(have)
    _bits[:] = [bits]
    return Ground(currency, bits, zone(currency), _spread(distributions(currency)))


def standing(data: Mapping[str, Any], bits: GoodsBits, zone: str, spread: Spread, *, live: bool) -> Standing:
    """An offer in the offers-file form as it stands among the others."""
    return Standing(
        code=str(data["code"]),
        owner=str(data.get("owner") or ""),
        kind=str(data.get("kind") or "promotion"),
        live=live,
        data=data,
        meant=bits.of(data.get("scope") or {}),
        reach=reaches(data, list(_given_out(data, spread)), zone),
    )


def _spread(distributions: Iterable[Mapping[str, Any]]) -> Spread:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in distributions:
        for name in each.get("offers") or (f"campaign:{each.get('campaign')}",):
            found.setdefault(name, []).append(each)
    return found


def _given_out(data: Mapping[str, Any], spread: Spread) -> Iterator[Mapping[str, Any]]:
    yield from spread.get(str(data["code"]), ())
    if campaign := data.get("campaign"):
        yield from spread.get(f"campaign:{campaign}", ())
