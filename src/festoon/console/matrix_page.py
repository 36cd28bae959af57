"""The matrix of a campaign's or a day's offers: every two of them, and what stands between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import words
from festoon.console.exclusion_page import edited
from festoon.console.lists.parts import by_name
from festoon.console.relations import CONFLICTS, MARKS, Relation, Relations, marks
from festoon.console.shapes import Cell, Head, Matrix, Row
from festoon.offers import queries as owned
from festoon.offers.overlap import table
from festoon.offers.released import as_seen
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer

MOST, BOTH_HALVES, LISTED = 60, 24, 150
OVER = ("recalled", "rejected")
SHOWS = {"": Words("All pairs", "全部组合"), "conflicts": Words("Only with a conflict", "仅看冲突")}
LABEL = Words("Which offers combine", "优惠叠加矩阵")


def of_campaign(viewer: Viewer, campaign: Any, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """All offers of a campaign, drafts too."""
    rows = owned.visible(viewer).filter(campaign=campaign).exclude(state__in=OVER)
    return _drawn(viewer, rows, asked, now)


def of_day(viewer: Viewer, day: date, zone: ZoneInfo, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """What is out, agreed on or in review and given on this day, by the clock of `zone`."""
    start = datetime.combine(day, time(), zone)
    rows = owned.visible(viewer).filter(Q(out=True) | Q(state="in_review")).exclude(state__in=OVER)
    rows = rows.filter(Q(starts_at=None) | Q(starts_at__lt=start + timedelta(days=1)))
    rows = rows.filter(Q(ends_at=None) | Q(ends_at__gt=start))
    return _drawn(viewer, rows, asked, now)


def _drawn(viewer: Viewer, rows: Any, asked: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    currency = catalog.merchants(SYSTEM).get(pk=viewer.merchant_id).currency
    trading = catalog.merchants(SYSTEM).filter(currency=currency).values_list("pk", flat=True)
    rows = rows.filter(merchant__in=list(trading))
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if text := asked.get("q", "").strip():
        rows = by_name(rows, text)
    total = rows.count()
    order = ("-out", "-kind", "code")
    few = list(rows.order_by(*order).values_list("pk", flat=True)[:MOST])  # from an index: rows are long
    shown = owned.visible(viewer).select_related("merchant").filter(pk__in=few)
    offers = as_seen(viewer, shown.order_by(*order))
    on = table(currency, now)
    stood = {each.code: on.of(each) for each in offers}
    relations = Relations(viewer, on, stood, edited(viewer, offers))
    found = {
        (one.code, other.code): relations.of(stood[one.code], stood[other.code])
        for one, other in combinations(offers, 2)
    }
    counts = {mark: sum(relation.mark == mark for relation in found.values()) for mark in MARKS}
    if asked.get("show") == "conflicts":
        tied = {code for ends, relation in found.items() if relation.mark in CONFLICTS for code in ends}
        offers = [each for each in offers if each.code in tied]
    named = {each.code: words.said(name_of(each)) for each in offers}
    return {
        "matrix": _matrix(offers, found, named), "total": total, "most": MOST, "asked": asked, "pairs": len(found),
        "counts": [(words.said(label), icon, tone, counts[mark]) for mark, (label, icon, tone) in MARKS.items()],
        "list": _list(offers, found),
        "shows": [(code, words.said(label), code == asked.get("show", "")) for code, label in SHOWS.items()],
    }  # fmt: skip


def _matrix(offers: Sequence[Any], found: Mapping[tuple[str, str], Relation], named: Mapping[str, str]) -> Matrix:
    """Both halves of a small matrix, for reading along a row; of a large one each pair once."""
    marked = {mark: words.said(label) for mark, (label, _, _) in MARKS.items()}
    there = reverse("console:exclusion", args=["0", "1"])

    def cell(x: int, y: int) -> Cell | None:
        if x == y or (x < y and len(offers) > BOTH_HALVES):
            return None
        one, other = offers[min(x, y)].code, offers[max(x, y)].code
        mark = found[one, other].mark
        return Cell(mark, marked[mark], there.replace("/0/", f"/{one}/").replace("/1/", f"/{other}/"))

    heads = [
        Head(named[each.code], words.of(words.KINDS, each.kind), reverse("console:offer", args=[each.code]))
        for each in offers
    ]
    rows = [Row(head, [cell(x, y) for x in range(len(offers))]) for y, head in enumerate(heads)]
    return Matrix(words.said(LABEL), heads, rows, marks())


def _list(offers: Sequence[Any], found: Mapping[tuple[str, str], Relation]) -> Sequence[Any]:
    """The same for a phone: each pair that meets once, under the first of its offers; conflicts first, and no more than fit."""
    order, by = list(MARKS), {each.code: each for each in offers}
    pairs = [each for each in found.items() if each[1].mark != "apart" and by.keys() >= set(each[0])]
    listed: dict[str, list[tuple[Any, Relation]]] = {}
    for (one, other), relation in sorted(pairs, key=lambda each: order.index(each[1].mark))[:LISTED]:
        listed.setdefault(one, []).append((by[other], relation))
    return [(by[code], each, _told(each)) for code, each in listed.items()]


def _told(pairs: Sequence[tuple[Any, Relation]]) -> Sequence[tuple[str, str, int]]:
    """How many of some pairs stand how: icon, tone and count of each mark there is."""
    counts = Counter(relation.mark for _, relation in pairs)
    return [(icon, tone, counts[mark]) for mark, (_, icon, tone) in MARKS.items() if counts[mark]]
