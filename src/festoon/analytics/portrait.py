"""The baskets of a campaign beside all baskets of its time, and from where its page was opened: counted in the lake.

A basket is of a campaign when one of its offers served it. Only the days of the campaign are read, and what comes out
are counts; of the buyers a sample at most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any

from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.read import Lake, Table

TRAITS = ("channel", "store", "hour", "size")
SAMPLE = 10_000
"""So many buyers are looked at one by one; of more, always the same ones, chosen by the hash of their code."""


@dataclass(frozen=True, slots=True)
class Baskets:
    """Counts as pairs: of the campaign, of all. `traits`: by trait and value; `pieces`: units sold by sku.

    `size` is how many of the edges what was paid reaches. `opened`: openings of the page by scene and store.
    """

    count: tuple[int, int] = (0, 0)
    traits: Mapping[str, Mapping[Any, tuple[int, int]]] = field(default_factory=dict)
    pieces: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    buyers: int = 0
    sample: Sequence[str] = ()
    opened: Mapping[tuple[str, str], int] = field(default_factory=dict)


def baskets(
    folder: Folder, campaign: str, *, since: datetime, until: datetime, zone: str, merchants: Collection[str],
    edges: Sequence[int],
) -> Baskets:  # fmt: skip
    """What was redeemed from `since` to `until` in these merchants' shops; `edges` in minor units, rising."""
    days = since.astimezone(UTC).date(), (until - timedelta(microseconds=1)).astimezone(UTC).date()
    if not folder.files(days):
        return Baskets()
    lake = Lake(folder, zone, days=days, memory="512MB")
    try:
        return _counted(lake, campaign, since, until, merchants, edges)
    finally:
        lake.close()


def _counted(
    lake: Lake, campaign: str, since: datetime, until: datetime, merchants: Collection[str], edges: Sequence[int]
) -> Baskets:
    told = lake.alone("order.redeemed", "campaign.opened")
    every = told.filter(told.at >= since, told.at < until)
    sold = every.filter(every.kind == "order.redeemed", every.merchant.isin(list(merchants)))
    named = re.escape(json.dumps(campaign))  # as it stands in `data`: what is not ASCII is spelt out there
    mine = sold.data.re_search(rf'"campaigns": \[[^\]]*{named}').cast("int64")
    paid = sold.money.get("payable", 0)
    size = reduce(add, ((paid >= edge).cast("int64") for edge in edges))
    kept = lake.base.create_table("baskets", sold.select(
        "shopper", "lines", "channel", "store", mine=mine, hour=lake.local(sold.at).hour(), size=size,
    ), temp=True)  # fmt: skip
    buyers = kept.filter(kept.mine == 1, kept.shopper.notnull()).select("shopper").distinct()
    chosen = buyers.mutate(place=buyers.shopper.hash()).order_by("place", "shopper").limit(SAMPLE)
    pieces = kept.select("mine", line=kept.lines.unnest())
    pieces = pieces.select("mine", sku=pieces.line["sku"], n=pieces.line["quantity"])
    whole = _pairs(kept.mutate(n=1, one=1), "one")
    return Baskets(
        count=whole.get(1, (0, 0)),
        traits={trait: _pairs(kept.mutate(n=1), trait) for trait in TRAITS},
        pieces=_pairs(pieces, "sku"),
        buyers=buyers.count().to_pyarrow().as_py(),
        sample=chosen.shopper.to_pyarrow().to_pylist(),
        opened=_opened(every, campaign),
    )


def _pairs(rows: Table, by: str) -> dict[Any, tuple[int, int]]:
    """By the values of a column: `n` of the campaign, and of all."""
    told = rows.group_by(by).aggregate(own_n=(rows.n * rows.mine).sum().cast("int64"), all_n=rows.n.sum().cast("int64"))
    return {"" if row[by] is None else row[by]: (row["own_n"], row["all_n"]) for row in _rows(told)}


def _opened(every: Table, campaign: str) -> dict[tuple[str, str], int]:
    found = every.filter(every.kind == "campaign.opened", every.campaign == campaign)
    scene = found.data.re_extract(r'"scene": "([a-z0-9-]{1,32})"', 1)
    told = found.select(scene=scene.fill_null(""), store=found.store.fill_null("")).group_by("scene", "store")
    return {(row["scene"], row["store"]): row["n"] for row in _rows(told.aggregate(n=lambda rows: rows.count()))}


def _rows(table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found
