"""The review inbox: what waits for the viewer, and every other review by its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.console import queries, things, words
from festoon.console.bulk import Bulk
from festoon.console.columns import Column, Filter, Sort, counted, tabs_of
from festoon.console.history import whos
from festoon.console.listing import List
from festoon.console.lists.parts import state_of
from festoon.console.row import first
from festoon.console.templatetags.listed import age
from festoon.records.viewer import Viewer
from festoon.review import house
from festoon.review import queries as reviews
from festoon.review.actions import Said
from festoon.storefront.templatetags.said import ago, number

FOR_YOU = Words("For you", "待我审核")
BACK, MINE = "back", "mine"
OWN = {BACK: Words("Came back to me", "退回给我"), MINE: Words("Mine under way", "我提交的")}
REMEMBERED = timedelta(days=90)
"""So long what came back and was not submitted again stands in its author's inbox."""
LATE, NEVER = "late", datetime(9999, 1, 1, tzinfo=UTC)
WHY, BY_RULE = Words("Why", "原因"), Words("by rule", "按规则")
Decide = Callable[[Viewer, int, Said], object]


def _kinds(_: Viewer, __: str) -> Sequence[tuple[str, str]]:
    return [(code, words.of(words.KINDS, code)) for code in house.kinds()]


def _lateness(_: Viewer, __: str) -> Sequence[tuple[str, str]]:
    return [(LATE, words.said(Words("Overdue", "已逾期")))]


def decisions(decide: Decide) -> Sequence[Bulk]:
    """Deciding on many at once, through the verb that decides on one."""

    def by(decision: str) -> Callable[[Viewer, Any, str, datetime], object]:
        return lambda viewer, review, why, _: decide(viewer, review.pk, Said(decision, why))

    return (
        Bulk(
            "approve", Words("Approve", "通过"), "check", "",
            Words("Approve these? What passes its last level is live at once.", "通过这些内容？完成最后一级的即刻生效。"),
            by("approve"),
        ),
        Bulk(
            "send_back", Words("Send back", "退回"), "arrow_back_up", "",
            Words("Send these back to their authors?", "将这些内容退回给作者？"), by("send_back"), WHY, "plain",
        ),
        Bulk(
            "reject", Words("Reject", "驳回"), "x", "",
            Words("Reject these? Their authors can open them again as drafts.", "驳回这些内容？作者可重新打开为草稿。"),
            by("reject"), WHY, "danger",
        ),
    )  # fmt: skip


class ReviewList(List):
    """What waits for the viewer first; the other tabs are all reviews by state."""

    name = "reviews"
    label = Words("Review inbox", "审核待办")
    searched = Words("Search name or code", "搜索名称或编号")
    empty = (
        "mood_smile",
        Words("Nothing waits for you", "没有待您审核的内容"),
        Words(
            "What others submit appears here. What you submitted yourself is under “Mine under way”.",
            "他人提交的内容会显示在这里；您自己提交的在“我提交的”中。",
        ),
    )
    columns = (
        Column("name", Words("What", "内容"), lambda each: each.title, always=True, cell=lambda each: _what(each)),
        Column("code", Words("Code", "编号"), lambda each: each.subject, drawn=False),
        Column(
            "kind",
            Words("Kind", "类型"),
            lambda each: words.of(words.KINDS, each.subject_kind),
            alike=lambda each: each.subject_kind,
        ),
        state_of("state"),
        Column(
            "level",
            Words("Level", "级别"),
            lambda each: f"{each.level} / {len(each.levels)}",
            cell=lambda each: _level(each),
            alike=lambda each: (each.level, len(each.levels)),
        ),
        Column("by", Words("Submitted by", "提交人"), lambda each: each.by),
        Column("when", Words("When", "时间"), lambda each: each.opened_at, cell=lambda each: _when(each)),
    )
    filters = (
        Filter("kind", Words("All kinds", "全部类型"), _kinds, "subject_kind"),
        Filter("late", Words("Due whenever", "不限时限"), _lateness, "late"),
    )
    sorts = (
        Sort("", Words("Due first, then waiting longest", "先到期，再按等待最久"), ("due", "opened_at", "id")),
        Sort("oldest", Words("Waiting longest first", "等待最久在前"), ("opened_at", "id")),
        Sort("latest", Words("Latest first", "最新在前"), ("-opened_at", "-id")),
    )

    def __init__(self, request: HttpRequest, viewer: Viewer, now: datetime, decide: Decide) -> None:
        super().__init__(request, viewer, now)
        self.bulks = decisions(decide) if request.method == "POST" or self.waits.count else ()

    @cached_property
    def waits(self) -> reviews.Waits:
        """What waits for the viewer, which the menu need not count again."""
        found = reviews.waits(self.viewer, self.now)
        self.request.festoon_waits = found.count  # type: ignore[attr-defined]
        return found

    @cached_property
    def back(self) -> set[int]:
        """The numbers of what came back to the viewer."""
        return queries.came_back(self.viewer, self.now - REMEMBERED)

    def every(self) -> QuerySet[Any]:
        late = Case(When(state="open", due_at__lte=self.now, then=Value(LATE)), default=Value(""))
        due = Case(When(state="open", due_at__isnull=False, then=F("due_at")), default=Value(NEVER))
        rows = reviews.readable(self.viewer, self.now).order_by()
        return rows.defer("expected", "measures").annotate(late=late, due=due)

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        named = Q(content__name__en__icontains=text) | Q(content__name__zh__icontains=text)
        return rows.filter(Q(subject__icontains=text) | named)

    def within(self, rows: QuerySet[Any], tab: str) -> QuerySet[Any]:
        if tab == BACK:
            return rows.filter(pk__in=self.back)
        if tab == MINE:
            return rows.filter(pk__in=reviews.under_way(self.viewer).order_by().values("pk"))
        return rows.filter(state=tab) if tab else rows.filter(self.waits.where)

    def counts(self) -> Mapping[str, tuple[str, int | None]]:
        asked = ("", *OWN) if self.narrowed else OWN
        counts = {"": self.waits.count} | counted({code: self.within(self.matching, code) for code in asked})
        first, *others = tabs_of(queries.review_counts(self.matching), counts[""], FOR_YOU).items()
        own = {code: (words.said(label), counts[code]) for code, label in OWN.items()}
        return {first[0]: first[1], **own, **dict(others)}

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        names, people = queries.subject_names(self.viewer, rows), whos(row.opened_by for row in rows)
        for row in rows:
            row.by = people[row.opened_by]
            row.title, row.untickable = words.said(names[row.pk]), not self.waits.has(row)
            thing = things.address(row.subject_kind, row.subject) if self.tab == BACK else ""
            row.href = thing or reverse("console:review", args=[row.pk])
            row.overdue = row.due_at is not None and row.due_at < self.now
        return rows


def _what(review: Any) -> str:
    return first(review.href, review.title, "" if review.subject_kind == "exclusion" else review.subject)


def _level(review: Any) -> str:
    return f"{number(review.level)} / {number(len(review.levels))}" if review.levels else words.said(BY_RULE)


def _when(review: Any) -> str:
    if review.due_at is None:
        return format_html("<span>{}</span>", age(review.opened_at))
    due = Words(f"due {ago(review.due_at)}", f"截止 {ago(review.due_at)}")
    tone = "text-bad" if review.overdue else ""
    return format_html('<span>{} <span class="under {}">{}</span></span>', age(review.opened_at), tone, words.said(due))
