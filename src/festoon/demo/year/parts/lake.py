"""The last parts: what is still in the outbox leaves for the lake, and the report is computed from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from festoon.analytics.lake.export import EVENTS, export
from festoon.analytics.lake.folder import lake
from festoon.base.words import Words
from festoon.demo.year import report
from festoon.demo.year.parts.part import Part
from festoon.demo.year.source import Source


@dataclass(frozen=True, slots=True)
class Leaving:
    """Events that wait are written to the lake, some at a time, until none waits."""

    code: str = "leaving"
    words: Words = Words("Events to the lake", "事件入湖")
    cost: int = 40_000

    def size(self, source: Source) -> int:
        """One thing, in many pieces."""
        del source
        return 1

    def take(self, source: Source, place: int, now: datetime) -> int:
        """One file a day for some thousand events."""
        del source, now
        return place if export(lake()) >= EVENTS else 1


@dataclass(frozen=True, slots=True)
class Reporting:
    """The report, from the lake alone."""

    code: str = "report"
    words: Words = Words("Report", "报告")
    cost: int = 60_000

    def size(self, source: Source) -> int:
        """One report."""
        del source
        return 1

    def take(self, source: Source, place: int, now: datetime) -> int:
        """Computed whole and put in place of an older one."""
        del place
        report.write(report.compute(source, now))
        return 1


PARTS: list[Part] = [Leaving(), Reporting()]
