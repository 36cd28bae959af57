"""Nobody gets more of a coupon than one shopper may have at that moment, claimed or given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, F

from festoon.base.words import Words
from festoon.checkout.invariants import Finding, Invariant
from festoon.checkout.invariants.agreed import Said, agreed, in_force
from festoon.coupons import queries as coupons
from festoon.records.viewer import SYSTEM

SHOWN = 100


def per_shopper(_now: datetime) -> Finding:
    """Nobody got more of a coupon than the limit of that moment allowed, claimed or given: both count for both. A limit that
    is lowered takes nothing back: what somebody got before is judged by what was in force before.
    """
    changed = {code: limits for code, limits in agreed("coupon", "per_shopper").items() if len(_numbers(limits)) > 1}
    rows = coupons.visible(SYSTEM).order_by().values("template__offer__code", "shopper__code")
    counted = rows.annotate(n=Count("id"), most=F("template__per_shopper"))
    problems = [
        f"{row['shopper__code']} got {row['n']} of {row['template__offer__code']}, {row['most']} are allowed"
        for row in counted.filter(n__gt=F("most")).iterator(chunk_size=2_000)
        if row["template__offer__code"] not in changed
    ]
    for code, limits in changed.items():
        problems += _beyond(code, limits)
    return Finding(counted.count(), problems[:SHOWN])


def _beyond(offer: str, limits: Sequence[Said]) -> Iterator[str]:
    """Who got one too many of a coupon whose limit was changed."""
    given = coupons.visible(SYSTEM).filter(template__offer__code=offer)
    many = given.order_by().values("shopper").annotate(n=Count("id")).filter(n__gt=min(_numbers(limits)))
    rows = given.filter(shopper__in=many.values("shopper")).order_by("shopper__code", "claimed_at", "id")
    told = rows.values_list("shopper__code", "claimed_at").iterator(chunk_size=2_000)
    for shopper, got in groupby(told, key=itemgetter(0)):
        for n, (_, at) in enumerate(got, 1):
            if n > (most := max(in_force(limits, at))):
                yield f"{shopper} got {n} of {offer} by {at.isoformat()}, {most} were allowed then"
                break


def _numbers(limits: Sequence[Said]) -> set[int]:
    return {each.said for each in limits}


INVARIANTS = [
    Invariant("per_shopper", Words(en="No shopper got more than allowed", zh="无人超领"), per_shopper),
]
