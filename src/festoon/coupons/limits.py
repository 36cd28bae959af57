"""How many coupons a shopper may claim in a day, a week or a month, and how many one device: what a draft says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from festoon.base.kinds import MANY
from festoon.base.words import Words, joined
from festoon.coupons.form import DAY, EACH
from festoon.coupons.models import Template
from festoon.records.batch import Wrong
from festoon.records.values import whole

FIELDS = ("period_most", "period_each", "period_zone", "per_device", "limits_since")


def read(value: Any) -> dict[str, Any] | None:
    """The limit of a draft: `most`, and `each` (day where it says nothing); None for none. Raises Wrong."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"most", "each"} or value.get("most") is None:
        raise Wrong(
            "not_a_limit", "Say how many at most, and in each day, week or month.", "请填写数量及周期（天、周或月）。"
        )
    each = value.get("each", DAY)
    if each not in EACH:
        raise Wrong("not_one_of", f"One of {', '.join(EACH)}.", f"可选：{'、'.join(EACH)}。")
    return {"most": whole(1, MANY)(value["most"]), "each": each}


def settle(row: Template, terms: Mapping[str, Any], zone: str, now: datetime) -> None:
    """Put the agreed limits into the row; when they changed is kept, for what was claimed before is not judged by them.

    A draft from before there were such limits has none.
    """
    period = terms.get("per_period") or {}
    before = [getattr(row, name) for name in FIELDS[:-1]]
    row.period_most, row.period_each = period.get("most"), period.get("each", "")
    row.period_zone, row.per_device = zone if period else "", terms.get("per_device")
    if before != [getattr(row, name) for name in FIELDS[:-1]]:
        row.limits_since = now


def of_terms(terms: Mapping[str, Any]) -> Words | None:
    """Both limits of a draft's terms in a sentence; None where there is neither."""
    period = terms.get("per_period") or {}
    return _said(period.get("most"), period.get("each", ""), terms.get("per_device"))


def of_template(row: Template) -> Words | None:
    """Both limits that are in force, in a sentence; None where there is neither."""
    return _said(row.period_most, row.period_each, row.per_device)


def _said(most: int | None, each: str, device: int | None) -> Words | None:
    found = []
    if most is not None:
        how = EACH[each]
        found.append(Words(f"at most {most} {how.en}", f"{how.zh}限领 {most} 张"))
    if device is not None:
        found.append(Words(f"at most {device} on one device", f"每台设备限领 {device} 张"))
    return joined(found) if found else None
