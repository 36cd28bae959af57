"""Figures as charts: an ECharts option whose colours are names of CSS variables, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.storefront.figures import major
from festoon.storefront.templatetags.said import money, number

GRID = {"left": 4, "right": 16, "top": 36, "bottom": 4, "containLabel": True}
WHOLE, NEARLY = {"max": 100, "interval": 25}, 7_500
"""An axis of shares ends where a whole does; below so many basis points it ends where the figures do."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What the `chart` component draws."""

    option: Mapping[str, Any]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def over_time(
    times: Sequence[str], now: Sequence[int], goal: Sequence[int], *, said: tuple[str, str, str], currency: str
) -> Chart:
    """Money in each stretch of time against its goal; `said` names time, the money and the goal."""
    time, money_name, goal_name = said
    option = {
        "grid": GRID,
        "legend": {},
        "xAxis": {"type": "category", "data": list(times)},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": money_name, "type": "bar", "barMaxWidth": 26, "barCategoryGap": "25%",
                "itemStyle": {"borderRadius": [5, 5, 0, 0]}, "data": _major(now, currency),
            },
            {
                "name": goal_name, "type": "line", "showSymbol": False, "color": "--chart-2",
                "lineStyle": {"type": "dashed", "width": 1.5}, "data": _major(goal, currency),
            },
        ],
    }  # fmt: skip
    rows = [(t, money(a, currency), money(b, currency)) for t, a, b in zip(times, now, goal, strict=True)]
    return Chart(option, (time, money_name, goal_name), rows)


def bars(
    names: Sequence[str], now: Sequence[int], goal: Sequence[int], *, said: tuple[str, str, str], currency: str
) -> Chart:
    """Money against its goal, one bar a name."""
    what, money_name, goal_name = said
    option = {
        "grid": GRID,
        "legend": {},
        "xAxis": {"type": "value", "splitNumber": 3},
        "yAxis": {"type": "category", "data": list(names), "inverse": True},
        "series": [
            {
                "name": goal_name, "type": "bar", "barGap": "-100%", "barWidth": 14, "z": 1, "color": "--quiet",
                "itemStyle": {"opacity": 0.4, "borderRadius": 6}, "data": _major(goal, currency),
            },
            {
                "name": money_name, "type": "bar", "barWidth": 14, "z": 2, "color": "--chart-1",
                "itemStyle": {"borderRadius": 6}, "data": _major(now, currency),
            },
        ],
    }  # fmt: skip
    rows = [(n, money(a, currency), money(b, currency)) for n, a, b in zip(names, now, goal, strict=True)]
    return Chart(option, (what, money_name, goal_name), rows)


def columns(names: Sequence[str], series: Mapping[str, Sequence[int]], *, said: str, currency: str) -> Chart:
    """Money side by side, one group a name."""
    option = {
        "grid": {**GRID, "top": 44},
        "legend": {"type": "scroll"},
        "xAxis": {"type": "category", "data": list(names), "axisLabel": {"interval": 0, "rotate": 60}},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": name,
                "type": "bar",
                "barMaxWidth": 16,
                "itemStyle": {"borderRadius": [4, 4, 0, 0]},
                "data": _major(values, currency),
            }
            for name, values in series.items()
        ],
    }
    rows = [(name, *(money(values[i], currency) for values in series.values())) for i, name in enumerate(names)]
    return Chart(option, (said, *series), rows)


def shares(
    names: Sequence[str],
    series: Mapping[str, Sequence[int | None]],
    cells: Sequence[Sequence[str]],
    *,
    said: str,
    upright: bool,
    compared: bool,
) -> Chart:
    """Shares in basis points side by side, one group a name: lying, or standing as of hours; `cells` are the table's.

    `compared`: the last group is all, and steps back.
    """
    every: dict[str, Any] = {"type": "category", "data": list(names), "inverse": not upright}
    top = max((value or 0 for values in series.values() for value in values), default=0)
    share = {"type": "value", "axisLabel": {"formatter": "{value}%"}, **(WHOLE if top > NEARLY else {})}
    option = {
        "grid": GRID,
        "legend": {},
        "xAxis": every if upright else share,
        "yAxis": share if upright else every,
        "series": [
            {
                "name": name, "type": "bar", "barMaxWidth": 12, "barGap": "15%", "color": "--quiet" if last else f"--chart-{n}",
                "itemStyle": {"borderRadius": 4, **({"opacity": 0.45} if last else {})},
                "data": [None if value is None else value / 100 for value in values],
            }
            for n, (name, values) in enumerate(series.items(), 1) for last in [compared and n == len(series)]
        ],
    }  # fmt: skip
    return Chart(option, (said, *series), [(name, *row) for name, row in zip(names, cells, strict=True)])


def _major(values: Sequence[int], currency: str) -> list[str]:
    return [str(major(value, currency)) for value in values]


def stacked(names: Sequence[str], series: Mapping[str, Sequence[int]], *, said: str) -> Chart:
    """Counts on top of each other, one column a name."""
    option = {
        "grid": GRID,
        "legend": {},
        "xAxis": {"type": "category", "data": list(names)},
        "yAxis": {"type": "value"},
        "series": [
            {"name": name, "type": "bar", "stack": "all", "barMaxWidth": 22, "data": list(values)}
            for name, values in series.items()
        ],
    }
    rows = [(name, *(number(values[i]) for values in series.values())) for i, name in enumerate(names)]
    return Chart(option, (said, *series), rows)
