"""Goods that go together for a price."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import filterfalse, islice
from typing import ClassVar

from festoon.base.form import choice, count, money, table
from festoon.base.money import price_text
from festoon.base.words import Words, joined
from festoon.engine.offer import Benefit
from festoon.engine.scope import Scope
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.benefits.units_for_price import down_to
from festoon.rulebook.picking import WHICH, Unit, Units, top_above, values_now
from festoon.rulebook.scopes import goods, goods_words
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class Piece:
    """So many units of some goods."""

    goods: Scope = goods("Goods", "商品", needed=True)
    quantity: int = count("How many", "件数", least=1, most=1000, default=1)


@dataclass(frozen=True, slots=True)
class BundlePrice(Benefit):
    """A set of goods costs a price: a pot and two cups for 199.00, as often as the cart holds it, at most `times`.

    Sets are put together from the offer's goods one after another, of each piece the units of `which` come first; a unit
    is in one set only. A piece of which the cart holds fewest units has its choice first. A set that would cost no
    less is not made.
    """

    pieces: tuple[Piece, ...] = table(Piece, "Pieces", "组成")
    price: int = money("Together cost", "套装价")
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def cut(self, view: View) -> list[int] | No:
        """What each set costs more than its price, divided over its units."""
        units = Units(view)
        parts = [view.part(piece.goods) for piece in self.pieces]
        turns = sorted(range(len(parts)), key=lambda j: (view.count(parts[j]), j))
        made, taken = 0, set[Unit]()
        pools = [filterfalse(taken.__contains__, units.ordered(rows, self.which)) for rows in parts]
        while self.times is None or made < self.times:
            bundle: list[Unit] = []
            for j in turns:
                free = list(islice(pools[j], self.pieces[j].quantity))
                bundle += free
                taken.update(free)
            missing = self.size() - len(bundle)
            if missing and not made:
                return No("not_met", "bundle", missing, "count", source=self)
            if missing or not down_to(self.price, bundle, units):
                break
            made += 1
        return units.cuts()

    def size(self) -> int:
        """How many units a set has."""
        return sum([piece.quantity for piece in self.pieces])

    def most(self, view: View) -> int:
        """How far the dearest units lie above the price."""
        sets = view.quantity() // self.size()
        sets = sets if self.times is None else min(sets, self.times)
        return min(sum(view.running()), top_above(values_now(view), sets * self.size(), self.price, self.size()))

    def words(self, currency: str) -> Words:
        """1 × item pot and 2 × item cup together for 199.00"""
        parts = []
        for piece in self.pieces:
            named = goods_words(piece.goods, currency)
            parts.append(Words(f"{piece.quantity} × {named.en}", f"{piece.quantity}件{named.zh}"))
        text, listed = price_text(self.price, currency), joined(parts, " and ", "加")
        said = Words(f"{listed.en} together for {text}", f"{listed.zh}套装价{text}")
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit to complete the set."""
        return Words(f"add {counted(no.gap, 'unit', 'units')} to complete the set", f"再加{no.gap}件即成套装")
