"""Nobody claims more in a day, a week or a month than one may, and no device gets more than its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek

from festoon.base.words import Words
from festoon.checkout.invariants import LEEWAY, Finding, Invariant
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon, Template
from festoon.records.viewer import SYSTEM

HEARD = timedelta(seconds=10) + LEEWAY
"""After so long every process that still gives anything knows the limits that were agreed on."""
PERIODS: dict[str, Any] = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
SHOWN = 100


def per_period(_now: datetime) -> Finding:
    """Nobody claimed more of a coupon in one period than was allowed when they did."""
    problems, cases = [], 0
    for template in coupons.templates(SYSTEM).filter(period_most__isnull=False):
        start = PERIODS[template.period_each]("claimed_at", tzinfo=ZoneInfo(template.period_zone))
        rows = _claimed(template).annotate(start=start).values("shopper__code", "start").annotate(n=Count("id"))
        cases += rows.count()
        problems += [
            f"{row['shopper__code']} claimed {row['n']} of {template.offer.code} in the {template.period_each} from"
            f" {row['start']:%Y-%m-%d}, {template.period_most} are allowed"
            for row in rows.filter(n__gt=template.period_most).order_by("shopper__code", "start")[:SHOWN]
        ]
    return Finding(cases, problems)


def per_device(_now: datetime) -> Finding:
    """No device got more of a coupon than allowed, and each claim of one that is limited so says its device."""
    problems, cases = [], 0
    for template in coupons.templates(SYSTEM).filter(per_device__isnull=False):
        cases += _claimed(template).count()
        problems += list(_of_devices(template))
    return Finding(cases, problems)


def _of_devices(template: Template) -> Iterator[str]:
    offer = template.offer.code
    known = coupons.on_devices(SYSTEM).filter(template=template).order_by()
    counted = known.filter(coupon__in=_claimed(template)).values("device")
    counted = counted.annotate(n=Count("coupon"), first=Min("coupon__shopper__code")).filter(n__gt=template.per_device)
    for row in counted[:SHOWN]:
        yield f"the device of {row['first']} got {row['n']} of {offer}, {template.per_device} are allowed"
    silent = Q(device_claim=None) | ~Q(device_claim__template=F("template"))
    for code in _claimed(template).filter(silent).values_list("shopper__code", flat=True)[:SHOWN]:
        yield f"{code} claimed {offer} and no device is known"


def _claimed(template: Template) -> QuerySet[Coupon]:
    """What was claimed of it since its limits are what they are."""
    rows = coupons.visible(SYSTEM).order_by().filter(template=template, origin="claimed")
    return rows.filter(claimed_at__gt=template.limits_since + HEARD) if template.limits_since else rows


INVARIANTS = [
    Invariant(
        "per_period", Words(en="No shopper claimed more in a period than allowed", zh="周期内无人超领"), per_period
    ),
    Invariant("per_device", Words(en="No device got more than allowed", zh="无设备超领"), per_device),
]
