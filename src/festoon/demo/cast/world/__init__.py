"""The made-up world as data: one file a subject, read whole, with the days counted from the day it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ZONE = "Asia/Shanghai"
SOURCE = "made up"
"""What every made-up merchant, shopper, campaign and offer bears as its source."""
CAMPAIGNS = ("double_12", "womens_day")

Row = dict[str, Any]


class _Reader(yaml.SafeLoader):
    """YAML 1.2 as people mean it: `off` is a word (how much comes off), only true and false are yes and no."""

    yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in forms if not (tag.endswith(":bool") and first not in "tTfF")]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@cache
def read(name: str) -> Mapping[str, Any]:
    """One file of the world, as it stands."""
    text = (Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, _Reader)  # noqa: S506 -- a safe loader with fewer words
    return found


def categories() -> list[Row]:
    """Every category with its path from the root down, parents before children."""
    paths: dict[str, str] = {}
    rows = []
    for row in read("merchants")["categories"]:
        above = paths.get(row.get("under", ""), "")
        paths[row["code"]] = f"{above}/{row['code']}" if above else row["code"]
        rows.append({**_named(row), "path": paths[row["code"]]})
    return rows


def goods() -> list[Row]:
    """Every sku; each is a product of its own here."""
    return [
        {
            **_named(row, "sku"),
            "product": row["sku"],
            "merchant": row["merchant"],
            "category": row["category"],
            "brand": row["brand"],
            "store": row.get("store", ""),
            "tags": row.get("tags", []),
            "list_price": row["price"],
            "unit_cost": row["cost"],
            "tag_floor": row["tag"],
            "net_floor": row["net"],
            "picture": row["picture"],
        }
        for row in read("goods")["goods"]
    ]


def merchants() -> list[Row]:
    """The platform first, then its tenants."""
    return [
        {**_named(row), "currency": row["currency"], "zone": row["zone"], "source": SOURCE}
        for row in read("merchants")["merchants"]
    ]


def stores() -> list[Row]:
    """Shop floors with their merchant."""
    return [{**_named(row), "merchant": row["merchant"]} for row in read("merchants")["stores"]]


def brands() -> list[Row]:
    """Names on goods."""
    return [_named(row) for row in read("merchants")["brands"]]


def segments() -> list[Row]:
    """Named groups of shoppers."""
    return [_named(row) for row in read("shoppers")["segments"]]


def shoppers() -> list[Row]:
    """The four who have names, the town's three hundred, and the crowd that comes for the flash sale."""
    named = [
        {**_named(row), "level": row["level"], "orders_placed": row["orders"], "source": SOURCE}
        for row in read("shoppers")["shoppers"]
    ]
    return named + [_shopper(group, n) for group in read("shoppers")["numbered"] for n in _numbers(group)]


def memberships() -> list[Row]:
    """Which shopper is in which segment."""
    rows = [
        {"shopper": row["code"], "segment": code} for row in read("shoppers")["shoppers"] for code in row["segments"]
    ]
    for group in read("shoppers")["numbered"]:
        for n in _numbers(group):
            rows += [{"shopper": _code(group, n), "segment": segment} for segment in _traits(group, n)]
    return rows


def group_codes(prefix: str) -> list[str]:
    """The codes of a numbered group: `town` or `crowd`."""
    return [
        _code(group, n) for group in read("shoppers")["numbered"] if group["prefix"] == prefix for n in _numbers(group)
    ]


def window(days: Sequence[int], today: date) -> dict[str, str]:
    """`[from, to)` in days from today as a window of an offer: local midnights of the world's zone."""
    first, last = (datetime.combine(today + timedelta(days=n), time()) for n in days)
    return {"start": first.isoformat(timespec="minutes"), "end": last.isoformat(timespec="minutes"), "zone": ZONE}


def instants(days: Sequence[int], today: date) -> tuple[datetime, datetime]:
    """The same window as two moments."""
    first, last = (datetime.combine(today + timedelta(days=n), time(), ZoneInfo(ZONE)) for n in days)
    return first, last


def today(now: datetime) -> date:
    """The day the world is made on, where it lies."""
    return now.astimezone(ZoneInfo(ZONE)).date()


def _named(row: Mapping[str, Any], code: str = "code") -> Row:
    return {code: row[code], "name_en": row["name"]["en"], "name_zh": row["name"]["zh"]}


def _numbers(group: Mapping[str, Any]) -> Iterator[int]:
    return iter(range(1, group["count"] + 1))


def _code(group: Mapping[str, Any], n: int) -> str:
    return f"{group['prefix']}-{n:03d}"


def _traits(group: Mapping[str, Any], n: int) -> list[str]:
    never = {segment for segment, k in group["never"].items() if n % k == 0}
    return [segment for segment, k in group["every"].items() if n % k == 0 and segment not in never]


def _shopper(group: Mapping[str, Any], n: int) -> Row:
    traits = _traits(group, n)
    return {
        "code": _code(group, n),
        "name_en": group["name"]["en"].format(n=n),
        "name_zh": group["name"]["zh"].format(n=n),
        "level": "gold" if "gold" in traits else "",
        "orders_placed": 0 if "newcomers" in traits else 1 + n % 9,
        "source": SOURCE,
    }
