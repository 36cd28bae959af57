"""Who did what, when, to which thing: the audit as a list. What shoppers do in crowds stands with the coupons and orders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.checkout import queries as sold
from festoon.console import asked, history, queries, things, words
from festoon.console.columns import Column, Filter, Sort
from festoon.console.jobs import JOBS
from festoon.console.listing import List
from festoon.console.lists.parts import choices_of
from festoon.distribution import queries as distributions
from festoon.offers import queries as offers
from festoon.presets import queries as presets
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.templatetags.said import clock, day, day_short

Key = tuple[str, str]
"""Kind and code of the thing of a row."""
PEOPLE = 100
DAYS = 31
"""So many days stand in the choice; any other is asked for in the address."""


def _people(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    """The first hundred, and who was chosen: by name where the viewer may see them."""
    people = catalog.people(viewer).order_by("code")
    rows = [(f"person:{code}", said) for code, said in choices_of(people[:PEOPLE])]
    if not chosen or chosen in dict(rows):
        return rows
    one = choices_of(people.filter(code=chosen.removeprefix("person:"))) if chosen.startswith("person:") else ()
    return [*rows, (chosen, one[0][1] if one else chosen)]


def _kinds(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    del viewer, chosen
    return [(code, words.said(said)) for code, said in words.AUDITED.items()]


def _verbs(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    """Each thing that is done once, though several verbs may say it."""
    del viewer, chosen
    first: dict[str, str] = {}
    for code, said in words.VERBS.items():
        first.setdefault(words.said(said), code)
    return sorted(((code, label) for label, code in first.items()), key=lambda pair: pair[1])


def _days(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    """The last days, and the one that was asked for."""
    del viewer
    today = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    found = [today - timedelta(days=back) for back in range(DAYS)]
    rows = [(day.date().isoformat(), day_short(day)) for day in found]
    return rows if not chosen or chosen in dict(rows) else [*rows, (chosen, chosen)]


class AuditList(List):
    """The latest first. By person, thing, verb and day."""

    name = "audit"
    label = Words("Who did what", "操作记录")
    searched = Words("Code of the thing", "对象编号")
    columns = (
        Column("did", Words("What", "操作"), lambda each: each.did, always=True, cell=lambda each: _did(each)),
        Column("at", Words("When", "时间"), lambda each: each.at, drawn=False),
        Column("who", Words("Who", "操作人"), lambda each: each.who),
        Column("by", Words("Signed in as", "登录名"), lambda each: each.by, drawn=False),
        Column("verb", Words("Verb", "动作编码"), lambda each: each.verb, drawn=False),
        Column("thing", Words("To which thing", "对象"), lambda each: each.thing, cell=lambda each: _thing(each)),
        Column("kind", Words("Kind", "类别"), lambda each: each.subject_kind, drawn=False),
        Column("code", Words("Code", "编号"), lambda each: each.subject, drawn=False),
        Column("states", Words("From and to", "状态变化"), lambda each: each.moved, cell=lambda each: _states(each)),
        Column("why", Words("Why", "原因"), words.why, cell=lambda each: _why(each)),
    )
    filters = (
        Filter("by", Words("Anybody", "所有人"), _people, "by"),
        Filter("kind", Words("Any kind", "全部类别"), _kinds, "subject_kind"),
        Filter("verb", Words("Any action", "全部操作"), _verbs, "verb"),
        Filter("day", Words("Any day", "全部日期"), _days, "at"),
    )
    sorts = (Sort("", Words("Latest first", "最新在前"), ("-id",)),)
    empty = (
        "history",
        Words("Nothing was done yet", "还没有操作记录"),
        Words("Every change of state is written here with its person.", "每次状态变化及其操作人都会记录在这里。"),
    )

    def every(self) -> QuerySet[Any]:
        return records.told(self.viewer).defer("rows", "previous", "digest")

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """Of a verb every room's; of a day what was done on it by the clock of the viewer's house."""
        rows, chosen = self.every(), self.chosen
        if by := chosen.get("by"):
            rows = rows.filter(by=by)
        if kind := chosen.get("kind"):
            rows = rows.filter(subject_kind=kind)
        if verb := chosen.get("verb"):
            rows = rows.filter(reduce(or_, (Q(verb__endswith=f".{code}") for code in _said_as(verb))))
        if day := chosen.get("day"):
            rows = _on(rows, day)
        return rows.filter(subject__icontains=self.text) if self.text else rows

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        who = history.whos(row.by for row in rows)
        pairs = _pairs(self.viewer, rows)
        names = _names(self.viewer, rows) | _of_both(self.viewer, pairs)
        for row in rows:
            row.title, row.who, (row.did, row.tone) = row.subject, who[row.by], words.verb(row.verb)
            key = row.subject_kind, row.subject
            name, pair = names.get(key), pairs.get(key)
            row.thing = words.said(name) if name else row.subject
            row.about = words.of(words.AUDITED, row.subject_kind)
            row.href = ""
            if name:
                row.href = reverse("console:exclusion", args=pair) if pair else things.address(*key)
            row.moved = _moved(row.before, row.after)
        return rows


def _did(row: Any) -> str:
    return format_html('<span>{} <span class="under nowrap">{} {}</span></span>', row.did, day(row.at), clock(row.at))


def _thing(row: Any) -> str:
    thing = format_html('<a href="{}">{}</a>', row.href, row.thing) if row.href else row.thing
    code = format_html('<span class="text-break">{}</span>', row.subject) if row.thing != row.subject else ""
    return format_html('<span>{} <span class="under parts"><span>{}</span>{}</span></span>', thing, row.about, code)


def _states(row: Any) -> str:
    return format_html('<span class="nowrap">{}</span>', row.moved) if row.moved else ""


def _why(row: Any) -> str:
    return format_html('<span class="wide">{}</span>', truncatechars(words.why(row), 200)) if row.why else ""


def _moved(before: str, after: str) -> str:
    """From which state into which; the arrow tells whether the one there is was left or entered."""
    both = [words.state(each).label if each in words.STATES else "" for each in (before, after)]
    return " → ".join(both).strip() if any(both) else ""


def _said_as(code: str) -> Sequence[str]:
    """All verbs that are said as this one; of one nobody knows, itself."""
    said = words.VERBS.get(code)
    return [each for each, other in words.VERBS.items() if other == said] or [code]


def _on(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """What was done on a day; nothing on what is no day."""
    day = asked.day(text)
    if day is None:
        return rows.none()
    zone = timezone.get_current_timezone()
    start, end = (datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, day + timedelta(days=1)))
    return rows.filter(at__gte=start, at__lt=end)


def _names(viewer: Viewer, rows: Sequence[Any]) -> dict[Key, Words]:
    """What the things are called that the viewer may see by their names, by kind and code."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(row.subject_kind, set()).add(row.subject)
    found: dict[Key, Words] = {}
    if some := codes.keys() & {"promotion", "coupon", "offer"}:
        named = queries.offer_names(viewer, set().union(*(codes[kind] for kind in some)))
        found |= {(kind, code): named[code] for kind in some for code in codes[kind] & named.keys()}
    for kind, seen in NAMED.items():
        if kind in codes:
            named = queries.names_of(seen(viewer), codes[kind])
            found |= {(kind, code): name for code, name in named.items()}
    for kind, called in NUMBERED.items():
        if kind in codes:
            found |= {(kind, code): name for code, name in called(viewer, codes[kind]).items()}
    return found


