"""The more is spent, the more is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, money, percent, table
from festoon.base.money import WHOLE, percent_text, price_text, share, zhe_text
from festoon.base.words import Words, joined
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import RUNNING, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.benefits.amount_off import spread

MIXED = Words(
    "mix amounts and percentages, which cannot be compared: make an offer of each, with most_spend or most_quantity",
    "混用了金额与折扣比例，无法比较：请分成两个优惠，用 most_spend 或 most_quantity 区分",
)
AGAIN = Words(
    "The last tier is given again for every further such amount: 50 off 300 is 100 off 600.",
    "按最后一档循环：满 300 减 50，则满 600 减 100，依此类推。",
)


@dataclass(frozen=True, slots=True)
class Tier:
    """From an amount spent: an amount off; or a percentage off, at most `cap`."""

    at: int = money("Spend", "满", least=1)
    off: int = money("Save", "减", default=0)
    basis_points: int = percent("or percent off", "或折扣比例", least=0, default=0)
    cap: int | None = money("At most", "最高优惠", least=1, default=None)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Exactly one of the two is given, and no amount is above what was spent."""
        if bool(self.off) == bool(self.basis_points):
            return [("off", "one_of", Words("give either off or basis_points", "off 与 basis_points 须二选一"))]
        if self.cap is not None and not self.basis_points:
            return [("cap", "percent", Words("is for a percentage", "仅用于折扣比例"))]
        if self.off > self.at:
            return [("off", "range", Words("is more than is spent", "超过门槛金额"))]
        return []


