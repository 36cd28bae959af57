"""A percentage off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money, percent
from festoon.base.money import percent_text, price_text, share, zhe_text
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import RUNNING, STAGES
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class PercentOff(Benefit):
    """A percentage off the goods of the offer, at most `cap` in all.

    Of what is left at the offer's turn, unless `percent_basis` says otherwise. Rounded per line, or per unit or over
    the order, as `rounding` says.
    """

    basis_points: int = percent("Percent off", "折扣比例")
    cap: int | None = money("At most", "最高优惠", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = tuple(range(len(STAGES)))

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """The percentage of each row; a cap is divided in proportion."""
        per = view.offer.per
        if per == "line":
            cuts = view.percents(self.basis_points)
        elif per == "order":
            base = view.base()
            cuts = share(view.percent(sum(base), self.basis_points), base)
        else:
            cuts = [self._by_unit(view, *pair) for pair in zip(view.base(), view.quantities(), strict=True)]
        if self.cap is not None and sum(cuts) > self.cap:
            return share(self.cap, view.base())
        return cuts

    def _by_unit(self, view: View, amount: int, quantity: int) -> int:
        each, rest = divmod(amount, quantity)
        dearer = view.percent(each + 1, self.basis_points) * rest if rest else 0
        return dearer + view.percent(each, self.basis_points) * (quantity - rest)

    def by_line(self, offer: Offer) -> bool:
        """Without a cap, unless it is rounded over the order."""
        return self.cap is None and offer.per != "order"

    def within(self, offer: Offer) -> bool:
        """Of what is left."""
        return offer.plainly_running

    def simply(self, offer: Offer) -> tuple[int, int] | None:
        """By the row, without a cap."""
        return (self.basis_points, 0) if offer.per == "line" and self.cap is None else None

    def sure(self, view: View) -> bool:
        """Where any row comes to one minor unit at least."""
        return view.offer.per == "line" and view.comes_to(self.basis_points)

    def rate(self, view: View) -> int:
        """The percentage, where it is of what is left; a cap is a better bound."""
        return self.basis_points if self.cap is None and view.offer.percent_basis == RUNNING else 0

    def most(self, view: View) -> int:
        """The percentage of what is there now, every unit rounded up."""
        left, base = sum(view.running()), sum(view.base())
        bound = min(left, base * self.basis_points // 10_000 + sum(view.quantities()) + 1)
        return bound if self.cap is None else min(bound, self.cap)

    def words(self, currency: str) -> Words:
        """10% off, at most 20.00"""
        return self._capped(Words(f"{percent_text(self.basis_points)} off", zhe_text(self.basis_points)), currency)

    def shipping_words(self, currency: str) -> Words:
        """50% off shipping, at most 3.00"""
        text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
        return self._capped(Words(f"{text} off shipping", f"运费{zhe}"), currency)

    def _capped(self, said: Words, currency: str) -> Words:
        if self.cap is None:
            return said
        cap = price_text(self.cap, currency)
        return said + Words(f", at most {cap}", f"，最高{cap}")
