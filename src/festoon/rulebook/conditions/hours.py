"""Only on some days and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import ClassVar

from festoon.base.form import codes, text, zone
from festoon.base.windows import instant, local
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import listed

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH = dict(zip(DAYS, "一二三四五六日", strict=True))


@dataclass(frozen=True, slots=True)
class Hours(Condition):
    """The purchase is made on one of the days, from `start` (included) to `end` (not included) by the clock of `zone`.

    No days are all days. An end that is not after the start lies on the next day: 22:00 to 02:00 on fri is the night
    from Friday to Saturday.
    """

    days: tuple[str, ...] = codes("Days", "星期", least=0, default=())
    start: str = text("From", "开始时刻", default="00:00")
    end: str = text("Until", "结束时刻", default="24:00")
    zone: str = zone("In the zone", "时区", default="UTC")

    verdict: ClassVar[str] = "not_live"
    gate: ClassVar[bool] = True

    def faults(self) -> list[tuple[str, str, Words]]:
        """Days and clocks are what they should be."""
        found = []
        if set(self.days) - set(DAYS):
            known = ", ".join(DAYS)
            found.append(("days", "choice", Words(f"must be of {known}", f"须取自 {known}")))
        for name, value in (("start", self.start), ("end", self.end)):
            if not _clock(value):
                found.append((name, "clock", Words("must be a clock such as 09:30", "须为时刻，如 09:30")))
        return found

    def check(self, view: View) -> No | None:
        """No amount moves the clock."""
        return None if self._open(view.facts.at) else No("not_live", "hours", source=self)

    def turns(self, at: int) -> int | None:
        """The next opening or closing; None when it is always open."""
        today, now = local(at, self.zone).date(), self._open(at)
        for day in range(9):
            edges = [self._clock_on(today, day, clock) for clock in (self.start, self.end)]
            found = [edge for edge in edges if edge > at and self._open(edge) != now]
            if found:
                return min(found)
        return None

    def _clock_on(self, today: date, day: int, clock: str) -> int:
        """The instant of a clock so many days from today."""
        after = day + 1 if clock == "24:00" else day
        return instant(f"{today + timedelta(days=after)}T{'00:00' if clock == '24:00' else clock}", self.zone)

    def _open(self, at: int) -> bool:
        """Whether it is one of the hours of one of the days."""
        here = local(at, self.zone)
        clock, day = f"{here.hour:02}:{here.minute:02}", here.weekday()
        if self.start < self.end:
            open_on = day if self.start <= clock < self.end else None
        else:
            open_on = day if clock >= self.start else (day - 1) % 7 if clock < self.end else None
        return open_on is not None and (not self.days or DAYS[open_on] in self.days)

    def words(self, currency: str) -> Words:
        """On fri, sat from 18:00 to 22:00"""
        clock = Words(f"from {self.start} to {self.end}", f"{self.start}至{self.end}")
        if not self.days:
            return clock
        named = listed(self.days)
        days = "、".join([_ZH[day] for day in self.days])
        return Words(f"on {named.en} {clock.en}", f"每周{days} {clock.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """Is open on fri, sat from 18:00 to 22:00."""
        said = self.words(currency)
        return Words(f"is open {said.en}", f"开放时间为{said.zh}")


def _clock(value: str) -> bool:
    """Whether it is a clock of 00:00 to 24:00."""
    try:
        return value == "24:00" or (len(value) == 5 and time.fromisoformat(value).tzinfo is None)
    except ValueError:
        return False
