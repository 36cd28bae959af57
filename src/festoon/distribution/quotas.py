"""Quotas: a shopper may take so many coupons of a campaign's pool, and nobody says yet which.

The number is an account of each shopper; a coupon is tied to the shopper when it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.coupons.issuing import issue
from festoon.distribution import queries
from festoon.distribution.models import Distribution
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.models import Account
from festoon.offers import queries as offers
from festoon.offers import stock
from festoon.offers.models import Offer
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.batch import Batch, RefusedRow
from festoon.records.events import publish
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer

VERB, TIE = "distributions.give_quota", "distributions.tie"
UNKNOWN = Words(en="There is no such shopper on the list.", zh="名单上没有此顾客。")
HAS = Words(en="This shopper has a quota already.", zh="该顾客已有配额。")
NOT_LIVE = Words(en="This distribution is not released.", zh="该投放尚未发布。")
USED_UP = Words(en="This shopper's quota is used up.", zh="该顾客的配额已用完。")


def quota(distribution: str, shopper: str) -> str:
    """The account of what a shopper may still take of the pool."""
    return f"quota:{distribution}:{shopper}"


def give_quota(
    distribution: Distribution, shoppers: Sequence[str], *, each: int, by: Viewer, now: datetime, key: str
) -> Batch:
    """Give each of the shoppers (codes) a quota of `each` coupons of the campaign's pool.

    Who is not on a list of the released distribution, or has a quota of it (named twice: the second time), is listed
    and gets none. The same key answers the same and gives nothing again; of two calls at once the second finds what the
    first gave.
    """
    by.require("coupons.issue")
    body = [distribution.code, list(shoppers), each]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=VERB, body=body):
            return Batch.of(before.answer)
        found = next(iter(queries.locked(by, [distribution.code])), None)
        if found is None:
            raise NotFound("distribution")
        listed = _listed(found)
        had = set(ledger.standing(SYSTEM, [quota(found.code, shopper) for shopper in shoppers]))
        refused, taken = list[RefusedRow](), list[str]()
        for at, shopper in enumerate(shoppers):
            if shopper not in listed:
                refused.append(RefusedRow(at, "shopper", "unknown", UNKNOWN))
            elif (place := quota(found.code, shopper)) in had:
                refused.append(RefusedRow(at, "shopper", "has_quota", HAS))
            else:
                had.add(place)
                taken.append(shopper)
        _open(found, taken, each, now)
        batch = Batch(len(taken), refused)
        keys.remember(by=by, key=key, verb=VERB, body=body, answer=batch.to_data(), now=now)
        record(
            by=by, at=now, verb=VERB, kind="distribution", subject=found.code, key=key, merchant_id=found.merchant_id,
            rows={"given": len(taken), "refused": len(refused), "each": each},
        )  # fmt: skip
        about = {
            "kind": "coupon.quota", "at": now.isoformat(), "merchant": found.campaign.merchant.code,
            "campaign": found.campaign.code, "origin": "issue", "count": each,
        }  # fmt: skip
        events = [{"id": quota(found.code, shopper), **about, "shopper": shopper} for shopper in taken]
        publish(at=now, kind="coupon.quota", merchant_id=found.merchant_id, events=events)
    return batch


def tie(distribution: str, offer: str, shopper: str, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take one of a shopper's quota as a coupon of this template. The same key does so once; used up: Conflict."""
    by.require("coupons.issue")
    body = [distribution, offer, shopper]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=TIE, body=body):
            return Batch.of(before.answer)
        batch = issue(
            Offer(code=offer), [shopper], by=by, now=now, key=f"{key}:coupon", distribution=distribution, origin="tied"
        )
        account = ledger.account(SYSTEM, quota(distribution, shopper))
        refusal = Conflict("quota_used_up", USED_UP, field="shopper")
        if account is None:
            raise refusal
        accounts.take(account, batch.taken, at=now, rows=[key], refuse=refusal)
        keys.remember(by=by, key=key, verb=TIE, body=body, answer=batch.to_data(), now=now)
    return batch


def _listed(distribution: Distribution) -> set[str]:
    live = offers.live_releases(SYSTEM, "distribution").filter(code=distribution.code).first()
    if live is None:
        raise Conflict("not_live", NOT_LIVE, field="distribution")
    named = set(live.data.get("buyers") or ())
    return named.union(
        *(catalog.members(SYSTEM, code).values_list("code", flat=True) for code in live.data.get("segments") or ())
    )


def _open(distribution: Distribution, shoppers: Sequence[str], each: int, now: datetime) -> None:
    """An account for each shopper with the quota in it."""
    if not shoppers:
        return
    codes = [quota(distribution.code, shopper) for shopper in shoppers]
    about: dict[str, Any] = {"merchant_id": distribution.merchant_id, "kind": "quota", "unit": accounts.PIECE}
    first = accounts.open_account(codes[0], **about)
    insert(rest := [Account(code=code, **about) for code in codes[1:]])
    stock.settle_all([(account, each) for account in (first, *rest)], "each", at=now)
