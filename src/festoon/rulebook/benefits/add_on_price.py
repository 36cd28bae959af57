"""Other goods at a special price beside a purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, flag, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.scope import Scope
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import WHICH, Units, top_above, values_now
from festoon.rulebook.scopes import goods, goods_words
from festoon.rulebook.words import counted

AGAIN = Words(
    "For every further such amount as many units again may be added.", "每再满一次使用门槛，可再换购同样件数。"
)


@dataclass(frozen=True, slots=True)
class AddOnPrice(Benefit):
    """Who buys of the offer's other goods may add `goods` at a special price: a cup for 9.90 with tea from 100.00.

    `at` is what must be spent on the other goods, counted on the threshold basis; any of them is enough without it.
    At most `units` units have the price, those of `which` first; with `repeat` as many for every such amount.
    """

    goods: Scope = goods("Goods that are added", "换购商品", needed=True)
    price: int = money("Price of a unit", "换购价")
    at: int = money("From an amount spent", "使用门槛", default=0)
    units: int = count("At most units", "限购件数", least=1, default=1)
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Only an amount can be reached again, and something is left to be bought."""
        goods, found = self.goods, []
        if self.repeat and not self.at:
            found.append(("repeat", "at", Words("needs at", "须与 at 同用")))
        if not (goods.within or goods.exceptions or goods.prices or goods.untouched):
            found.append(
                ("goods", "all", Words("are all goods: none is left to be bought", "为全部商品，没有可购买的商品"))
            )
        return found

    def missing(self, view: View) -> int:
        """What is missing on the other goods: an amount, or 1 when there are none."""
        bought = self._bought(view)
        return max(self.at - self._spent(view), 0) if self.at or bought else 1

    def _bought(self, view: View) -> list[int]:
        added = set(view.part(self.goods))
        return [r for r in view.goods if r not in added]

    def _spent(self, view: View) -> int:
        amounts = view.at(view.offer.threshold_basis)
        return sum([amounts[r] for r in self._bought(view)])

    def cut(self, view: View) -> list[int] | No:
        """Down to the price, on each unit that is added."""
        missing = self.missing(view)
        if missing:
            return No("not_met", "spend", missing, "money" if self.at else "count", source=self)
        added, units = view.part(self.goods), Units(view)
        if not added:
            return No("not_met", "add", 1, "count", source=self)
        wanted = self.units * (self._spent(view) // self.at if self.repeat else 1)
        for number, unit in enumerate(units.ordered(added, self.which)):
            if number < wanted:
                units.give(unit, max(0, units.value(unit) - self.price))
        return units.cuts()

    def most(self, view: View) -> int:
        """How far the dearest units lie above the price.

        Goods that are added only while they are not reduced may come to be among those that are bought.
        """
        spent = view.spend() if self.goods.untouched else self._spent(view)
        if spent < self.at:
            return 0
        wanted = self.units * (spent // self.at if self.repeat else 1)
        return min(sum(view.running()), top_above(values_now(view), wanted, self.price, 1))

    def words(self, currency: str) -> Words:
        """Spend 100.00: add item cup for 9.90 each"""
        named, price = goods_words(self.goods, currency), price_text(self.price, currency)
        at = price_text(self.at, currency)
        said = Words(f"add {named.en} for {price} each", f"加{price}换购{named.zh}")
        if self.at:
            every = self.repeat
            said = Words(f"{'every' if every else 'spend'} {at}: ", f"{'每' if every else ''}满{at}") + said
        return said + Words(f", at most {counted(self.units, 'unit', 'units')}", f"，限{self.units}件")

    def refusal(self, no: No, currency: str) -> Words:
        """Spend 19.00 more to add goods at a special price."""
        if no.reason == "add":
            named, price = goods_words(self.goods, currency), price_text(self.price, currency)
            return Words(f"add {named.en} for {price}", f"可加{price}换购{named.zh}")
        if no.unit == "count":
            return Words("buy other goods of the offer first", "须先购买活动商品")
        gap = price_text(no.gap, currency)
        return Words(f"spend {gap} more to add goods at a special price", f"再买{gap}即可换购")
