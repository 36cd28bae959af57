"""What a part of the import is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from festoon.base.words import Words
from festoon.demo.year import viewers
from festoon.demo.year.source import Source
from festoon.records.batch import Batch
from festoon.records.refusal import Conflict
from festoon.records.viewer import Viewer

Rows = Sequence[dict[str, Any]]
Verb = Callable[..., Batch]


class Part(Protocol):
    """A part of the year. Done twice from the same place, it has no second effect."""

    @property
    def code(self) -> str:
        """Its name in the job's cursor."""

    @property
    def words(self) -> Words:
        """Its name for people."""

    @property
    def cost(self) -> int:
        """How long one of its things takes beside those of other parts, in tenths of a millisecond."""

    def size(self, source: Source) -> int:
        """How many things it is about."""

    def take(self, source: Source, place: int, now: datetime) -> int:
        """Do the piece that begins at `place`, and say where the next begins; `size` when nothing is left."""


@dataclass(frozen=True, slots=True)
class Batches:
    """A part that is a batch verb, `step` rows at a time: `rows(source, first, end)` gives those of one batch."""

    code: str
    words: Words
    cost: int
    count: Callable[[Source], int]
    rows: Callable[[Source, int, int], Iterator[dict[str, Any]]]
    verb: Verb
    step: int
    viewer: Callable[[], Viewer] = viewers.importer

    def size(self, source: Source) -> int:
        """How many rows there are."""
        return self.count(source)

    def take(self, source: Source, place: int, now: datetime) -> int:
        """One batch; its key is made of where it begins, so that it is taken once."""
        end = min(place + self.step, self.size(source))
        key = f"year:{source.mark}:{self.code}:{place}:{end}"
        batch = self.verb(list(self.rows(source, place, end)), by=self.viewer(), now=now, key=key)
        if batch.refused:
            row = batch.refused[0]
            raise Conflict("year_refused", row.words, field=f"{self.code}[{place + row.index}].{row.field}")
        return end
