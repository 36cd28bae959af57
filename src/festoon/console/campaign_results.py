"""What a campaign brought and what it cost, for its page: sales in its time day by day, goals reached, money given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.money import exponent
from festoon.base.words import Words
from festoon.catalog.goods import goods as catalogue
from festoon.composition.profit import Profit, profit
from festoon.composition.queries import Outline
from festoon.composition.results import Reached, by_day, goals_reached, sales_of
from festoon.console import charts, live, words
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.storefront.templatetags.said import day_short

DAY = Words("Day", "日期")
GMV = Words("Sold", "成交额")
GOAL = Words("Goal a day", "日均目标")
MOST_DAYS = 62


@dataclass(frozen=True, slots=True)
class Results:
    """Input against output, in minor units; `per_unit` is what was sold for each `unit` of the currency given, `profit`
    what is left of it, for whom costs are.
    """

    gmv: int
    orders: int
    given: int
    per_unit: int | None
    unit: int
    chart: charts.Chart
    profit: Profit | None = None


def results(viewer: Viewer, parts: Outline, given: int, *, now: datetime) -> Mapping[str, Any]:
    """The block of a campaign that has begun, for its owner and the platform; else its goals alone.

    `given` is the budget gone so far.
    """
    campaign, goals = parts.campaign, list(parts.goals)
    own = viewer.is_platform or campaign.merchant_id == viewer.merchant_id
    if campaign.starts_at > now or not own:
        return {"goals": [Reached(goal, None) for goal in goals], "results": None}
    currency, over = campaign.merchant.currency, campaign.ends_at <= now
    sold = sales_of(viewer, campaign)
    counted = any(goal.product for goal in goals) and not over and campaign.merchant_id == viewer.merchant_id
    goods = live.sold_goods(viewer, since=campaign.starts_at) if counted else None
    lines = goals_reached(viewer, campaign, goals, sold, goods)
    whole = sum(goal.target for goal in goals if goal.metric == "gmv" and not goal.product)
    unit = 10 ** exponent(currency)
    per_unit = sold.gmv * unit // given if given else None
    left = profit(viewer, campaign, catalogue(now), now=now) if reviews.sees_costs(viewer, "campaign") else None
    found = Results(sold.gmv, sold.orders, given, per_unit, unit, _by_day(viewer, campaign, whole, now), left)
    return {"goals": lines, "results": found}


def _by_day(viewer: Viewer, campaign: Any, goal: int, now: datetime) -> charts.Chart:
    zone, currency = ZoneInfo(campaign.zone), campaign.merchant.currency
    last = min(now, campaign.ends_at - timedelta(microseconds=1)).astimezone(zone)
    first = max(campaign.starts_at.astimezone(zone), last - timedelta(days=MOST_DAYS))
    cuts = _days(first, last)
    sold = by_day(viewer, campaign, since=cuts[0], zone=zone)
    length = campaign.ends_at - campaign.starts_at
    a_day = goal * timedelta(days=1) // length if length > timedelta(days=1) else goal
    said = (words.said(DAY), words.said(GMV), words.said(GOAL))
    values = [sold.get(cut, 0) for cut in cuts]
    return charts.over_time([day_short(cut) for cut in cuts], values, [a_day] * len(cuts), said=said, currency=currency)


def _days(first: datetime, last: datetime) -> Sequence[datetime]:
    """The beginning of each day from `first` to `last`, as their zone has it."""
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return [day + timedelta(days=n) for n in range((last.date() - day.date()).days + 1)]
