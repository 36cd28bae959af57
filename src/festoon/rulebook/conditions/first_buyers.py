"""Only the first buyers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class FirstBuyers(Condition):
    """Only the first so many orders have it: `buyers` of the offer's availability says how many had it before.

    Where nobody said, there is room: a quote promises nothing, and a hold counts.
    """

    number: int = count("First buyers", "前多少名", least=1)

    verdict: ClassVar[str] = "limit"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"buyers"})

    def check(self, view: View) -> No | None:
        """No amount makes anybody earlier."""
        known = view.facts.availability.get(view.offer.code)
        if known is None or known.buyers is None or known.buyers < self.number:
            return None
        return No("limit", "first_buyers", source=self)

    def words(self, currency: str) -> Words:
        """For the first 100 buyers"""
        return Words(f"for the first {self.number} buyers", f"前{self.number}名")

    def refusal(self, no: No, currency: str) -> Words:
        """Was for the first 100 buyers."""
        return Words(f"was for the first {self.number} buyers", f"仅限前{self.number}名，名额已满")
