"""Buy some, get some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.money import WHOLE, percent_text, price_text, zhe_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.scope import Scope
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import (
    WHICH,
    Unit,
    Units,
    above,
    cut_one,
    dearest,
    first_of,
    least_of_units,
    lone,
    part_of,
    runs,
    top_above,
    values_now,
)
from festoon.rulebook.scopes import goods, on_goods
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class BuyXGetY(Benefit):
    """For every `buy` units bought, `get` more are given: free, at a percentage off, an amount off each, or a price each.

    Only complete groups of `buy` + `get` units count, at most `times`. Which units are given goes by the price on
    the tag; of units at the same price those on which most is left, then the first. `bought` and `given` say which of
    the offer's goods buy and which are given, all of them when left out; a unit is bought, given or idle. One that
    costs no more than the price keeps what it costs.
    """

    buy: int = count("Buy", "买", least=1, most=1000)
    get: int = count("Get", "送", least=1, most=1000, default=1)
    basis_points: int = percent("Percent off what is given", "赠送部分折扣", default=WHOLE)
    which: str = choice("Which are given", "赠送哪些", WHICH, default="cheapest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    off: int | None = money("or amount off each that is given", "或赠送部分每件减", least=1, default=None)
    bought: Scope | None = goods("Goods that buy", "购买商品")
    given: Scope | None = goods("Goods that are given", "赠送商品")
    price: int | None = money("or the price of each that is given", "或赠送部分每件价", default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def faults(self) -> list[tuple[str, str, Words]]:
        """A percentage, an amount or a price, not two of them."""
        if self.price is not None and (self.off is not None or self.basis_points != WHOLE):
            other = "basis_points" if self.off is None else "off"
            return [("price", "one_of", Words(f"give either price or {other}", f"price 与 {other} 须二选一"))]
        if self.off is None or self.basis_points == WHOLE:
            return []
        return [("off", "one_of", Words("give either off or basis_points", "off 与 basis_points 须二选一"))]

    def groups(self, view: View) -> int:
        """How many complete groups there are."""
        if self.bought is None and self.given is None:
            groups = view.count(view.goods) // (self.buy + self.get)
            return groups if self.times is None or groups < self.times else self.times
        bought, given = view.part(self.bought), view.part(self.given)
        units = view.count(sorted({*bought, *given}))
        groups = min(units // (self.buy + self.get), view.count(bought) // self.buy, view.count(given) // self.get)
        return groups if self.times is None else min(groups, self.times)

    def cut(self, view: View) -> list[int] | No:
        """What is left on the units that are given, or a part of it."""
        groups = self.groups(view)
        if not groups:
            return self._short(view)
        if groups * self.get == 1 and self.bought is None and self.given is None:
            first = lone(view, self.which)
            if first >= 0:
                return cut_one(view, first, self.off, self.basis_points, self.price)
        units = Units(view)
        for unit in self._chosen(view, units, groups):
            units.give(unit, part_of(view, units.value(unit), self.off, self.basis_points, self.price))
        return units.cuts()

    def wanting(self, view: View) -> No | None:
        """Units of a group, unless it looks for goods from which nothing was taken: those turns take."""
        for scope in (self.bought, self.given):
            if scope is not None and scope.untouched:
                return None
        return None if self.groups(view) else self._short(view)

    def _short(self, view: View) -> No:
        return No("not_met", "group", self._missing(view), "count", (), self)

    def _missing(self, view: View) -> int:
        if self.bought is None and self.given is None:
            return self.buy + self.get - view.count(view.goods)
        bought, given = view.part(self.bought), view.part(self.given)
        short = max(0, self.buy - view.count(bought)) + max(0, self.get - view.count(given))
        return max(short, self.buy + self.get - view.count(sorted({*bought, *given})))

    def _chosen(self, view: View, units: Units, groups: int) -> list[Unit]:
        """The units that are given: in their order, as long as enough are left to buy."""
        if self.bought is None and self.given is None:
            return units.first(view.goods, self.which, groups * self.get)
        bought = view.part(self.bought)
        spare = view.count(bought) - groups * self.buy
        found: list[Unit] = []
        for unit in units.ordered(view.part(self.given), self.which):
            if len(found) == groups * self.get:
                break
            if unit[0] in bought:
                if not spare:
                    continue
                spare -= 1
            found.append(unit)
        return found

    def within(self, offer: Offer) -> bool:
        """No unit is given more than is left on it."""
        return True

    def sure(self, view: View) -> bool:
        """Where every unit has something left: no other unit of its row has more than its price."""
        if self.off is not None or self.bought is not None or self.given is not None or not self.groups(view):
            return False
        least = least_of_units(view)
        return least > self.price if self.price is not None else least * self.basis_points >= WHOLE

    def most(self, view: View) -> int:
        """The dearest units: when other offers take rows away, dearer ones may become the cheapest."""
        wanted = self.groups(view) * self.get
        if self.off is not None:
            return min(sum(view.running()), wanted * self.off)
        if self.price is not None:
            return min(sum(view.running()), top_above(values_now(view), wanted, self.price, 1))
        given = dearest(view, wanted) * self.basis_points // WHOLE
        return min(sum(view.running()), given + wanted)  # each unit may be rounded up

    def most_of_these(self, view: View) -> int:
        """The units that come first; where goods are told apart, the dearest."""
        if self.off is not None or self.bought is not None or self.given is not None:
            return self.most(view)
        wanted = self.groups(view) * self.get
        found = runs(view, view.rows, self.which, wanted) if wanted else []
        if self.price is not None:
            return first_of(above(found, self.price), wanted)
        return first_of(found, wanted) * self.basis_points // WHOLE + wanted

    def words(self, currency: str) -> Words:
        """Buy 2, get 1 free"""
        bought = on_goods(Words(f"buy {self.buy}", f"买{self.buy}"), self.bought, currency)
        gets = Words(f", get {self.get}", f"送{self.get}" if self.price is None else f"，再享{self.get}件")
        if self.off is not None:
            text = price_text(self.off, currency)
            gets += Words(f" at {text} off each", f"（每件减{text}）")
        elif self.price is not None:
            text = price_text(self.price, currency)
            gets += Words(f" for {text}{' each' if self.get > 1 else ''}", f"（每件{text}）")
        elif self.basis_points < WHOLE:
            text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
            gets += Words(f" at {text} off", f"（{zhe}）")
        else:
            gets = Words(f"{gets.en} free", gets.zh)
        said = bought + on_goods(gets, self.given, currency)
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit to get 1."""
        if self.price is not None:
            text, each = price_text(self.price, currency), " each" if self.get > 1 else ""
            return Words(
                f"add {counted(no.gap, 'unit', 'units')} to get {self.get} for {text}{each}",
                f"再加{no.gap}件，其中{self.get}件仅{text}{'/件' if each else ''}",
            )
        return Words(f"add {counted(no.gap, 'unit', 'units')} to get {self.get}", f"再加{no.gap}件即送{self.get}件")
