"""Buy some, get some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, percent
from festoon.base.money import percent_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import counted

WHICH = {
    "cheapest": Words("the cheapest units", "最便宜的"),
    "dearest": Words("the dearest units", "最贵的"),
}


@dataclass(frozen=True, slots=True)
class BuyXGetY(Benefit):
    """For every `buy` units bought, `get` more are given: free, or at a percentage off.

    Only complete groups of `buy` + `get` units count, at most `times`. Which units are given goes by the price on
    the tag; of units at the same price those on which most is left, then the first.
    """

    buy: int = count("Buy", "买", least=1, most=1000)
    get: int = count("Get", "送", least=1, most=1000, default=1)
    basis_points: int = percent("Percent off what is given", "赠送部分折扣", default=10_000)
    which: str = choice("Which are given", "赠送哪些", WHICH, default="cheapest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def groups(self, units: int) -> int:
        """How many complete groups there are among so many units."""
        groups = units // (self.buy + self.get)
        return groups if self.times is None else min(groups, self.times)

    def cut(self, view: View) -> list[int] | No:
        """What is left on the units that are given, or a percentage of it."""
        units = view.quantity()
        wanted = self.groups(units) * self.get
        if not wanted:
            return No("not_met", "group", self.buy + self.get - units, "count", source=self)
        cuts = []
        chosen = self._chosen(view, wanted)
        for r in view.rows:
            if r not in chosen:
                cuts.append(0)
                continue
            values, given = view.units(r), [0] * view.row(r).quantity
            for i in chosen[r]:
                room = max(0, values[i] - view.row(r).tag_floor)
                given[i] = min(room, view.percent(values[i], self.basis_points))
            view.given[r] = given
            cuts.append(sum(given))
        return cuts

    def _chosen(self, view: View, wanted: int) -> dict[int, list[int]]:
        """The units that are given: row → unit numbers."""
        sign = 1 if self.which == "cheapest" else -1
        order = sorted([(sign * view.tag_per_unit(r), r) for r in view.rows])
        chosen: dict[int, list[int]] = {}
        at = 0
        while wanted > 0 and at < len(order):
            price, pool = order[at][0], []
            while at < len(order) and order[at][0] == price:
                r = order[at][1]
                pool += [(-value, r, i) for i, value in enumerate(view.units(r))]
                at += 1
            for _, r, i in sorted(pool)[:wanted]:
                chosen.setdefault(r, []).append(i)
                wanted -= 1
        return chosen

    def most(self, view: View) -> int:
        """The dearest units: when other offers take rows away, dearer ones may become the cheapest."""
        wanted = self.groups(view.quantity()) * self.get
        left = view.amounts.left
        pairs = sorted([(min(view.row(r).unit_price, left[r]), view.row(r).quantity) for r in view.rows], reverse=True)
        total = wanted  # each unit may be rounded up
        for value, quantity in pairs:
            n = min(wanted, quantity)
            total += value * n * self.basis_points // 10_000
            wanted -= n
        return min(sum(view.running()), total)

    def words(self, currency: str) -> Words:
        """Buy 2, get 1 free"""
        off = percent_text(self.basis_points)
        said = Words(f"buy {self.buy}, get {self.get} at {off} off", f"买{self.buy}送{self.get}（立减{off}）")
        if self.basis_points == 10_000:
            said = Words(f"buy {self.buy}, get {self.get} free", f"买{self.buy}送{self.get}")
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit to get 1."""
        return Words(f"add {counted(no.gap, 'unit', 'units')} to get {self.get}", f"再加{no.gap}件即送{self.get}件")
