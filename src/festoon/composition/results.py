"""What a campaign brought, beside what it cost: sales in its time, and how far each goal is reached.

Sales are everything that was sold between its start and its end, net of refunds, as goals are set for an event; which of
it would have been sold anyway is not said here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Sum

from festoon.campaigns.models import Campaign, Goal
from festoon.checkout import queries as checkout
from festoon.coupons import queries as coupons
from festoon.records.viewer import Viewer


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


def sales(viewer: Viewer, *, since: datetime, until: datetime | None = None, currency: str) -> Sales:
    """What was redeemed from a moment on (`until` not included; None: up to now), in one currency."""
    rows = checkout.redemptions(viewer).select_related(None).filter(at__gte=since, merchant__currency=currency)
    rows = rows if until is None else rows.filter(at__lt=until)
    found = list(rows.order_by().values_list("channel").annotate(paid=Sum("paid"), back=Sum("refunded"), n=Count("pk")))
    by_channel = {channel: paid - back for channel, paid, back, _ in found}
    return Sales(
        sum(by_channel.values()), sum(n for *_, n in found), by_channel, {channel: n for channel, *_, n in found}
    )


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
    """Shoppers whose first order of all was in its time."""
    rows = checkout.redemptions(viewer).select_related(None).filter(hold__shopper__isnull=False).order_by()
    firsts = rows.values("hold__shopper").annotate(
        first=Min("at"), n=Count("pk"), placed=F("hold__shopper__orders_placed")
    )
    return firsts.filter(first__gte=campaign.starts_at, first__lt=campaign.ends_at, placed=F("n")).count()


BY_CHANNEL: Mapping[str, Callable[[Sales], tuple[int, Mapping[str, int]]]] = {
    "gmv": lambda sold: (sold.gmv, sold.by_channel),
    "orders": lambda sold: (sold.orders, sold.orders_by_channel),
}
COUNTED: Mapping[str, Callable[[Viewer, Campaign], int]] = {
    "claims": _claims, "redemptions": _redemptions, "new_buyers": _new_buyers,
}  # fmt: skip


def kept(viewer: Viewer, campaign: Campaign, goals: list[Goal]) -> dict[str, Any]:
    """The same as it is kept with an archived campaign."""
    sold = sales(viewer, since=campaign.starts_at, until=campaign.ends_at, currency=campaign.merchant.currency)
    return {
        "sold": {"gmv": sold.gmv, "orders": sold.orders, "by_channel": dict(sold.by_channel)},
        "goals": [
            {"metric": each.goal.metric, "channel": each.goal.channel, "product": each.goal.product,
             "target": each.goal.target, "reached": each.reached}
            for each in goals_reached(viewer, campaign, goals, sold, None)
        ],
    }  # fmt: skip
