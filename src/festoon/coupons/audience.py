"""To whom coupons are issued: the members of a segment, the shoppers a list names, or those a query finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from festoon.base.words import Words
from festoon.campaigns.form import placed
from festoon.catalog import queries as catalog
from festoon.catalog.models import Shopper
from festoon.coupons import queries
from festoon.records.refusal import Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer

KINDS = ("segment", "shoppers", "query", "holders")
ONE = Words(
    en="Name one of: a segment, a list of shoppers, a query, the holders of a coupon.",
    zh="请选择其一：人群、顾客名单、查询条件或某券的持有人。",
)
NO_SEGMENT = Words(en="There is no such segment.", zh="没有此人群。")
EMPTY = Words(en="A list names at least one shopper.", zh="名单至少要有一位顾客。")
ODD = Words(
    en="A query says segments, levels, orders_at_least, orders_at_most; texts in lists, whole numbers from 0.",
    zh="查询条件可用 segments、levels（文字列表）、orders_at_least、orders_at_most（不小于 0 的整数）。",
)

HELD = ("offer", "since", "before", "at")
HOLDERS = Words(
    en="Holders say offer, since and before (numbers of its recalls), and at (a moment).",
    zh="持有人须给出 offer、since 和 before（召回序号）以及 at（时间）。",
)


@dataclass(frozen=True, slots=True)
class Query:
    """Which shoppers: in any of the segments, of any of the levels, with so many orders placed. Empty: no limit."""

    segments: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    orders_at_least: int | None = None
    orders_at_most: int | None = None


def read(audience: Mapping[str, Any], by: Viewer) -> tuple[dict[str, Any], list[str]]:
    """What is kept of the audience, and the codes of a list. Raises Invalid naming the field, NotFound another's coupon.

    `holders`: `offer`, a coupon template of the viewer's own, `before` which of its recalls and `since` which one theirs was
    given, and `at`, the moment (ISO) at which it was good still; see `queries.struck`.
    """
    if len(audience) != 1 or not set(audience) <= set(KINDS):
        raise Invalid("one_of", ONE, field="audience")
    ((kind, value),) = audience.items()
    if kind == "shoppers":
        listed = [str(code) for code in value] if isinstance(value, list | tuple) else []
        if not listed:
            raise Invalid("empty", EMPTY, field="audience.shoppers")
        return {"shoppers": len(listed)}, listed
    if kind == "holders":
        return {kind: _held(value, by)}, []
    if kind == "query":
        _query(value)
    else:
        _known([str(value)])
    return {kind: value}, []


def reached(audience: Mapping[str, Any]) -> QuerySet[Shopper]:
    """The shoppers of a segment or a query, or those who held a coupon unused at its recall."""
    rows = catalog.shoppers(SYSTEM).order_by("id")
    if held := audience.get("holders"):
        at = datetime.fromisoformat(held["at"])
        struck = queries.struck(SYSTEM, held["offer"], held["since"], held["before"], at)
        return rows.filter(id__in=struck.values("shopper_id"))
    if "segment" in audience:
        return rows.filter(membership__segment__code=audience["segment"])
    asked = _query(audience["query"])
    limits = Q()
    if asked.levels:
        limits &= Q(level__in=asked.levels)
    if asked.orders_at_least is not None:
        limits &= Q(orders_placed__gte=asked.orders_at_least)
    if asked.orders_at_most is not None:
        limits &= Q(orders_placed__lte=asked.orders_at_most)
    rows = rows.filter(limits)
    return rows.filter(membership__segment__code__in=asked.segments).distinct() if asked.segments else rows


def _query(value: Any) -> Query:
    known = set(Query.__dataclass_fields__)
    if not isinstance(value, Mapping) or not set(value) <= known:
        raise Invalid("wrong_form", ODD, field="audience.query")
    for name, given in value.items():
        whole = isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**63
        texts = isinstance(given, list | tuple) and all(isinstance(part, str) for part in given)
        if not (whole if name.startswith("orders") else texts):
            raise Invalid("wrong_form", ODD, field=f"audience.query.{name}")
    _known(value.get("segments") or ())
    read: dict[str, Any] = {name: tuple(given) if isinstance(given, list) else given for name, given in value.items()}
    return Query(**read)


def _held(value: Any, by: Viewer) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) - set(HELD):
        raise Invalid("wrong_form", HOLDERS, field="audience.holders")
    for name in HELD:
        if name not in value:
            raise Invalid("missing", HOLDERS, field=f"audience.holders.{name}")
    for name in ("since", "before"):
        if type(value[name]) is not int:
            raise Invalid("wrong_form", HOLDERS, field=f"audience.holders.{name}")
    found = queries.template(by, str(value["offer"]))
    if found.offer.merchant_id != by.merchant_id and not by.is_platform:
        raise NotFound("coupon", "audience.holders.offer")
    try:
        at = datetime.fromisoformat(value["at"])
    except (TypeError, ValueError):
        raise Invalid("wrong_form", HOLDERS, field="audience.holders.at") from None
    said = placed(at, found.offer.merchant.zone).isoformat()
    return {"offer": found.offer.code, "since": value["since"], "before": value["before"], "at": said}


def _known(segments: Iterable[str]) -> None:
    there = catalog.codes(catalog.segments(SYSTEM))
    if not all(code in there for code in segments):
        raise Invalid("unknown", NO_SEGMENT, field="audience")
