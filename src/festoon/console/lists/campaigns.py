"""The list of campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from festoon.base.words import Words
from festoon.console import campaign_page, queries, words
from festoon.console.columns import Column, Filter, Sort
from festoon.console.listing import List, tabs_of
from festoon.console.lists.parts import BY_NAME, by_name, merchants, title
from festoon.records.viewer import Viewer


def _sources(viewer: Viewer, _: str) -> Sequence[tuple[str, str]]:
    rows = queries.campaigns_seen(viewer).order_by("source").values_list("source", flat=True).distinct()
    return [(source, source) for source in rows if source]


def _budget(campaign: Any) -> str:
    part = campaign.given
    return f"{part.gone} / {part.whole}" if part and part.whole else ""


class CampaignList(List):
    """All campaigns the viewer sees, the latest start first."""

    name = "campaigns"
    label = Words("Campaigns", "活动主题")
    template = "console/lists/campaign.html"
    searched = BY_NAME
    empty = (
        "confetti",
        Words("No campaign yet", "还没有活动主题"),
        Words("A campaign is one reason to buy: offers, goals and a budget.", "活动主题是一个购买理由，含优惠、目标和预算。"),
    )  # fmt: skip
    columns = (
        Column("name", Words("Campaign", "活动主题"), title, always=True),
        Column("code", Words("Code", "编号"), lambda each: each.code, drawn=False),
        Column("state", Words("State", "状态"), lambda each: words.state(each.shown).label),
        Column("window", Words("Window", "时间")),
        Column("start", Words("Start", "开始"), lambda each: each.starts_at, drawn=False),
        Column("end", Words("End", "结束"), lambda each: each.ends_at, drawn=False),
        Column("offers", Words("Offers", "优惠"), lambda each: each.offer_count, number=True),
        Column("given", Words("Budget used", "已用预算"), _budget),
        Column("owner", Words("Owner", "归属"), lambda each: title(each.merchant)),
    )
    filters = (
        Filter("source", Words("All sources", "全部来源"), _sources, "source"),
        Filter("merchant", Words("All merchants", "全部商家"), merchants, "merchant__code"),
    )
    sorts = (
        Sort("", Words("Latest start first", "最近开始在前"), ("-starts_at", "-id")),
        Sort("oldest", Words("Earliest start first", "最早开始在前"), ("starts_at", "id")),
    )

    def every(self) -> QuerySet[Any]:
        return queries.campaigns_shown(self.viewer, now=self.now, counted=False).order_by()

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return by_name(rows, text)

    def within(self, rows: QuerySet[Any], tab: str) -> QuerySet[Any]:
        return rows.filter(shown=tab) if tab else rows

    def counts(self) -> Mapping[str, tuple[str, int | None]]:
        found = dict(self.matching.order_by().values_list("shown").annotate(n=Count("pk")))
        known = [*queries.ORDER, *sorted(set(found) - set(queries.ORDER))]
        return tabs_of({code: found.get(code, 0) for code in known}, sum(found.values()))

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        held, given = queries.offers_in(self.viewer, [row.pk for row in rows]), campaign_page.spent(self.viewer, rows)
        for row in rows:
            row.offer_count, row.given = held.get(row.pk, 0), given.get(row.pk)
        return rows
