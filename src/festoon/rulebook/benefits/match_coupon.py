"""Another payer adds to what coupons take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.money import price_text, share_within
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View

NO_COUPON = Words("use a coupon to have it doubled", "使用优惠券即可翻倍")


@dataclass(frozen=True, slots=True)
class MatchCoupon(Benefit):
    """Coupons count double, up to an amount: what a coupon took on the goods of the offer is given once more.

    What a balance paid is not doubled.

    A coupon that took less than `upto` is matched by as much again, but the two together never exceed `upto`; one
    that took `upto` or more is not matched. It comes after the coupons it looks at, so it works in the payment stage.
    """

    upto: int = money("Up to", "最高翻至", least=1)

    stage: ClassVar[int] = PAYMENT
    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """The match of every coupon that served, on the rows where it took."""
        cuts = dict.fromkeys(view.rows, 0)
        met = False
        for served in view.amounts.log():
            offer = view.cart.offers[served.k]
            if not offer.coupon or offer.benefit.balance:
                continue
            parts = [(r, cut) for r, cut in zip(served.rows, served.cuts, strict=True) if cut and r in cuts]
            taken = sum([cut for _, cut in parts])
            if not 0 < taken < self.upto:
                continue
            met = True
            rooms = [view.amounts.left[r] - cuts[r] for r, _ in parts]
            match = share_within(min(taken, self.upto - taken), [cut for _, cut in parts], rooms)
            for (r, _), more in zip(parts, match, strict=True):
                cuts[r] += more
        return [cuts[r] for r in view.rows] if met else No("not_met", "no_coupon", source=self)

    def most(self, view: View) -> int:
        """Half of `upto` for every coupon that may serve."""
        coupons = sum([1 for offer in view.cart.offers if offer.coupon])
        return min(sum(view.running()), coupons * (self.upto // 2 + self.upto % 2))

    def words(self, currency: str) -> Words:
        """Coupons double up to 1.00"""
        text = price_text(self.upto, currency)
        return Words(f"coupons double up to {text}", f"优惠券翻倍，最高{text}")

    def refusal(self, no: No, currency: str) -> Words:
        """Use a coupon to have it doubled."""
        return NO_COUPON