@dataclass(frozen=True, slots=True)
class AmountByTier(Benefit):
    """Spend more, save more: the highest tier that is reached counts.

    With `repeat` the last tier is given again for every further such amount ("every 300 less 50"), at most `times`.
    """

    tiers: tuple[Tier, ...] = table(Tier, "Tiers", "阶梯")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stage: ClassVar[int] = STORE
    spill: ClassVar[bool] = True

    def faults(self) -> list[tuple[str, str, Words]]:
        """Tiers rise, in what is spent and in what is given."""
        if any(tier.off for tier in self.tiers) and any(tier.basis_points for tier in self.tiers):
            return [("tiers", "mixed", MIXED)]
        for low, high in zip(self.tiers, self.tiers[1:], strict=False):
            if high.at <= low.at or high.off < low.off or high.basis_points < low.basis_points:
                return [("tiers", "order", Words("must rise from one to the next", "须逐级递增"))]
            if high.cap is not None and (low.cap is None or high.cap < low.cap):
                return [("tiers", "order", Words("no cap may be lower than the one before", "最高优惠不得低于上一级"))]
        if self.repeat and self.tiers[-1].basis_points:
            return [("repeat", "percent", Words("a percentage cannot repeat", "折扣比例不能每满重复"))]
        if self.times is not None and not self.repeat:
            return [("times", "repeat", Words("needs repeat", "须与 repeat 同用"))]
        return []

    def reached(self, spent: int) -> Tier | None:
        """The highest tier that an amount reaches."""
        found = None
        for tier in self.tiers:
            if spent >= tier.at:
                found = tier
        return found

    def rounds(self, spent: int) -> int:
        """How many times the last tier is given."""
        if not self.repeat:
            return 1
        rounds = spent // self.tiers[-1].at
        return max(1, rounds if self.times is None else min(rounds, self.times))

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """The tier's amount, divided over the rows; or its percentage of them all."""
        return self.limited(view, None)

    def limited(self, view: View, most: int | None) -> list[int] | No:
        """The same of at most so much: what is given is divided once, so a tier that gives more never gives less."""
        spent = view.spend()
        tier = self.reached(spent)
        if tier is None:
            return No("not_met", "tier", self.tiers[0].at - spent, "money", source=self)
        if tier.basis_points:
            base = view.base()
            amount = view.percent(sum(base), tier.basis_points)
            amount = amount if tier.cap is None else min(amount, tier.cap)
            return share(amount if most is None else min(amount, most), base)
        amount = tier.off * (self.rounds(spent) if tier is self.tiers[-1] else 1)
        return spread(view, amount if most is None else min(amount, most))

    def within(self, offer: Offer) -> bool:
        """In proportion to what is left."""
        return offer.weights == "value" and offer.plainly_running

    def sure(self, view: View) -> bool:
        """Where a tier is reached that takes an amount, and anything is left."""
        tier = self.reached(view.spend())
        return tier is not None and tier.off > 0 and view.offer.weights == "value" and view.comes_to(WHOLE)

    def rate(self, view: View) -> int:
        """What one repeats so often that it is a percentage: "every 300 less 50" of what is left."""
        offer, last = view.offer, self.tiers[-1]
        if not self.repeat or len(self.tiers) > 1 or offer.threshold_basis != RUNNING or offer.weights != "value":
            return 0
        if self.times is not None or view.spend() < 3 * last.at:
            return 0
        return -(-last.off * WHOLE // last.at)

    def most(self, view: View) -> int:
        """The tier that is reached now: what is spent can only fall."""
        spent = view.spend()
        tier = self.reached(spent)
        if tier is None:
            return 0
        if tier.basis_points:
            bound = min(sum(view.running()), sum(view.base()) * tier.basis_points // WHOLE + 1)
            return bound if tier.cap is None else min(bound, tier.cap)
        return min(sum(view.running()), tier.off * (self.rounds(spent) if tier is self.tiers[-1] else 1))

    def further(self, view: View) -> No | None:
        """The next tier."""
        spent = view.spend()
        for tier in self.tiers:
            if tier.at > spent:
                return No("not_met", "next_tier", tier.at - spent, "money", (("at", tier.at),), self)
        last, rounds = self.tiers[-1], self.rounds(spent)
        if self.repeat and (self.times is None or rounds < self.times):
            at = last.at * (rounds + 1)
            return No("not_met", "next_tier", at - spent, "money", (("at", at),), self)
        return None

    def words(self, currency: str) -> Words:
        """Spend 300.00, save 50.00; spend 500.00, save 100.00"""
        return joined([self._tier(t, currency, self.repeat and t is self.tiers[-1]) for t in self.tiers], "; ", "；")

    def _tier(self, tier: Tier, currency: str, every: bool) -> Words:
        at, off = price_text(tier.at, currency), price_text(tier.off, currency)
        gives = Words(f"save {off}", f"减{off}")
        if tier.basis_points:
            gives = percent_words(tier.basis_points, tier.cap, currency)
        said = Words(f"{'every' if every else 'spend'} {at}, {gives.en}", f"{'每' if every else ''}满{at}{gives.zh}")
        if every and self.times is not None:
            said += Words(f" (at most {self.times} times)", f"（最多{self.times}次）")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Spend 19.00 more to save 80.00"""
        gap, at = price_text(no.gap, currency), no.detail("at") or self.tiers[0].at
        tier = self.reached(int(at))
        if tier is None or tier.basis_points:
            gives = (
                percent_words(tier.basis_points, tier.cap, currency) if tier is not None else percent_words(0, None, "")
            )
            return Words(f"spend {gap} more for {gives.en}", f"再买{gap}{gives.zh}")
        off = price_text(tier.off * (self.rounds(int(at)) if tier is self.tiers[-1] else 1), currency)
        return Words(f"spend {gap} more to save {off}", f"再买{gap}减{off}")


def percent_words(basis_points: int, cap: int | None, currency: str) -> Words:
    """10% off, at most 20.00"""
    said = Words(f"{percent_text(basis_points)} off", f"享{zhe_text(basis_points)}")
    if cap is None:
        return said
    text = price_text(cap, currency)
    return said + Words(f", at most {text}", f"，最高优惠{text}")
