"""What was given to many, by session or by code, is exactly what was ordered; and who listens is told without a gap."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.checkout.invariants import Finding, Invariant
from festoon.coupons import queries as coupons
from festoon.coupons.giving import origin
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM
from festoon.webhooks import queries as webhooks
from festoon.webhooks.couriers import SENT_KEPT

HOUR = timedelta(hours=1)


def issues(_now: datetime) -> Finding:
    """An order to many gave as many coupons as it says, and one that is finished gave or refused all it ordered."""
    rows = list(coupons.issues(SYSTEM))
    there = coupons.visible(SYSTEM).order_by().filter(origin__in=[origin(row) for row in rows])
    counted = dict(there.values_list("origin").annotate(n=Count("id")))
    finished = set(records.jobs(SYSTEM).filter(kind="issue", state="finished").values_list("id", flat=True))
    problems = [
        f"issue {row.pk}: {counted.get(origin(row), 0)} coupons, {row.given} said to be given"
        for row in rows
        if counted.get(origin(row), 0) != row.given
    ]
    problems += [
        f"issue {row.pk} is finished: {row.ordered} ordered, {row.given} given, {row.refused} refused"
        for row in rows
        if row.job in finished and row.given + row.refused != row.ordered
    ]
    return Finding(sum(counted.values()), problems)


def sessions(_now: datetime) -> Finding:
    """Of a template with sessions, what its sessions gave together is not more than what was claimed of it."""
    rows = (
        coupons.sessions(SYSTEM).order_by().values("template", "template__offer__code").annotate(n=Sum("stock__spent"))
    )
    claimed = dict(
        coupons.visible(SYSTEM)
        .order_by()
        .filter(origin="claimed", template__in=[row["template"] for row in rows])
        .values_list("template")
        .annotate(n=Count("id"))
    )
    problems = [
        f"{row['template__offer__code']}: its sessions gave {row['n']}, {claimed.get(row['template'], 0)} were claimed"
        for row in rows
        if row["n"] > claimed.get(row["template"], 0)
    ]
    return Finding(len(rows), problems)


def pool(_now: datetime) -> Finding:
    """A code of a pool that was taken is on the coupon it was taken for, and that coupon is its template's."""
    taken = coupons.pool(SYSTEM).filter(coupon__isnull=False)
    wrong = taken.filter(~Q(coupon__code=F("code")) | ~Q(coupon__template=F("template")))
    return Finding(taken.count(), [f"code {row.pk} of {row.batch} is not on its coupon" for row in wrong[:100]])


def merchants(_now: datetime) -> Finding:
    """A coupon's merchant is its offer's. No key of the database says so, which each claim would have looked up."""
    rows = coupons.visible(SYSTEM).order_by()
    wrong = rows.exclude(merchant_id=F("template__offer__merchant_id")).values_list("id", "merchant_id")
    return Finding(
        rows.count(), [f"coupon {row} is of merchant {merchant}, its offer is not" for row, merchant in wrong[:100]]
    )


def named(_now: datetime) -> Finding:
    """A coupon names a shopper and a template that are there: past keys and triggers only a hand on the database comes."""
    rows = coupons.visible(SYSTEM).order_by()
    somebody = Exists(catalog.shoppers(SYSTEM).order_by().filter(pk=OuterRef("shopper_id")))
    something = Exists(coupons.templates(SYSTEM).order_by().filter(pk=OuterRef("template_id")))
    wrong = rows.filter(~somebody | ~something).values_list("id", flat=True)
    return Finding(
        rows.count(), [f"coupon {row} names a shopper or a template that is not there" for row in wrong[:100]]
    )


def numbers(now: datetime) -> Finding:
    """Each event has one number for each who listens, and the last number of an object is the greatest handed on."""
    found = webhooks.numbering(SYSTEM, now - SENT_KEPT + HOUR)
    problems = [
        f"webhook {endpoint}, {name}: the last number is {last}, the greatest sent is {greatest}"
        for endpoint, name, last, greatest in found
        if last != greatest
    ]
    return Finding(len(found), problems)


INVARIANTS = [
    Invariant("issues", Words(en="Issued to many = ordered", zh="批量发券 = 下单数"), issues),
    Invariant("sessions", Words(en="Sessions give no more than was claimed", zh="场次发放 ≤ 已领取"), sessions),
    Invariant("pool", Words(en="A code of a pool is on its coupon", zh="券码与券一致"), pool),
    Invariant("merchants", Words(en="A coupon is its offer's merchant's", zh="券的商家 = 优惠的商家"), merchants),
    Invariant("named", Words(en="A coupon is somebody's, and of a template", zh="券的领取人与模板均存在"), named),
    Invariant("numbers", Words(en="Who listens is told without a gap", zh="事件推送编号连续"), numbers),
]
