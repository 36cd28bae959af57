"""The year's report as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.analytics import queries
from festoon.records.viewer import SYSTEM

COLUMNS = {
    "campaign": "campaign", "type": "type", "start": "start", "end": "end", "recipients": "recipients",
    "templates": "templates", "issued": "issued", "extra_issue": "extra", "redemptions": "redeemed",
    "redeemers": "households", "redeemed_by_rule": "by rule", "recorded_outside": "outside",
    "baskets_broad": "broad", "baskets_strict": "strict", "gmv_shelf": "shelf", "gmv_net": "net",
    "gmv_paid": "paid", "discount_maker": "makers", "discount_retailer_match": "match", "discount_retailer_card": "card",
}  # fmt: skip
MONEY = tuple(name for name in COLUMNS if name.startswith(("gmv_", "discount_")))
ABOUT = ("campaign", "type", "start", "end")


def table() -> str:
    """The last report, a line a campaign, then the sums and what is distinct; a sentence where there is none yet."""
    report = queries.report(SYSTEM)
    if report is None:
        return "There is no report of the year yet."
    rows = [dict(zip(COLUMNS, COLUMNS.values(), strict=True))]
    rows += [_row(campaign) for campaign in report["campaigns"]]
    rows.append(_row({"campaign": "sum", **report["totals"]}))
    rows.append(_row({"campaign": "distinct", **report["totals"]["distinct"]}))
    wide = {name: max(len(row[name]) for row in rows) for name in COLUMNS}
    lines = ["  ".join(row[name].rjust(wide[name]) for name in COLUMNS).rstrip() for row in rows]
    fit = report["till_agreement"]
    return "\n".join(
        [
            "The Complete Journey (dunnhumby / 84.51°), labelled simulated by its Python publisher. Money in USD.",
            *lines,
            f"Face values against the till: {fit['equal']:,} of {fit['household_days']:,} coupon-household-days agree "
            f"({fit['share']:.2%}). What each figure means: docs/year-definitions.md",
        ]
    )


def _row(cells: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(name, cells.get(name)) for name in COLUMNS}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in MONEY:
        return f"{'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02d}"
    return str(value) if name in ABOUT else f"{value:,}"
