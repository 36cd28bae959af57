"""The goods an offer touches, in groups that the same offers meet: whoever tries one of each has tried them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from festoon.offers.goods_bits import GoodsBits
from festoon.offers.measures import measures

MOST_GROUPS, LOOKED_AT = 60, 5_000
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Some goods of which each offer means all or none: as bits, with how many offers mean them."""

    goods: int
    met: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One good tried for its group, and how many goods the group has."""

    sku: str
    alike: int


def near(drafts: Sequence[Data], beside: Sequence[Data], bits: GoodsBits) -> list[Data]:
    """Those of `beside` that may mean a good of the drafts, whoever promises most first."""
    touched = _touched(drafts, bits)
    found = [each for each in beside if bits.whole(bits.of(each.get("scope") or {})) & touched]
    return sorted(found, key=lambda each: (_promise(each), str(each["code"])), reverse=True)


def samples(drafts: Sequence[Data], near: Sequence[Data], bits: GoodsBits, most: int) -> list[Sample]:
    """Up to `most` goods: of each group the cheapest, then of each the one of the thinnest margin, then the dearest.

    Cheapest, thinnest and dearest are those of the first 5,000 goods of a group, in the order of their numbers.
    Groups that more offers meet come first. Where there are over 60 groups, what promises least no longer parts them.
    """
    groups = [Group(_touched(drafts, bits), 0)]
    for each in (*drafts, *near):
        meant = bits.whole(bits.of(each.get("scope") or {}))
        if len(groups) < MOST_GROUPS:
            groups = [part for group in groups for part in _parted(group, meant)]
    groups.sort(key=lambda group: (-group.met, -group.goods.bit_count()))
    found: dict[str, Sample] = {}
    for turn in zip_longest(*(_of(group, bits) for group in groups)):
        for sample in turn:
            if sample is not None:
                found.setdefault(sample.sku, sample)
    return list(found.values())[:most]


def _of(group: Group, bits: GoodsBits) -> Iterator[Sample]:
    """The cheapest of a group, the one whose cost is the largest part of its price, the dearest; without a price none."""
    have = bits.have
    priced = [(have.prices[sku], sku) for sku in bits.first(group.goods, LOOKED_AT) if have.prices[sku]]
    if priced:
        costs = [((have.lines[sku].get("unit_cost") or 0) * 1_000_000 // price, sku) for price, sku in priced]
        for sku in (min(priced)[1], max(costs)[1], max(priced)[1]):
            yield Sample(sku, bits.count(group.goods))


def _parted(group: Group, meant: int) -> Iterator[Group]:
    if inside := group.goods & meant:
        yield Group(inside, group.met + 1)
    if outside := group.goods & ~meant:
        yield Group(outside, group.met)


def _touched(drafts: Sequence[Data], bits: GoodsBits) -> int:
    found = 0
    for draft in drafts:
        found |= bits.whole(bits.of(draft.get("scope") or {}))
    return found


def _promise(data: Data) -> tuple[int, int]:
    named = measures(data)
    return named.get("percent") or 0, named.get("amount") or 0
