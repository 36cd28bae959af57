"""Only shoppers of a segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import listed


@dataclass(frozen=True, slots=True)
class Segment(Condition):
    """The buyer belongs to at least one of the segments in `any` and to none of those in `none`.

    A buyer of whom no segment is known belongs to none.
    """

    any: tuple[str, ...] = codes("In any of", "属于任一人群", least=0, default=())
    none: tuple[str, ...] = codes("In none of", "不属于人群", least=0, default=())

    verdict: ClassVar[str] = "buyer"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"segments"})

    def faults(self) -> list[tuple[str, str, Words]]:
        """At least one of the two lists names somebody."""
        if self.any or self.none:
            return []
        return [("any", "empty", Words("names no segment", "未指定人群"))]

    def check(self, view: View) -> No | None:
        """No amount helps a buyer of another segment."""
        mine = view.facts.buyer.segments
        if (self.any and mine.isdisjoint(self.any)) or not mine.isdisjoint(self.none):
            return No("buyer", "segment", source=self)
        return None

    def words(self, currency: str) -> Words:
        """For gold"""
        some, none = listed(self.any), listed(self.none)
        said = Words(f"for {some.en}", f"限{some.zh}") if self.any else Words("for all", "不限人群")
        return said + Words(f" but not {none.en}", f"（{none.zh}除外）") if self.none else said

    def refusal(self, no: No, currency: str) -> Words:
        """For other shoppers."""
        return Words("is for other shoppers", "不适用于您")
