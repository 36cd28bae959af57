"""What a metric is: a file on the shelf `metrics` that says which things of the lake are counted, once each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.base.shelf import Shelf
from festoon.base.words import Words


class Metric:
    """A figure that anybody computes the same way from the same events.

    `title` is its name on screens; `unit` money or count; `once` the columns of `facts` by which a thing is known:
    however often it stands in the facts, it counts once in each group.
    """

    __slots__ = ()
    title: ClassVar[Words]
    unit: ClassVar[str] = "count"
    once: ClassVar[tuple[str, ...]]

    def facts(self, lake: Lake) -> Table:
        """The things that are counted, with the columns they may be grouped by."""
        raise NotImplementedError

    def amount(self, facts: Table) -> Any:
        """What one thing counts: a column of whole numbers, or 1."""
        del facts
        return 1

    def measure(
        self, lake: Lake, by: Sequence[str] = (), only: Mapping[str, Collection[str]] | None = None
    ) -> dict[Any, int]:
        """The figure of each group: value of the column `by` → figure; several columns → tuple; none → ().

        `only` keeps to facts whose column has one of the values. A group in which there is nothing is not there.
        """
        facts = self.facts(lake)
        for column, values in (only or {}).items():
            facts = facts.filter(facts[column].isin(list(values)))
        things = facts.select(*dict.fromkeys((*by, *self.once)), counted=self.amount(facts)).distinct()
        total = things.counted.sum().fill_null(0).cast("int64")
        found = (things.group_by(*by) if by else things).aggregate(total=total).to_pyarrow().to_pylist()
        keys = [tuple(row[name] for name in by) for row in found]
        return {key[0] if len(by) == 1 else key: row["total"] for key, row in zip(keys, found, strict=True)}

    def total(self, lake: Lake, only: Mapping[str, Collection[str]] | None = None) -> int:
        """The figure over everything, or over what `only` keeps to."""
        return self.measure(lake, only=only).get((), 0)


shelf: Shelf[Metric] = Shelf("festoon.analytics.metrics", Path(__file__).parent / "metrics", Metric)


def metric(code: str, **form: str) -> Metric:
    """The metric of that code, its form filled in."""
    return shelf[code](**form)
