"""The year's report as the page shows it: columns in words, definitions beside them, charts; and the job's progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console import charts, words
from festoon.records.models import Job
from festoon.storefront.templatetags.said import money, number

CURRENCY = "USD"
COUNTS = {
    "recipients": Words("Recipients", "名单家庭"),
    "templates": Words("Templates", "券模板"),
    "issued": Words("Issued", "发放"),
    "extra_issue": Words("Extra", "额外发放"),
    "redemptions": Words("Used", "核销"),
    "redeemers": Words("Redeemers", "核销家庭"),
    "redeemed_by_rule": Words("By rule", "按规则"),
    "recorded_outside": Words("Outside", "规则外"),
    "baskets_broad": Words("Baskets, broad", "购物篮（宽）"),
    "baskets_strict": Words("Baskets, strict", "购物篮（严）"),
}
MONEY = {
    "gmv_shelf": Words("GMV, shelf", "货架价"),
    "gmv_net": Words("GMV, net", "净额"),
    "gmv_paid": Words("GMV, paid", "实付"),
    "discount_maker": Words("Maker coupons", "厂商券"),
    "discount_retailer_match": Words("Double-coupon top-up", "券面加补"),
    "discount_retailer_card": Words("Card discount", "会员卡优惠"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the import is. `share` 0 to 100; `left` and `spent` in seconds."""

    state: str
    note: str
    share: int
    left: int
    spent: int
    error: str

    @property
    def going(self) -> bool:
        """Whether it still moves."""
        return self.state in ("waiting", "running")


def progress(job: Job | None, *, now: datetime) -> Progress | None:
    """The job as people follow it; None when it was never asked for."""
    if job is None:
        return None
    spent = int(((job.finished_at or now) - job.started_at).total_seconds()) if job.started_at else 0
    left = (job.total - job.done) * spent // job.done if job.done else 0
    share = job.done * 100 // job.total if job.total else 0
    return Progress(job.state, job.note, share, left, spent, job.error)


def context(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table, its foot, the definitions and the charts."""
    campaigns = report["campaigns"]
    names = [str(row["campaign"]) for row in campaigns]
    counted = ("redeemed_by_rule", "recorded_outside")
    return {
        "heads": [words.said(one) for one in (*COUNTS.values(), *MONEY.values())],
        "rows": [_row(row) for row in campaigns],
        "foot": _cells(report["totals"]),
        "totals": report["totals"],
        "agreement": report["till_agreement"],
        "agreement_share": round(report["till_agreement"]["share"] * 10_000),
        "definitions": [(_title(one["name"]), Words(one["en"], one["zh"])) for one in report["definitions"]],
        "used": charts.stacked(
            names,
            {words.said(COUNTS[code]): [row[code] for row in campaigns] for code in counted},
            said=words.said(Words("Campaign", "活动主题")),
        ),
        "sold": charts.columns(
            names,
            {words.said(MONEY["gmv_net"]): [row["gmv_net"] for row in campaigns]},
            said=words.said(Words("Campaign", "活动主题")),
            currency=CURRENCY,
        ),
    }


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "campaign": row["campaign"],
        "type": row["type"],
        "start": row["start"],
        "end": row["end"],
        "cells": _cells(row),
    }


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    return [number(row[code]) for code in COUNTS] + [money(row[code], CURRENCY) for code in MONEY]


def _title(code: str) -> Words:
    plain = code.replace("_", " ").capitalize()
    return COUNTS.get(code) or MONEY.get(code) or Words(plain, plain)
