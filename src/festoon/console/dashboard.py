"""The dashboard, put together: tiles, charts, budgets, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.composition import results
from festoon.console import charts, live, queries, things, words
from festoon.console.given import Given, of_account
from festoon.records.names import name_of
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.storefront.figures import basis_points, share
from festoon.storefront.templatetags.said import clock, day_short

MINUTES = 24
TIME = Words("Time", "时间")
GMV = Words("GMV", "成交额")
GOAL = Words("Goal", "目标")
EVERYTHING = Words("everything", "全部优惠")


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures of the cards; money in minor units, shares in basis points."""

    gmv: int
    gmv_goal: int
    orders: int
    claimed: int
    used: int
    discount: int
    discount_budget: int

    @property
    def gmv_share(self) -> int:
        """How much of the goal is reached."""
        return basis_points(self.gmv, self.gmv_goal)

    @property
    def used_share(self) -> int:
        """How many of the claimed coupons are used."""
        return basis_points(self.used, self.claimed)

    @property
    def discount_share(self) -> int:
        """How much of the budget is gone."""
        return basis_points(self.discount, self.discount_budget)

    @property
    def mean(self) -> int:
        """An order's worth."""
        return self.gmv // self.orders if self.orders else 0


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line with what is gone of it."""

    campaign: Any
    kind: str
    payer: str
    name_en: str
    name_zh: str
    given: Given


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: how many, how long its bar is, and how many of the first step (basis points)."""

    label: str
    count: int
    share: int
    of_first: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that needs attention."""

    words: str
    more: str
    icon: str
    tone: str
    href: str = ""


def context(viewer: Viewer, *, grain: str, zone: ZoneInfo, now: datetime) -> Mapping[str, Any]:
    """Everything the dashboard draws for the campaigns that are live now."""
    themes = list(queries.campaigns_shown(viewer, now=now).filter(shown="live", starts_at__lte=now, ends_at__gt=now))
    currency = queries.currency(viewer)
    since = min((theme.starts_at for theme in themes), default=_hour(now) - timedelta(days=1))
    sold = results.sales(viewer, since=since, currency=currency)
    taken, used = live.claimed(viewer, since=since, currency=currency)
    lines = budget_lines(viewer, themes)
    discounts = [line.given for line in lines if line.kind == "discount"]
    goals = [goal for theme in themes for goal in campaigns.goals(viewer, theme) if goal.metric == "gmv"]
    whole = sum(goal.target for goal in goals if goal.channel)
    held = live.reserved(viewer, since=since, currency=currency)
    steps = [(Words("Opened", "打开"), live.opened(themes)), (Words("Claimed", "领取"), taken),
             (Words("Reserved", "占用"), held), (Words("Bought", "购买"), sold.orders)]  # fmt: skip
    return {
        "currency": currency,
        "tiles": Tiles(
            sold.gmv, whole, sold.orders, taken, used, sum(g.gone for g in discounts), sum(g.whole for g in discounts)
        ),
        "gmv_time": _time(viewer, themes, whole, since, currency, grain, zone, now),
        "gmv_channel": _channels(goals, sold, currency),
        "gmv_product": _products(viewer, goals, since, currency),
        "funnel": funnel([(words.said(name), n) for name, n in steps]),
        "budget": lines,
        "attention": attention(viewer, lines, now=now),
    }


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def funnel(steps: Sequence[tuple[str, int]]) -> Sequence[Step]:
    """How many came how far."""
    most = max((count for _, count in steps), default=0)
    first = steps[0][1]
    return [
        Step(label, count, share(count, most), basis_points(count, first) if first else None) for label, count in steps
    ]


def budget_lines(viewer: Viewer, themes: Sequence[Any]) -> Sequence[Line]:
    """The budget lines of these campaigns, in the order of the campaigns: of all of them read at once."""
    place = {theme.pk: number for number, theme in enumerate(themes)}
    found = [
        Line(themes[place[line.campaign_id]], line.kind, line.payer, line.name_en, line.name_zh, given)
        for line in campaigns.budget(viewer, *themes)
        if (given := of_account(line.account))
    ]
    return sorted(found, key=lambda line: place[line.campaign.pk])


def attention(viewer: Viewer, lines: Sequence[Line], *, now: datetime) -> Sequence[Item]:
    """What runs out, what is stopped, what waits: the worst first."""
    stops = list(queries.stops_shown(viewer))
    names = {"": EVERYTHING} | queries.thing_names(viewer, [(stop.kind, stop.code) for stop in stops])
    found = [_stopped(stop, names.get(stop.code, Words(stop.code, stop.code))) for stop in stops]
    found += [_running_out(line) for line in lines if line.given.share >= 80]
    found += [_stock(offer, given) for offer, given in queries.nearly_gone(viewer)]
    waiting = reviews.waiting(viewer, now)
    if waiting:
        said = Words(f"{waiting} waiting for your review", f"{waiting} 项待您审核")
        found.append(Item(words.said(said), "", "inbox", "note", reverse("console:inbox")))
    return found[:8]


def _stopped(stop: Any, name: Words) -> Item:
    said = words.said(Words("Stopped: ", "已停用：") + name)
    return Item(said, words.why(stop), "hand_stop", "bad", things.address(stop.kind, stop.code))


def _running_out(line: Line) -> Item:
    said = Words(f"{line.name_en}: {line.given.share}% is gone", f"{line.name_zh}：已用 {line.given.share}%")
    name = name_of(line.campaign)
    tone = "bad" if line.given.share >= 95 else "warn"
    return Item(
        words.said(said), words.said(name), "coin", tone, reverse("console:campaign", args=[line.campaign.code])
    )


def _stock(offer: Any, given: Given) -> Item:
    said = Words(f"{offer.name_en}: {given.left} left", f"{offer.name_zh}：剩余 {given.left}")
    more = Words(f"of {given.whole}", f"共 {given.whole}")
    tone = "bad" if given.left == 0 else "warn"
    return Item(words.said(said), words.said(more), "ticket", tone, reverse("console:offer", args=[offer.code]))


def _time(
    viewer: Viewer, themes: Sequence[Any], whole: int, since: datetime, currency: str, grain: str, zone: ZoneInfo,
    now: datetime,
) -> charts.Chart:  # fmt: skip
    step = timedelta(minutes=1) if grain == "minute" else timedelta(days=1)
    last = now.astimezone(zone).replace(second=0, microsecond=0)
    first = last - MINUTES * step
    if grain == "day":
        last = last.replace(hour=0, minute=0)
        first = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = live.over_time(viewer, since=max(since, first), currency=currency, grain=grain, zone=zone)
    cuts = [first + n * step for n in range((last - first) // step + 1)]
    length = max((theme.ends_at - since for theme in themes), default=step)
    goal = whole * step // length if whole else 0
    label = clock if grain == "minute" else day_short
    names = [label(cut)[:5] if grain == "minute" else label(cut) for cut in cuts]
    values = [found.get(cut, 0) for cut in cuts]
    return charts.over_time(names, values, [goal] * len(cuts), said=_said(TIME, GMV, GOAL), currency=currency)


def _channels(goals: Sequence[Any], sold: results.Sales, currency: str) -> charts.Chart:
    targets: dict[str, int] = {}
    for goal in goals:
        if goal.channel:
            targets[goal.channel] = targets.get(goal.channel, 0) + goal.target
    codes = sorted(targets.keys() | sold.by_channel.keys(), key=lambda code: (-targets.get(code, 0), code))
    names = [words.of(words.CLAIMED_IN, code) for code in codes]
    values = [sold.by_channel.get(code, 0) for code in codes]
    said = _said(Words("Channel", "渠道"), GMV, GOAL)
    return charts.bars(names, values, [targets.get(code, 0) for code in codes], said=said, currency=currency)


def _products(viewer: Viewer, goals: Sequence[Any], since: datetime, currency: str) -> charts.Chart:
    targets = {goal.product: goal.target for goal in goals if goal.product}
    sold = live.sold_goods(viewer, since=since)
    rows = {row.sku: row for row in catalog.visible(viewer).filter(sku__in=list(targets))}
    names = [words.said(name_of(row)) if (row := rows.get(sku)) else sku for sku in targets]
    values = [sold.get(sku, 0) for sku in targets]
    said = _said(Words("Product", "商品"), GMV, GOAL)
    return charts.bars(names, values, list(targets.values()), said=said, currency=currency)


def _said(*both: Words) -> tuple[Any, ...]:
    return tuple(words.said(one) for one in both)
