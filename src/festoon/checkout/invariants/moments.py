"""What was true at every moment, not only now: ends, stops, keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from festoon.base.words import Words
from festoon.checkout import held as helds
from festoon.checkout import queries
from festoon.checkout.invariants import LEEWAY, Finding, Invariant
from festoon.checkout.models import Hold
from festoon.coupons import queries as coupons
from festoon.offers import queries as offers
from festoon.offers.models import Stop
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM
from festoon.webhooks import queries as webhooks


def in_its_time(_now: datetime) -> Finding:
    """No coupon was held before it was given or after its end; no hold was redeemed after its own, but what says *late*."""
    uses = queries.uses(SYSTEM)
    early = uses.filter(
        Q(hold__created_at__lt=F("coupon__claimed_at") - LEEWAY) | Q(hold__created_at__gte=F("coupon__expires_at"))
    )
    late = queries.redemptions(SYSTEM).filter(late=False, at__gte=F("hold__expires_at") + LEEWAY)
    problems = [f"coupon {use.coupon_id} was held outside its time, by hold {use.hold_id}" for use in early[:100]]
    problems += [f"redemption {row.id} came after the end of its hold and is not called late" for row in late[:100]]
    return Finding(uses.count() + queries.redemptions(SYSTEM).count(), problems)


def nothing_after_a_stop(_now: datetime) -> Finding:
    """While an offer, its campaign or everything was stopped, nobody claimed it and no hold was made with it."""
    problems, cases = list[str](), 0
    for stop in offers.ever_stopped(SYSTEM):
        since, until = stop.at + LEEWAY, stop.lifted_at and stop.lifted_at - LEEWAY
        claimed = _between(coupons.visible(SYSTEM).filter(origin="claimed"), "claimed_at", since, until)
        held = _between(queries.visible(SYSTEM), "created_at", since, until)
        if stop.kind in ("offer", "claims"):
            claimed = claimed.filter(template__offer__code=stop.code)
        elif stop.kind == "campaign":
            claimed = claimed.filter(template__offer__campaign__code=stop.code)
        cases += 1
        problems += [f"coupon {row.id} was claimed while {stop.kind} {stop.code} was stopped" for row in claimed[:20]]
        if stop.kind == "all":
            problems += [f"hold {row.id} was made while everything was stopped" for row in held[:20]]
        elif stop.kind in ("offer", "campaign"):
            problems += [
                f"hold {hold} was made while {stop.kind} {stop.code} was stopped" for hold in _with(stop, held)
            ]
    return Finding(cases, problems[:100])


def one_effect_a_key(_now: datetime) -> Finding:
    """A key named one thing: one coupon, one hold, one redemption, one refund, and each says what it was asked with."""
    problems, cases = list[str](), 0
    named: Iterable[tuple[str, QuerySet[Any]]] = (
        ("coupon", coupons.visible(SYSTEM).exclude(key=None)),
        ("hold", queries.visible(SYSTEM)),
        ("redemption", queries.redemptions(SYSTEM)),
        ("refund", queries.refunds(SYSTEM)),
    )
    for kind, rows in named:
        cases += rows.count()
        twice = rows.order_by().values("key_owner", "key").annotate(n=Count("id")).filter(n__gt=1)
        problems += [
            f"{row['n']} things of kind {kind} bear the key {row['key']} of {row['key_owner']}" for row in twice[:20]
        ]
        bare = rows.filter(body="")
        problems += [
            f"{kind} {row} does not say what it was asked with" for row in bare.values_list("pk", flat=True)[:20]
        ]
    return Finding(cases, problems[:100])


def in_a_state(_now: datetime) -> Finding:
    """Every coupon, hold, job and delivery is in a state there is, and its dates say the same."""
    wrong: Iterable[tuple[str, QuerySet[Any], Q]] = (
        (
            "coupon",
            coupons.visible(SYSTEM),
            Q(state="void")
            | Q(state__in=("claimed", "held"), redeemed_at=None)
            | Q(state__in=("claimed", "held"), balance__isnull=False)
            | Q(state="redeemed", redeemed_at__isnull=False),
        ),
        (
            "hold",
            queries.visible(SYSTEM),
            Q(state="held", closed_at=None)
            | Q(state__in=("redeemed", "cancelled", "expired"), closed_at__isnull=False),
        ),
        (
            "job",
            records.jobs(SYSTEM),
            Q(state__in=("finished", "failed", "cancelled"), finished_at__isnull=False)
            | Q(state__in=("waiting", "paused"), finished_at=None, leased_by="")
            | (Q(state="running", finished_at=None) & ~Q(leased_by="")),
        ),
        (
            "delivery",
            webhooks.deliveries(SYSTEM),
            Q(state="waiting", ended_at=None) | Q(state__in=("sent", "dead"), ended_at__isnull=False),
        ),
    )
    problems, cases = list[str](), 0
    for kind, rows, right in wrong:
        cases += rows.count()
        odd = rows.order_by().exclude(right).values_list("pk", "state")[:20]
        problems += [f"{kind} {number} is {state}, and its dates say otherwise" for number, state in odd]
    return Finding(cases, problems)


def _with(stop: Stop, holds: QuerySet[Hold]) -> list[str]:
    """Holds in which an offer, or one of a campaign, was applied."""
    of = 0 if stop.kind == "offer" else 1
    return [
        row.id for row in holds.iterator(chunk_size=500) if stop.code in {pair[of] for pair in helds.read(row).offers}
    ][:20]


def _between(rows: QuerySet[Any], column: str, since: datetime, until: datetime | None) -> QuerySet[Any]:
    found = rows.filter(**{f"{column}__gt": since})
    return found.filter(**{f"{column}__lt": until}) if until else found


INVARIANTS = [
    Invariant(
        "in_its_time", Words(en="Coupons and holds are used in their time", zh="券与占用均在有效期内使用"), in_its_time
    ),
    Invariant("states", Words(en="Everything is in a state there is", zh="状态均合法"), in_a_state),
    Invariant("keys", Words(en="A key has one effect", zh="一个幂等键只生效一次"), one_effect_a_key),
    Invariant("stops", Words(en="Nothing is granted after a stop", zh="停用后不再发放"), nothing_after_a_stop),
]
