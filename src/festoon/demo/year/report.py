"""The year's report: every figure of docs/year-definitions.md, measured on the lake."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from festoon.analytics import reports
from festoon.analytics.lake.folder import lake
from festoon.analytics.lake.read import Lake
from festoon.analytics.lake.world import World
from festoon.analytics.metric import Metric, metric
from festoon.catalog.goods import goods
from festoon.demo.year import names
from festoon.demo.year.source import Source
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM

NAME = "year"
CELLS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "recipients": ("recipients", {}),
    "templates": ("templates", {}),
    "issued": ("issued", {}),
    "extra_issue": ("issued", {"origin": "extra"}),
    "redemptions": ("uses", {}),
    "redeemers": ("redeemers", {}),
    "redeemed_by_rule": ("uses", {"way": "rule"}),
    "recorded_outside": ("uses", {"way": "outside"}),
    "baskets_broad": ("baskets", {"reach": "broad"}),
    "baskets_strict": ("baskets", {"reach": "strict"}),
    "gmv_shelf": ("gmv", {"of": "shelf", "over": "broad"}),
    "gmv_net": ("gmv", {"of": "net", "over": "broad"}),
    "gmv_paid": ("gmv", {"of": "paid", "over": "broad"}),
    "discount_maker": ("discount_by_payer", {"part": "maker", "over": "broad"}),
    "discount_retailer_match": ("discount_by_payer", {"part": "match", "over": "broad"}),
    "discount_retailer_card": ("discount_by_payer", {"part": "card", "over": "broad"}),
}
"""Cell → the metric on the shelf and how its form is filled in."""
DISTINCT = (
    "recipients", "redeemers", "baskets_broad", "baskets_strict", "gmv_shelf", "gmv_net", "gmv_paid",
    "discount_maker", "discount_retailer_match", "discount_retailer_card",
)  # fmt: skip
Report = dict[str, Any]


def compute(source: Source, now: datetime) -> Report:
    """The report: what was counted in each campaign, in all, and how far face values fit the till."""
    rows = source.rows("select campaign, type, first, last from campaign order by campaign")
    codes = {names.campaign(row["campaign"]): row for row in rows}
    releases = offers.live_releases(SYSTEM, "offer").filter(merchant__code=names.MERCHANT)
    read = Lake(lake(), names.ZONE, World(releases.values_list("data", flat=True), goods(now)))
    try:
        figures = {cell: metric_of(cell).measure(read, ["campaign"], {"campaign": codes}) for cell in CELLS}
        campaigns = [_campaign(row, {cell: found.get(code, 0) for cell, found in figures.items()})
                     for code, row in codes.items()]  # fmt: skip
        totals: Report = {cell: sum(row[cell] for row in campaigns) for cell in CELLS}
        totals["distinct"] = {cell: metric_of(cell).total(read, {"campaign": codes}) for cell in DISTINCT}
        agreement = {part: metric("till_agreement", counted=part).total(read, {"campaign": codes})
                     for part in ("seen", "equal")}  # fmt: skip
    finally:
        read.close()
    return {
        "merchant": names.MERCHANT,
        "definitions": definitions(),
        "totals": totals,
        "campaigns": campaigns,
        "till_agreement": {
            "household_days": agreement["seen"],
            "equal": agreement["equal"],
            "share": round(agreement["equal"] / agreement["seen"], 4) if agreement["seen"] else 0.0,
        },
    }


def metric_of(cell: str) -> Metric:
    """The metric behind a cell of the report."""
    code, form = CELLS[cell]
    return metric(code, **form)


def definitions() -> list[dict[str, str]]:
    """What each figure means, in both languages, to stand beside the figures."""
    found: list[dict[str, str]] = json.loads((Path(__file__).parent / "definitions.json").read_text(encoding="utf-8"))
    return found


def write(report: Report) -> Path:
    """Put the report in place of an older one: `demo/report.json` in the folder of everything generated."""
    return reports.write(NAME, report)


def _campaign(row: Mapping[str, Any], cells: Mapping[str, int]) -> Report:
    about = {"campaign": row["campaign"], "type": row["type"]}
    return {**about, "start": row["first"].isoformat(), "end": row["last"].isoformat(), **cells}
