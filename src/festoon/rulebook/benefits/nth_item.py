"""Every second item for half."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.money import WHOLE, percent_text, price_text, zhe_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import (
    WHICH,
    Unit,
    Units,
    above,
    by_tag,
    nth_of,
    part_of,
    runs,
    top,
    top_above,
    values_now,
)
from festoon.rulebook.words import counted

PER = {
    "scope": Words("over all goods of the offer", "全部活动商品合计"),
    "sku": Words("of each item by itself", "每个货号分别计"),
}


@dataclass(frozen=True, slots=True)
class NthItem(Benefit):
    """Every nth unit at a percentage off, or at a price: the second for half, every third free, the second for 1.00.

    Units are counted off in the order of `which`, by default the dearest first, so that the nth is the cheapest of its
    group; over all goods of the offer, or of each sku by itself. At most `times` in all, and at most `cap` off them
    together. Give either `basis_points` or `price`; a unit that costs no more than the price keeps what it costs. Units
    at one price on the tag are alike in counting: as many of them as are nths have it, those on which most is left. So
    the second at half its price and the third free are two units, each in an offer of its own.
    """

    nth: int = count("Every", "每第几件", least=1, most=1000)
    basis_points: int | None = percent("Percent off", "折扣比例", default=None)
    per: str = choice("Counted", "计数范围", PER, default="scope")
    which: str = choice("Which are counted first", "计数顺序", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    price: int | None = money("or the price of each nth", "或第N件每件价", default=None)
    cap: int | None = money("At most off together", "合计最高优惠", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def faults(self) -> list[tuple[str, str, Words]]:
        """A percentage or a price, exactly one of them."""
        if (self.basis_points is None) != (self.price is None):
            return []
        name = "basis_points" if self.price is None else "price"
        return [(name, "one_of", Words("give either basis_points or price", "basis_points 与 price 须二选一"))]

    def rounds(self, view: View) -> int:
        """How many units are given it."""
        rounds = sum([view.count(rows) // self.nth for rows in self._counted(view)])
        return rounds if self.times is None else min(rounds, self.times)

    def _counted(self, view: View) -> list[list[int]]:
        """The rows that are counted together."""
        if self.per == "scope":
            return [view.rows]
        rows: dict[str, list[int]] = {}
        for r in view.rows:
            rows.setdefault(view.row(r).single[0], []).append(r)
        return list(rows.values())

    def cut(self, view: View) -> list[int] | No:
        """The percentage of every nth unit, or what it is above the price."""
        rounds = self.rounds(view)
        if not rounds:
            most = max([view.count(rows) for rows in self._counted(view)], default=0)
            return No("not_met", "group", self.nth - most, "count", source=self)
        units, points = Units(view), self.basis_points or 0
        for rows in self._counted(view):
            here = min(rounds, view.count(rows) // self.nth)
            for unit in self._nths(rows, units, here) if here else ():
                units.give(unit, part_of(view, units.value(unit), None, points, self.price))
            rounds -= here
        return units.cuts(self.cap)

    def _nths(self, rows: list[int], units: Units, times: int) -> list[Unit]:
        """Every nth unit of some rows, so many of them.

        Of units at one price, those on which most is left; of equal ones those that are nths as they stand.
        """
        nth, view = self.nth, units.view
        if self.which == "listed":
            return units.first(rows, self.which, times * nth)[nth - 1 :: nth]
        found: list[Unit] = []
        passed = 0
        for _, run in groupby(by_tag(view, rows, self.which), itemgetter(0)):
            alike = [r for _, r in run]
            many = view.count(alike)
            wanted = min(times, (passed + many) // nth) - passed // nth
            if wanted == 1 == many:
                found.append((alike[0], 0))
            elif wanted:
                pool = [(r, i) for r in alike for i in range(view.row(r).quantity)]
                ranks = [(-units.value(unit), (passed + j) % nth != nth - 1, j) for j, unit in enumerate(pool)]
                found += [pool[j] for _, _, j in sorted(ranks)[:wanted]]
            passed += many
            if len(found) == times:
                break
        return found

    def within(self, offer: Offer) -> bool:
        """No unit is given more than is left on it."""
        return True

    def most(self, view: View) -> int:
        """The percentage of the dearest units, each rounded up; or by how much they are above the price."""
        rounds = self.rounds(view)
        if self.price is not None:
            bound = top_above(values_now(view), rounds, self.price, 1)
        else:
            bound = top(values_now(view), rounds) * (self.basis_points or 0) // WHOLE + rounds
        return self._capped(min(sum(view.running()), bound))

    def _capped(self, amount: int) -> int:
        return amount if self.cap is None or amount < self.cap else self.cap

    def most_of_these(self, view: View) -> int:
        """The nth units; with `times`, of every sku the first ones."""
        values: list[int] = []
        for rows in self._counted(view):
            found = runs(view, rows, self.which)
            values += nth_of(found if self.price is None else above(found, self.price), self.nth)
        if self.times is not None:
            values = sorted(values, reverse=True)[: self.times] if self.per == "sku" else values[: self.times]
        if self.price is not None:
            return self._capped(sum(values))
        return self._capped(sum(values) * (self.basis_points or 0) // WHOLE + len(values))

    def words(self, currency: str) -> Words:
        """Unit 2 of every 2 at 50% off"""
        nth, same = self.nth, Words(" of the same item", "同款") if self.per == "sku" else Words("", "")
        said = Words(f"unit {nth} of every {nth}{same.en} ", f"{same.zh}每第{nth}件") + self._at(currency)
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        if self.cap is not None:
            cap = price_text(self.cap, currency)
            said += Words(f", at most {cap} off together", f"，合计最高优惠{cap}")
        return said

    def _at(self, currency: str) -> Words:
        if self.price is not None:
            text = price_text(self.price, currency)
            return Words(f"for {text}", text)
        points = self.basis_points or 0
        return Words(f"at {percent_text(points)} off", zhe_text(points))

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit for 50% off it."""
        more = counted(no.gap, "unit", "units")
        if self.price is not None:
            text = price_text(self.price, currency)
            return Words(f"add {more} to have one for {text}", f"再加{no.gap}件，其中1件仅{text}")
        points = self.basis_points or 0
        return Words(f"add {more} for {percent_text(points)} off", f"再加{no.gap}件即享{zhe_text(points)}")
