"""The import as a job: part after part, each in pieces that may be done again after a crash without a second effect."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from festoon.demo.year.parts import campaigns, catalogue, issues, lake, orders, redemptions
from festoon.demo.year.parts.part import Part
from festoon.demo.year.source import Source, folder_of, opened
from festoon.records.jobs import Step
from festoon.records.models import Job

KIND = "year"
PARTS: Sequence[Part] = [
    *catalogue.PARTS, *campaigns.PARTS, *issues.PARTS, orders.PART, *redemptions.PARTS, *lake.PARTS,
]  # fmt: skip


class Year:
    """Knows the job `year`; its argument `folder` names the Parquet files, left out: those of the installed package.

    Hot verbs commit in the store's thread, so a chunk has no transaction of its own: every write is named by a key
    made of its input, or looks first at what is there.
    """

    atomic = False

    def chunk(self, job: Job, now: datetime) -> Step:
        """The next piece, of about a second or less."""
        source = opened(folder_of(job.args))
        at, place = int(job.cursor.get("part", 0)), int(job.cursor.get("place", 0))
        part, began = PARTS[at], time.monotonic()
        size = sizes(source)[at]
        place, before = part.take(source, place, now) if size else size, place
        speed = (place - before) / max(time.monotonic() - began, 0.001)
        note = f"{part.words.en} · {part.words.zh} {place:,}/{size:,}, {speed:,.0f}/s"
        at, place = (at, place) if place < size else (at + 1, 0)
        so_far, whole = done(source, at, place), done(source, len(PARTS), 0)
        if at == len(PARTS):
            opened.cache_clear()
        return Step(cursor={"part": at, "place": place}, done=so_far, total=whole, finished=at == len(PARTS), note=note)


def sizes(source: Source) -> list[int]:
    """How many things each part is about."""
    for part in PARTS:
        if part.code not in source.sizes:
            source.sizes[part.code] = part.size(source)
    return [source.sizes[part.code] for part in PARTS]


def done(source: Source, at: int, place: int) -> int:
    """How much of the work is behind the place of a part, in tenths of a millisecond of work."""
    whole = sum(part.cost * size for part, size in zip(PARTS[:at], sizes(source), strict=False))
    return whole + (PARTS[at].cost * place if place else 0)
