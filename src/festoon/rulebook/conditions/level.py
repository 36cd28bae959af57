"""Only shoppers of a level."""

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
class Level(Condition):
    """The buyer is a member of one of the levels. A buyer of whom no level is known has none."""

    any: tuple[str, ...] = codes("Of any level", "会员等级")

    verdict: ClassVar[str] = "buyer"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"level"})

    def check(self, view: View) -> No | None:
        """No amount changes the level."""
        return None if view.facts.buyer.level in self.any else No("buyer", "level", source=self)

    def words(self, currency: str) -> Words:
        """For members of level gold"""
        named = listed(self.any)
        return Words(f"for members of level {named.en}", f"限{named.zh}会员")

    def refusal(self, no: No, currency: str) -> Words:
        """Is for members of level gold."""
        named = listed(self.any)
        return Words(f"is for members of level {named.en}", f"仅限{named.zh}会员")
