"""How the values of a portrait's traits are said: levels, segments, stores, amounts, shelves of goods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from festoon.base.money import exponent
from festoon.base.words import Words
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.composition import portrait as people
from festoon.console import words
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.templatetags.said import money_round

EDGES = (50, 100, 200, 500, 1000)
"""Where a size of basket begins, in major units; a hundredfold where a currency has no minor ones."""
NO_LEVEL, NO_STORE, NO_SCENE = Words("No level", "无等级"), Words("No store", "无门店"), Words("No scene", "无场景")
VISITS = {
    "new": Words("New: never bought before", "新客：此前未购买"),
    "returning": Words("Bought before", "老客：此前已购买"),
}
HERE = {
    "new": Words("New here: never bought in your shops before", "本店新客：此前未在本店购买"),
    "returning": Words("Bought in your shops before", "本店老客：此前已在本店购买"),
}


def edges(currency: str) -> Sequence[int]:
    """The same in what money is kept in."""
    return [edge * _unit(currency) for edge in EDGES]


def _unit(currency: str) -> int:
    return int(10 ** exponent(currency)) if exponent(currency) else 100


def names(viewer: Viewer, campaign: Campaign) -> Mapping[str, Callable[[Any], str]]:
    """How the values of each trait are said."""
    segments, stores, categories = (
        {row.code: words.said(Words(row.name_en, row.name_zh or row.name_en)) for row in found}
        for found in (catalog.segments(viewer), catalog.stores(SYSTEM), catalog.categories(viewer))
    )
    currency = campaign.merchant.currency
    unit = _unit(currency)
    steps = {str(low): low for low in people.ORDERS}
    return {
        "visit": lambda value: words.said((VISITS if viewer.is_platform else HERE)[value]),
        "level": lambda value: words.of(words.LEVELS, value) if value else words.said(NO_LEVEL),
        "segment": lambda value: segments.get(value, value),
        "orders": lambda value: _span(steps[value], _next(steps[value], people.ORDERS)),
        "channel": lambda value: words.of(words.CHANNELS, value) if value else "–",
        "store": lambda value: stores.get(value, value) if value else words.said(NO_STORE),
        "hour": lambda value: f"{int(value):02}:00",
        "size": lambda value: _size(int(value), unit, currency),
        "category": lambda value: categories.get(value, value) or "–",
    }


def _next(step: int, steps: Sequence[int]) -> int | None:
    return next((each for each in steps if each > step), None)


def _span(low: int, above: int | None) -> str:
    if above is None:
        return f"{low}+"
    return str(low) if above == low + 1 else f"{low}–{above - 1}"


def _size(place: int, unit: int, currency: str) -> str:
    """From which to below which amount."""
    low, high = (money_round(each * unit, currency) for each in (([0, *EDGES])[place], ([*EDGES, 0])[place]))
    return f"≥ {low}" if place == len(EDGES) else f"< {high}" if place == 0 else f"{low} – {high}"
