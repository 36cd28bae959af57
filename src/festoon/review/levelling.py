"""Which levels a submission passes: those of the first flow that holds, and one more for each ceiling it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from festoon.catalog import queries as catalog
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review import queries
from festoon.review.models import Ceiling, Flow

Measures = Mapping[str, int | None]


class Levelling:
    """The flows of some kinds and the ceilings of one author, read once for any number of submissions."""

    def __init__(self, kinds: Sequence[str], by: Viewer) -> None:
        self._flows: dict[str, list[Flow]] = {kind: [] for kind in kinds}
        for flow in queries.flows(SYSTEM, kinds):
            self._flows[flow.subject_kind].append(flow)
        self._kinds, self._roles = list(kinds), sorted(by.roles)

    @cached_property
    def _merchants(self) -> dict[int, str]:
        return {each.pk: each.code for each in catalog.merchants(SYSTEM)}

    @cached_property
    def _ceilings(self) -> list[Ceiling]:
        return _highest(list(queries.ceilings(SYSTEM, self._roles)), len(self._roles))

    @cached_property
    def _own(self) -> dict[tuple[int, str], list[Flow]]:
        found: dict[tuple[int, str], list[Flow]] = {}
        for flow in queries.own_flows(SYSTEM, self._kinds):
            found.setdefault((flow.merchant_id, flow.subject_kind), []).append(flow)
        return found

    def of(self, kind: str, merchant_id: int, measures: Measures, *, inner: bool = True) -> list[dict[str, Any]]:
        """The levels, numbered in order; none when the kind is approved by rule.

        What is a merchant's passes its own people first, as it has said itself; with `inner` False they were asked
        already. A ceiling adds its level even where no flow asks for one: nothing above a ceiling is approved by rule.
        """
        levels = self.own(kind, merchant_id, measures) if inner else []
        levels += self._first(self._flows[kind], merchant_id, measures)
        for ceiling in self._ceilings if measures else ():
            over = _reaches(measures, ceiling.measure, ceiling.most + 1)
            if over and not any(_same(level, ceiling.level) for level in levels):
                levels.append(ceiling.level)
        return [{**level, "number": number} for number, level in enumerate(levels, 1)]

    def own(self, kind: str, merchant_id: int, measures: Measures) -> list[Any]:
        """What a merchant asks of its own people first, of what is its own; such a level bears its `house`."""
        flows = self._own.get((merchant_id, kind), []) if merchant_id != PLATFORM else []
        return [{**level, "house": merchant_id} for level in self._first(flows, merchant_id, measures)]

    def _first(self, flows: Sequence[Flow], merchant_id: int, measures: Measures) -> list[Any]:
        """The levels of the first flow that holds."""
        flow = next((each for each in flows if self._holds(each.when, merchant_id, measures)), None)
        return list(flow.levels) if flow else []

    def _holds(self, when: Mapping[str, Any], merchant_id: int, measures: Measures) -> bool:
        merchants, least = when.get("merchants"), when.get("at_least")
        if merchants and self._merchants.get(merchant_id, "") not in merchants:
            return False
        return not least or any(_reaches(measures, name, floor) for name, floor in least.items())


def _reaches(measures: Measures, name: str, least: int) -> bool:
    """Whether a measure is at least so much; None has no end and reaches everything."""
    value = measures.get(name, 0)
    return value is None or value >= least


def _same(level: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(level[name] == other[name] for name in ("parties", "rule", "need"))


def _highest(found: Sequence[Ceiling], roles: int) -> list[Ceiling]:
    """For each measure the highest ceiling; none where one of the roles has no ceiling of it."""
    by_measure: dict[str, list[Ceiling]] = {}
    for ceiling in found:
        by_measure.setdefault(ceiling.measure, []).append(ceiling)
    return [max(each, key=lambda one: one.most) for each in by_measure.values() if len(each) == roles]
