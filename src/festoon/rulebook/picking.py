"""Single units: which of them come first, and what each of them is given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from festoon.base.money import WHOLE, share
from festoon.base.words import Words
from festoon.engine.stages import TAG
from festoon.engine.view import View

WHICH = {
    "cheapest": Words("the cheapest units", "最便宜的"),
    "dearest": Words("the dearest units", "最贵的"),
    "listed": Words("the units listed first", "排在前面的"),
}
Unit = tuple[int, int]
"""A row and the number of a unit in it, from 0."""


class Units:
    """The units of an offer's goods at its turn: their values, their order, and what is given to them.

    The values are what the offer sees; in a group that is what was left when it began, and no unit takes more than is
    left on it now.
    """

    __slots__ = ("_given", "_values", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self._values: dict[int, list[int]] = {}
        self._given: dict[int, list[int]] = {}

    def values(self, r: int) -> list[int]:
        """What is seen of each unit of a row."""
        values = self._values.get(r)
        if values is None:
            view = self.view
            values = self._values[r] = view.units(r) if view.offer.group is None else view.seen(r)
        return values

    def left(self, r: int) -> list[int]:
        """What is left on each unit of a row."""
        return self.values(r) if self.view.offer.group is None else self.view.units(r)

    def value(self, unit: Unit) -> int:
        """What is seen of a unit."""
        return self.values(unit[0])[unit[1]]

    def room(self, unit: Unit) -> int:
        """What a unit can still be given: no unit falls below its floor."""
        return max(0, self.left(unit[0])[unit[1]] - self.view.row(unit[0]).tag_floor)

    def ordered(self, rows: list[int], which: str) -> Iterator[Unit]:
        """The units of some rows by the price on the tag; of equal ones those on which most is left, then the first."""
        if which == "listed":
            for r in rows:
                yield from [(r, i) for i in range(self.view.row(r).quantity)]
            return
        order, counts, at = by_tag(self.view, rows, which), self.view.facts.counts, 0
        while at < len(order):
            price, r = order[at]
            if counts[r] == 1 and (at + 1 == len(order) or order[at + 1][0] != price):
                yield r, 0  # alone at its price: what is left on it decides nothing
                at += 1
                continue
            pool = []
            while at < len(order) and order[at][0] == price:
                r = order[at][1]
                pool += [(-value, r, i) for i, value in enumerate(self.values(r))]
                at += 1
            yield from [(r, i) for _, r, i in sorted(pool)]

    def first(self, rows: list[int], which: str, wanted: int) -> list[Unit]:
        """The first so many units of some rows, in that order."""
        if which == "listed":
            return list(islice(self.ordered(rows, which), wanted))
        if wanted > 1:
            return self._first(by_tag(self.view, rows, which), wanted)
        tag, counts = self.view.at(TAG), self.view.facts.counts
        prices = [tag[r] // counts[r] for r in rows]
        price = min(prices) if which == "cheapest" else max(prices)
        rows = [r for r, one in zip(rows, prices, strict=True) if one == price]
        return [min([(-value, r, i) for r in rows for i, value in enumerate(self.values(r))])[1:]]

    def _first(self, order: list[tuple[int, int]], wanted: int) -> list[Unit]:
        """The first so many units of rows in the order of the price on the tag."""
        found: list[Unit] = []
        counts, at, last = self.view.facts.counts, 0, len(order) - 1
        while at <= last and len(found) < wanted:
            price, r = order[at]
            if at < last and order[at + 1][0] == price:
                pool = [each for one, each in order[at:] if one == price]
                units = [(-value, each, i) for each in pool for i, value in enumerate(self.values(each))]
                found += [(each, i) for _, each, i in sorted(units)]
                at += len(pool)
                continue
            at += 1
            if counts[r] == 1:
                found.append((r, 0))
            else:
                values = self.values(r)
                found += [(r, i) for i in sorted(range(counts[r]), key=values.__getitem__, reverse=True)]
        return found[:wanted]

    def give(self, unit: Unit, amount: int) -> None:
        """An amount off a unit, as far as its floor allows."""
        r, i = unit
        left = self.values(r) if self.view.offer.group is None else self.view.units(r)
        given, room = self._given.get(r), left[i] - self.view.row(r).tag_floor
        if given is None:
            given = self._given[r] = [0] * len(left)
        given[i] = amount if amount <= room else max(0, room)

    def cuts(self, cap: int | None = None) -> list[int]:
        """What was given, beside the rows of the view, in all at most `cap`."""
        given = self.view.given = self._given
        total = sum([sum(parts) for parts in given.values()]) if cap is not None else 0
        if cap is not None and total > cap:
            rows = sorted(given)
            lowered = iter(share(cap, [amount for r in rows for amount in given[r]]))
            for r in rows:
                given[r] = list(islice(lowered, len(given[r])))
        cuts = [0] * len(self.view.rows)
        for r, parts in given.items():
            cuts[self.view.rows.index(r)] = sum(parts)
        return cuts


def by_tag(view: View, rows: list[int], which: str) -> list[tuple[int, int]]:
    """Rows in the order of the price on the tag of a unit, beside it; the dearest first have it below zero."""
    tag, counts = view.at(TAG), view.facts.counts
    if which == "cheapest":
        return sorted([(tag[r] // counts[r], r) for r in rows])
    return sorted([(-(tag[r] // counts[r]), r) for r in rows])


def lone(view: View, which: str) -> int:
    """Where among the view's rows the unit that comes first stands, if no other row has its price; else -1."""
    if which == "listed":
        return -1
    rows, counts = view.rows, view.facts.counts
    if len(rows) == 1:
        return 0
    tag = view.at(TAG)
    prices = [tag[r] // counts[r] for r in rows]
    price = min(prices) if which == "cheapest" else max(prices)
    first = prices.index(price)
    return first if prices.count(price) == 1 else -1


def cut_one(view: View, first: int, off: int | None, basis_points: int, price: int | None = None) -> list[int]:
    """What a single unit is given, of the row that stands `first`: the unit on which most is left."""
    r, cuts = view.rows[first], [0] * len(view.rows)
    alone = view.offer.group is None
    values = view.units(r) if alone else view.seen(r)
    value = max(values)
    left = value if alone else view.units(r)[values.index(value)]
    cut, room = part_of(view, value, off, basis_points, price), left - view.facts.rows[r].tag_floor
    cuts[first] = cut if cut <= room else max(0, room)
    if len(values) > 1:
        parts = [0] * len(values)
        parts[values.index(value)] = cuts[first]
        view.given = {r: parts}
    return cuts


def part_of(view: View, value: int, off: int | None, basis_points: int, price: int | None = None) -> int:
    """An amount off a unit of which so much is left, or what it is above a price, or else a percentage of it."""
    if off is not None:
        return off
    if price is not None:
        return value - price if value > price else 0
    return value if basis_points == WHOLE else view.percent(value, basis_points)


def values_now(view: View, per_line: int | None = None) -> list[tuple[int, int]]:
    """For bounds: (the most that may be seen of a unit, how many such units), the dearest first.

    What is left of a row is not the same on all of its units; none has more than its price, nor than the whole row.
    """
    left = view.amounts.left if view.offer.group is None else view.grouped()
    pairs = []
    for r in view.rows:
        row = view.row(r)
        quantity = row.quantity if per_line is None else min(row.quantity, per_line)
        pairs.append((min(row.unit_price, left[r]), quantity))
    pairs.sort(reverse=True)
    return pairs


def dearest(view: View, wanted: int) -> int:
    """For bounds: what the dearest so many units may hold at most."""
    if wanted > 1:
        return top(values_now(view), wanted)
    left, rows = view.amounts.left if view.offer.group is None else view.grouped(), view.facts.rows
    return max([left[r] if left[r] < rows[r].unit_price else rows[r].unit_price for r in view.rows]) if wanted else 0


def least_of_units(view: View) -> int:
    """What is left on the unit with the least at least: no other unit of its row has more than its price."""
    left, rows = view.amounts.left, view.facts.rows
    return min([left[r] - (rows[r].quantity - 1) * rows[r].unit_price for r in view.rows])


def top(pairs: list[tuple[int, int]], wanted: int) -> int:
    """The sum of the dearest so many units."""
    total = 0
    for value, quantity in pairs:
        n = min(wanted, quantity)
        total += value * n
        wanted -= n
    return total


def top_above(pairs: list[tuple[int, int]], wanted: int, price: int, size: int) -> int:
    """How far the dearest units can lie above `price` for every `size` of them."""
    above = [(max(0, value * size - price), quantity) for value, quantity in pairs]
    return -(-top(above, wanted) // size)


def above(found: list[list[int]], price: int) -> list[list[int]]:
    """For bounds: by how much the units of some runs lie above a price."""
    return [[value - price if value > price else 0 for value in run] for run in found]


def runs(view: View, rows: list[int], which: str, wanted: int = 1 << 30) -> list[list[int]]:
    """For bounds where the rows are sure: the most that will be left on each unit, in the order of `which`.

    The price on the tag decides the order, and stays; units at one price are one run, in any order later on. No run
    is begun after so many units.
    """
    found: list[list[int]] = []
    if which == "listed":
        for r in rows:
            found += [[value] for value in units_later(view, r)]
        return found
    price = -1
    for tag, r in by_tag(view, rows, which):
        if not found or tag != price:
            if found:
                wanted -= len(found[-1])
                if wanted <= 0:
                    break
            found.append([])
        found[-1] += units_later(view, r)
        price = tag
    for run in found:
        run.sort(reverse=True)
    return found


def units_later(view: View, r: int) -> list[int]:
    """The most that will be left on each unit of a row.

    Where a bound knows already that less will be left of the row, every unit has its part of that. Each offer rounds
    a unit by two minor units at most.
    """
    alone = view.offer.group is None
    left = view.amounts.left[r] if alone else view.grouped()[r]
    if view.row(r).quantity == 1:
        return [left]
    values = view.units(r) if alone else view.seen(r)
    whole = sum(values)
    if left >= whole:
        return values
    slack = 2 * len(view.cart.offers) + 1
    return [min(value, value * left // whole + slack) for value in values]


def first_of(found: list[list[int]], wanted: int) -> int:
    """What the first so many units of some runs hold at most."""
    total = 0
    for run in found:
        total += sum(run[:wanted])
        wanted -= min(wanted, len(run))
    return total


def nth_of(found: list[list[int]], nth: int) -> list[int]:
    """What every nth unit of some runs holds at most."""
    passed, values = 0, []
    for run in found:
        wanted = (passed + len(run)) // nth - passed // nth
        passed += len(run)
        values += run[:wanted]
    return values
