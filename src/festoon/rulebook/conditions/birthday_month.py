"""Only in the month of the birthday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import zone
from festoon.base.windows import instant, moment_text
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class BirthdayMonth(Condition):
    """The purchase is made in the month of the buyer's birthday, by the calendar of `zone`.

    Of a buyer whose birthday is not known nothing is assumed.
    """

    zone: str = zone("In the zone", "时区", default="UTC")

    verdict: ClassVar[str] = "buyer"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"birthday_month"})

    def check(self, view: View) -> No | None:
        """No amount changes a birthday."""
        here = int(moment_text(view.facts.at, self.zone)[5:7])
        return None if view.facts.buyer.birthday_month == here else No("buyer", "birthday_month", source=self)

    def turns(self, at: int) -> int | None:
        """The first day of the next month."""
        year, month = (int(part) for part in moment_text(at, self.zone)[:7].split("-"))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return instant(f"{year}-{month:02}-01T00:00", self.zone)

    def words(self, currency: str) -> Words:
        """In the month of your birthday"""
        return Words("in the month of your birthday", "生日当月")

    def refusal(self, no: No, currency: str) -> Words:
        """Is for the month of your birthday."""
        return Words("is for the month of your birthday", "仅限生日当月")
