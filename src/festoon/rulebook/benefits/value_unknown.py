"""A coupon whose value nobody here knows."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.verdicts import No
from festoon.engine.view import View

UNKNOWN = Words("its value is not known here; the till that takes it decides", "面值在此未知，由收券的收银台决定")


@dataclass(frozen=True, slots=True)
class ValueUnknown(Benefit):
    """Takes nothing, for what it is worth is not known: it may be held and recorded as used, never priced.

    For coupons of others whose value cannot be read. Unknown is not 0: the verdict says so.
    """

    def cut(self, view: View) -> list[int] | No:
        """Nothing, and why."""
        return No("not_met", "value_unknown", source=self)

    def most(self, view: View) -> int:
        """Nothing."""
        return 0

    def words(self, currency: str) -> Words:
        """Value unknown"""
        return Words("value unknown", "面值未知")

    def refusal(self, no: No, currency: str) -> Words:
        """Its value is not known here."""
        return UNKNOWN
