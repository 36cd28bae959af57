"""Only in some stores."""

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
class Store(Condition):
    """The purchase is made in one of the stores. Where no store is known, in none."""

    any: tuple[str, ...] = codes("In any of", "限门店")

    verdict: ClassVar[str] = "channel"
    gate: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """No amount changes it."""
        return None if view.facts.store in self.any else No("channel", "store", source=self)

    def words(self, currency: str) -> Words:
        """In a, b"""
        named = listed(self.any)
        return Words(f"in {named.en}", f"限{named.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """Is only for a, b."""
        named = listed(self.any)
        return Words(f"is only for {named.en}", f"仅限{named.zh}使用")
