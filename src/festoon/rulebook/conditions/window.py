"""Only within a window of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import moment, zone
from festoon.base.windows import instant
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class Window(Condition):
    """The purchase is made from `start` (included) to `end` (not included), read in `zone`.

    Beside the offer's own window, for a part of it: the first two hours of a sale.
    """

    start: str = moment("From", "开始")
    end: str = moment("Until", "结束")
    zone: str = zone("In the zone", "时区", default="UTC")

    verdict: ClassVar[str] = "not_live"
    gate: ClassVar[bool] = True

    def faults(self) -> list[tuple[str, str, Words]]:
        """The end lies after the start."""
        if instant(self.start, self.zone) < instant(self.end, self.zone):
            return []
        return [("end", "order", Words("must be after the start", "须晚于开始时间"))]

    def check(self, view: View) -> No | None:
        """No amount moves the clock."""
        at = view.facts.at
        if at < instant(self.start, self.zone):
            return No("not_live", "not_begun", source=self)
        return None if at < instant(self.end, self.zone) else No("not_live", "ended", source=self)

    def turns(self, at: int) -> int | None:
        """The start or the end, whichever comes next."""
        edges = (instant(self.start, self.zone), instant(self.end, self.zone))
        return min([edge for edge in edges if edge > at], default=None)

    def words(self, currency: str) -> Words:
        """From … until …"""
        return Words(f"from {self.start} until {self.end}", f"{self.start} 至 {self.end}")

    def refusal(self, no: No, currency: str) -> Words:
        """From … until …"""
        return Words(f"is open from {self.start} until {self.end}", f"开放时间为 {self.start} 至 {self.end}")
