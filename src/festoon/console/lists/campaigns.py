"""The list of campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.composition import actions as composition
from festoon.composition import ending
from festoon.console import campaign_page, queries, words
from festoon.console.bulk import DEAR, Bulk
from festoon.console.columns import Column, Filter, Sort, tabs_of
from festoon.console.listing import List
from festoon.console.lists.parts import BY_NAME, by_name, figure, merchants, state_of, title
from festoon.console.row import first
from festoon.console.templatetags.festoon import bar
from festoon.offers import actions as offers
from festoon.records.viewer import Viewer
from festoon.storefront.templatetags.said import day_short, last_day, money_short

FIRST = (
    '<span class="d-inline-flex gap-2 align-items-center">'
    '<span class="swatch swatch-{}" aria-hidden="true"></span>{}</span>'
)
NO_BUDGET = Words("no budget", "无预算")


def _sources(viewer: Viewer, _: str) -> Sequence[tuple[str, str]]:
    rows = queries.campaigns_seen(viewer).order_by("source").values_list("source", flat=True).distinct()
    return [(source, words.of(words.SOURCES, source)) for source in rows if source]


def _budget(campaign: Any) -> str:
    part = campaign.given
    return f"{part.gone} / {part.whole}" if part and part.whole else ""


def _submit(viewer: Viewer, campaign: Any, _: str, now: datetime) -> None:
    composition.submit(campaign, by=viewer, now=now)


def _withdraw(viewer: Viewer, campaign: Any, _: str, now: datetime) -> None:
    campaigns.withdraw(campaign, by=viewer, now=now)


def _archive(viewer: Viewer, campaign: Any, _: str, now: datetime) -> None:
    ending.archive(campaign, by=viewer, now=now)


def _stop(viewer: Viewer, campaign: Any, why: str, now: datetime) -> None:
    offers.stop("campaign", campaign.code, why=why, by=viewer, now=now)


def _lift(viewer: Viewer, campaign: Any, why: str, now: datetime) -> None:
    offers.lift("campaign", campaign.code, why=why, by=viewer, now=now)


class CampaignList(List):
    """All campaigns the viewer sees, the latest start first."""

    name = "campaigns"
    label = Words("Campaigns", "活动主题")
    searched = BY_NAME
    sheets = True
    empty = (
        "confetti",
        Words("No campaign yet", "还没有活动主题"),
        Words("A campaign is one reason to buy: offers, goals and a budget.", "活动主题是一个购买理由，含优惠、目标和预算。"),
    )  # fmt: skip
    columns = (
        Column("name", Words("Campaign", "活动主题"), title, always=True, cell=lambda each: _first(each)),
        Column("code", Words("Code", "编号"), lambda each: each.code, drawn=False),
        state_of("shown"),
        Column("window", Words("Window", "时间"), cell=lambda each: _window(each)),
        Column("start", Words("Start", "开始"), lambda each: each.starts_at, drawn=False),
        Column("end", Words("End", "结束"), lambda each: each.ends_at, drawn=False),
        figure("offers", Words("Offers", "优惠"), "offer_count"),
        Column("given", Words("Budget used", "已用预算"), _budget, cell=lambda each: _given(each)),
        Column(
            "owner", Words("Owner", "归属方"), lambda each: title(each.merchant), alike=lambda each: each.merchant_id
        ),
    )
    filters = (
        Filter("source", Words("All sources", "全部来源"), _sources, "source"),
        Filter("merchant", Words("All merchants", "全部商家"), merchants, "merchant__code"),
    )
    sorts = (
        Sort("", Words("Latest start first", "最近开始在前"), ("-starts_at", "-id")),
        Sort("oldest", Words("Earliest start first", "最早开始在前"), ("starts_at", "id")),
    )

    bulks = (
        Bulk(
            "submit", Words("Submit", "提交审核"), "send", "campaigns.edit",
            Words("Submit these campaigns, each with all its drafts?", "提交这些活动及其全部草稿？"), _submit, most=DEAR,
        ),
        Bulk(
            "withdraw", Words("Withdraw", "撤回"), "arrow_back_up", "campaigns.edit",
            Words(
                "Withdraw these campaigns from review? Their offers stay where they are.",
                "撤回这些活动的审核？其中的优惠保持原状。",
            ),
            _withdraw, tone="plain",
        ),
        Bulk(
            "stop", Words("Stop", "停用"), "hand_stop", "offers.stop",
            Words(
                "Stop these campaigns? From then on nothing of them is granted.",
                "停用这些活动？确认后其中的优惠立即不再发放或使用。",
            ),
            _stop, Words("Why", "原因"), "danger",
        ),
        Bulk(
            "lift", Words("Lift the stop", "解除停用"), "player_play", "offers.stop",
            Words(
                "Lift the stop of these campaigns? Their offers are granted again.",
                "解除这些活动的停用？其中的优惠将重新生效。",
            ),
            _lift, tone="plain",
        ),
        Bulk(
            "archive", Words("Archive", "归档"), "archive", "campaigns.edit",
            Words(
                "Archive these campaigns? Their figures are kept; nothing of them stays live. Only what is over can be archived.",
                "归档这些活动？数据将保留，其中内容全部下线；仅限已结束的活动。",
            ),
            _archive, tone="danger", most=DEAR,
        ),
    )  # fmt: skip

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
            row.came_from = words.of(words.SOURCES, row.source)
        return rows


def _first(row: Any) -> str:
    code = f"{row.code} · {row.came_from}" if row.source else row.code
    return format_html(FIRST, row.colour, first(reverse("console:campaign", args=[row.code]), title(row), code))


def _window(row: Any) -> str:
    return format_html('<span class="nowrap">{} – {}</span>', day_short(row.starts_at), last_day(row.ends_at))


def _given(row: Any) -> str:
    part, currency = row.given, row.merchant.currency
    if not part or not part.whole:
        return format_html('<span class="text-quiet">{}</span>', words.said(NO_BUDGET))
    return format_html(
        '<span class="wide">{} <span class="text-quiet">/ {}</span>{}</span>',
        money_short(part.gone, currency), money_short(part.whole, currency), bar(part.share, part.tone),
    )  # fmt: skip
