"""What a campaign brought, beside what it cost: sales in its time, and how far each goal is reached.

Sales are everything that was sold between its start and its end, net of refunds, as goals are set for an event: by
everybody for a campaign of the platform, in a merchant's own shops for a merchant's. Which of it would have been sold
anyway is not said here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncDay
from django.db.models.functions.datetime import TruncBase

from festoon.campaigns.models import Campaign, Goal
from festoon.checkout import queries as checkout
from festoon.checkout.models import Redemption
from festoon.coupons import queries as coupons
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.storefront.figures import share


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold in a time; money in minor units, net of refunds."""

    gmv: int
    orders: int
    by_channel: Mapping[str, int]
    orders_by_channel: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reached:
    """One goal, and how far it is reached; None where it is not counted as the sales come in."""

    goal: Goal
    reached: int | None

    @property
    def share(self) -> int:
        """How long its bar is, 0 to 100."""
        return share(self.reached or 0, self.goal.target)


def sales(viewer: Viewer, *, since: datetime, currency: str) -> Sales:
    """What the viewer's house redeemed from a moment on, in one currency."""
    return _sum(checkout.redemptions(viewer).filter(at__gte=since, merchant__currency=currency))


def sales_of(viewer: Viewer, campaign: Campaign) -> Sales:
    """What was sold while the campaign ran: by everybody where it is the platform's, else in its merchant's own shops."""
    return _sum(in_its_time(viewer, campaign))


def by_day(viewer: Viewer, campaign: Campaign, *, since: datetime, zone: ZoneInfo) -> Mapping[datetime, int]:
    """The same from a moment on: what was sold, net of refunds, by the beginning of its day in `zone`."""
    return over(in_its_time(viewer, campaign).filter(at__gte=since), TruncDay("at", tzinfo=zone))


def over(rows: QuerySet[Redemption], cut: TruncBase) -> dict[datetime, int]:
    """What these redemptions came to, net of refunds, in each stretch of time."""
    found = rows.select_related(None).order_by().annotate(cut=cut).values_list("cut")
    return {at: paid - back for at, paid, back in found.annotate(paid=Sum("paid"), back=Sum("refunded"))}


def in_its_time(viewer: Viewer, campaign: Campaign) -> QuerySet[Redemption]:
    """What was redeemed while the campaign ran: by everybody where it is the platform's, else in its merchant's shops."""
    rows = checkout.redemptions(viewer).filter(at__gte=campaign.starts_at, at__lt=campaign.ends_at)
    return _of_its_house(rows.filter(merchant__currency=campaign.merchant.currency), campaign)


def _of_its_house(rows: QuerySet[Any], campaign: Campaign) -> QuerySet[Any]:
    return rows if campaign.merchant_id == PLATFORM else rows.filter(merchant_id=campaign.merchant_id)


def _sum(rows: QuerySet[Redemption]) -> Sales:
    told = rows.select_related(None).order_by().values_list("channel")
    found = list(told.annotate(paid=Sum("paid"), back=Sum("refunded"), n=Count("pk")).order_by("channel"))
    by_channel = {channel: paid - back for channel, paid, back, _ in found}
    orders = {channel: n for channel, *_, n in found}
    return Sales(sum(by_channel.values()), sum(orders.values()), by_channel, orders)


def goals_reached(
    viewer: Viewer, campaign: Campaign, goals: list[Goal], sold: Sales, goods: Mapping[str, int] | None
) -> list[Reached]:
    """Each goal with what is reached. `goods` is what was sold of each sku; None: not known."""
    return [Reached(goal, _reached(viewer, campaign, goal, sold, goods)) for goal in goals]


def _reached(
    viewer: Viewer, campaign: Campaign, goal: Goal, sold: Sales, goods: Mapping[str, int] | None
) -> int | None:
    if goal.product:
        return goods.get(goal.product, 0) if goods is not None and goal.metric == "gmv" else None
    if goal.metric in BY_CHANNEL:
        whole, by_channel = BY_CHANNEL[goal.metric](sold)
        return by_channel.get(goal.channel, 0) if goal.channel else whole
    return None if goal.channel or goal.metric not in COUNTED else COUNTED[goal.metric](viewer, campaign)


def _claims(viewer: Viewer, campaign: Campaign) -> int:
    return coupons.visible(viewer).filter(template__offer__campaign=campaign).count()


def _redemptions(viewer: Viewer, campaign: Campaign) -> int:
    return coupons.visible(viewer).filter(template__offer__campaign=campaign, state="redeemed").count()


def _new_buyers(viewer: Viewer, campaign: Campaign) -> int:
    """Shoppers who bought in its time and never before, as far as its house knows."""
    before = [
        _of_its_house(checkout.redemptions(SYSTEM), campaign).filter(
            hold__shopper=OuterRef("hold__shopper"), at__lt=campaign.starts_at
        ),
        _of_its_house(checkout.orders(SYSTEM), campaign).filter(
            shopper=OuterRef("hold__shopper"), placed_at__lt=campaign.starts_at
        ),
    ]
    rows = in_its_time(viewer, campaign).select_related(None).filter(hold__shopper__isnull=False)
    for earlier in before:
        rows = rows.exclude(Exists(earlier.order_by()))
    return rows.order_by().values("hold__shopper").distinct().count()


BY_CHANNEL: Mapping[str, Callable[[Sales], tuple[int, Mapping[str, int]]]] = {
    "gmv": lambda sold: (sold.gmv, sold.by_channel),
    "orders": lambda sold: (sold.orders, sold.orders_by_channel),
}
COUNTED: Mapping[str, Callable[[Viewer, Campaign], int]] = {
    "claims": _claims, "redemptions": _redemptions, "new_buyers": _new_buyers,
}  # fmt: skip


def kept(viewer: Viewer, campaign: Campaign, goals: list[Goal]) -> dict[str, Any]:
    """The same as it is kept with an archived campaign."""
    sold = sales_of(viewer, campaign)
    return {
        "sold": {"gmv": sold.gmv, "orders": sold.orders, "by_channel": dict(sold.by_channel)},
        "goals": [
            {"metric": each.goal.metric, "channel": each.goal.channel, "product": each.goal.product,
             "target": each.goal.target, "reached": each.reached}
            for each in goals_reached(viewer, campaign, goals, sold, None)
        ],
    }  # fmt: skip
