"""The more is bought, the more is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, money, percent, table
from festoon.base.money import WHOLE, price_text, share
from festoon.base.words import Words, joined
from festoon.engine.offer import Benefit
from festoon.engine.stages import STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.benefits.amount_by_tier import MIXED, percent_words
from festoon.rulebook.benefits.amount_off import spread
from festoon.rulebook.words import counted

AGAIN = Words(
    "The last step is given again for every further such number: 20 off 3 pieces is 40 off 6.",
    "按最后一档循环：满 3 件减 20，则满 6 件减 40，依此类推。",
)


@dataclass(frozen=True, slots=True)
class Step:
    """From a number of units: an amount off; or a percentage off, at most `cap`."""

    units: int = count("Buy", "满件数", least=1)
    off: int = money("Save", "减", default=0)
    basis_points: int = percent("or percent off", "或折扣比例", least=0, default=0)
    cap: int | None = money("At most", "最高优惠", least=1, default=None)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Exactly one of the two is given, and only a percentage has a cap."""
        if bool(self.off) == bool(self.basis_points):
            return [("off", "one_of", Words("give either off or basis_points", "off 与 basis_points 须二选一"))]
        if self.cap is not None and not self.basis_points:
            return [("cap", "percent", Words("is for a percentage", "仅用于折扣比例"))]
        return []


@dataclass(frozen=True, slots=True)
class AmountByQuantity(Benefit):
    """Buy more, save more: the highest step that the number of units reaches counts, for all of the offer's goods.

    With `repeat` the last step is given again for every further such number ("every 3, 20 off"), at most `times`.
    """

    steps: tuple[Step, ...] = table(Step, "Steps", "阶梯")
    repeat: bool = flag("Every such number", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stage: ClassVar[int] = STORE
    spill: ClassVar[bool] = True

    def faults(self) -> list[tuple[str, str, Words]]:
        """Steps rise, in what is bought and in what is given."""
        if any(step.off for step in self.steps) and any(step.basis_points for step in self.steps):
            return [("steps", "mixed", MIXED)]
        for low, high in zip(self.steps, self.steps[1:], strict=False):
            if high.units <= low.units or high.off < low.off or high.basis_points < low.basis_points:
                return [("steps", "order", Words("must rise from one to the next", "须逐级递增"))]
            if high.cap is not None and (low.cap is None or high.cap < low.cap):
                return [("steps", "order", Words("no cap may be lower than the one before", "最高优惠不得低于上一级"))]
        if self.repeat and self.steps[-1].basis_points:
            return [("repeat", "percent", Words("a percentage cannot repeat", "折扣比例不能每满重复"))]
        if self.times is not None and not self.repeat:
            return [("times", "repeat", Words("needs repeat", "须与 repeat 同用"))]
        return []

    def reached(self, units: int) -> Step | None:
        """The highest step that a number of units reaches."""
        return next((step for step in reversed(self.steps) if units >= step.units), None)

    def off(self, step: Step, units: int) -> int:
        """The amount of a step, as often as it is given."""
        if not self.repeat or step is not self.steps[-1]:
            return step.off
        rounds = units // step.units
        return step.off * (rounds if self.times is None else min(rounds, self.times))

    def cut(self, view: View) -> list[int] | No:
        """The step's amount, divided over the rows; or its percentage."""
        units = view.quantity()
        step = self.reached(units)
        if step is None:
            return No("not_met", "step", self.steps[0].units - units, "count", source=self)
        if step.basis_points:
            base = view.base()
            amount = view.percent(sum(base), step.basis_points)
            return share(amount if step.cap is None else min(amount, step.cap), base)
        return spread(view, self.off(step, units))

    def most(self, view: View) -> int:
        """The most that the steps reached now give: with fewer goods a lower step, an amount instead of a percentage."""
        units, left = view.quantity(), sum(view.running())
        found = [0]
        for step in self.steps:
            if units >= step.units:
                part = sum(view.base()) * step.basis_points // WHOLE + 1 if step.basis_points else 0
                part = part if step.cap is None else min(part, step.cap)
                found.append(part or self.off(step, units))
        return min(left, max(found))

    def further(self, view: View) -> No | None:
        """The next step."""
        units = view.quantity()
        for step in self.steps:
            if step.units > units:
                return No("not_met", "next_step", step.units - units, "count", (("at", step.units),), self)
        return None

    def words(self, currency: str) -> Words:
        """Buy 2, 10% off; buy 3, 20% off"""
        return joined([self._step(step, currency) for step in self.steps], "; ", "；")

    def _step(self, step: Step, currency: str) -> Words:
        every = self.repeat and step is self.steps[-1]
        gives = self._gives(step, currency)
        said = Words(
            f"{'every' if every else 'buy'} {step.units}, {gives.en}",
            f"{'每' if every else ''}满{step.units}件{gives.zh}",
        )
        if every and self.times is not None:
            said += Words(f" (at most {counted(self.times, 'time', 'times')})", f"（最多{self.times}次）")
        return said

    def _gives(self, step: Step, currency: str) -> Words:
        if step.basis_points:
            return percent_words(step.basis_points, step.cap, currency)
        text = price_text(step.off, currency)
        return Words(f"save {text}", f"减{text}")

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit: 20% off"""
        step = self.reached(int(no.detail("at") or self.steps[0].units)) or self.steps[0]
        gives = self._gives(step, currency)
        return Words(f"add {counted(no.gap, 'unit', 'units')}: {gives.en}", f"再加{no.gap}件{gives.zh}")