def _pairs(viewer: Viewer, rows: Sequence[Any]) -> dict[Key, tuple[str, str]]:
    """The offers of the exclusions that the viewer may see: these have no name but those of their two offers."""
    codes = {row.subject for row in rows if row.subject_kind == "exclusion"}
    if not codes:
        return {}
    found = (
        offers.exclusions(viewer, wide=False).filter(code__in=codes).values_list("code", "first__code", "second__code")
    )
    return {("exclusion", code): (first, second) for code, first, second in found}


def _of_both(viewer: Viewer, pairs: Mapping[Key, tuple[str, str]]) -> dict[Key, Words]:
    known = queries.offer_names(viewer, {code for pair in pairs.values() for code in pair})
    named = {key: [known.get(code, words.ANOTHER) for code in pair] for key, pair in pairs.items()}
    return {key: Words(f"{a.en} and {b.en}", f"{a.zh}与{b.zh}") for key, (a, b) in named.items()}


def _jobs(viewer: Viewer, codes: Collection[str]) -> Mapping[str, Words]:
    """By what they do: who sees that one was begun may know which."""
    del viewer
    rows = records.jobs(SYSTEM).filter(pk__in=[int(code) for code in codes if code.isdecimal()])
    return {str(job.pk): JOBS.get(job.kind, Words(job.kind, job.kind)) for job in rows}


def _orders(viewer: Viewer, codes: Collection[str]) -> Mapping[str, Words]:
    """By the number the shop gave them, where it gave one."""
    rows = sold.redemptions(viewer).filter(hold_id__in=codes).exclude(order="")
    return {hold: Words(order, order) for hold, order in rows.values_list("hold_id", "order")}


def _days_bound(viewer: Viewer, codes: Collection[str]) -> Mapping[str, Words]:
    """The days whose entries were bound, as dates are said on the page."""
    del viewer
    zone = timezone.get_current_timezone()
    said = {code: day(datetime.combine(date.fromisoformat(code), time(12), zone)) for code in codes}
    return {code: Words(one, one) for code, one in said.items()}


def _shoppers(viewer: Viewer, codes: Collection[str]) -> Mapping[str, Words]:
    return queries.names_of(catalog.shoppers(viewer).exclude(name_en=""), codes)


NAMED: dict[str, Any] = {
    "campaign": campaigns.visible, "distribution": distributions.visible, "preset": presets.visible,
    "person": catalog.people,
}  # fmt: skip
NUMBERED: Mapping[str, Callable[[Viewer, Collection[str]], Mapping[str, Words]]] = {
    "audit": _days_bound, "job": _jobs, "order": _orders, "shopper": _shoppers,
}  # fmt: skip
"""Things of which a number is kept: what people call them instead."""
