"""Issuing: coupons put into wallets by the shop, many at once, numbered, exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.coupons import queries
from festoon.coupons.codes import wallet_codes
from festoon.coupons.models import Coupon, Template
from festoon.coupons.validity import until, zone_of
from festoon.ledger import accounts
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.offers.releases import stands_still
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.batch import Batch, RefusedRow
from festoon.records.events import publish
from festoon.records.parts import in_parts
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import insert, wait_for
from festoon.records.viewer import SYSTEM, Viewer

VERB = "coupons.issue"
UNKNOWN = Words(en="There is no such shopper.", zh="没有此顾客。")
LIMIT = Words(en="This shopper has as many as one may have.", zh="该顾客已达领取上限。")
NOT_RECIPIENT = Words(en="This distribution does not reach this shopper.", zh="投放对象不包含该顾客。")
SOLD_OUT = Words(en="There are not that many left.", zh="剩余数量不足。")
STOPPED = Words(en="This offer has been stopped.", zh="该优惠已被停用。")
MEANWHILE = Words(en="A shopper claimed one at this moment; issue again.", zh="有顾客正在领取，请重试。")
CHANGED = Words(en="What was agreed on has changed at this moment.", zh="审核通过的内容刚刚发生变化。")
NOT_LIVE = Words(en="This coupon is not released.", zh="该券尚未发布。")


def issue(
    template: Template | Offer,
    shoppers: Sequence[str],
    *,
    by: Viewer,
    now: datetime,
    key: str,
    distribution: str = "",
    origin: str = "issue",
) -> Batch:
    """Give each of the shoppers (codes; named twice, two) one coupon of a released template.

    The coupons, their numbers and what they take from the stock commit together or not at all: with less in stock
    than coupons to give, Conflict `sold_out` and nobody gets one. A shopper who is unknown, at the limit, or outside
    the released `distribution` (its code, "" for none) is listed and gets none. The same key answers the same and
    gives nothing again; a stopped or recalled offer gives nothing. A shopper claiming at the same moment: Conflict
    `claimed_meanwhile`, nobody gets one, ask again with the same key.
    """
    by.require("coupons.issue")
    code = template.code if isinstance(template, Offer) else template.offer.code
    try:
        return _issue(code, shoppers, by=by, now=now, key=key, distribution=distribution, origin=origin)
    except IntegrityError:  # a claim took the number that was next for a shopper
        raise Conflict("claimed_meanwhile", MEANWHILE) from None


def _issue(
    code: str, shoppers: Sequence[str], *, by: Viewer, now: datetime, key: str, distribution: str, origin: str
) -> Batch:
    body = [code, list(shoppers), distribution]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=VERB, body=body):
            return Batch.of(before.answer)
        found, agreed = _released(by, code)
        refused: list[RefusedRow] = []
        rows = _coupons(found, shoppers, reached(distribution, found), refused, now=now, by=by)
        expires = expiry(found, agreed, now)
        for _, row in rows:
            row.distribution, row.origin, row.expires_at = distribution, origin, expires
        if rows:
            accounts.take(
                found.stock, len(rows), at=now, rows=[f"{VERB}:{code}:{len(rows)}"],
                refuse=Conflict("sold_out", SOLD_OUT, field="shoppers"),
            )  # fmt: skip
        insert([row for _, row in rows])
        batch = Batch(len(rows), sorted(refused, key=lambda row: row.index))
        keys.remember(by=by, key=key, verb=VERB, body=body, answer=batch.to_data(), now=now)
        record(
            by=by, at=now, verb=VERB, kind="coupon", subject=code, key=key, merchant_id=found.offer.merchant_id,
            rows={"issued": len(rows), "refused": len(refused), "distribution": distribution},
        )  # fmt: skip
        publish(at=now, kind="coupon.issued", merchant_id=found.offer.merchant_id, events=_events(found, rows, now))
    return batch


def released(by: Viewer, code: str) -> Template:
    """The template, if it may give coupons now."""
    return _released(by, code)[0]


def _released(by: Viewer, code: str) -> tuple[Template, dict[str, Any]]:
    found = queries.template(by, code)
    if found.offer.merchant_id != by.merchant_id and not by.is_platform:
        raise NotFound("coupon", "offer")
    return found, may_give(found)


def may_give(template: Template) -> dict[str, Any]:
    """What was agreed on of the template; Conflict where it is recalled or stopped. So until the transaction ends.

    Issues of one template follow one another, so numbers are exact. The book first, then the template: a recall has the
    book when it orders another coupon to make up for it.
    """
    offer = template.offer
    stands_still()
    wait_for(0x6973_0000_0000_0000 + template.pk)
    # What was read before may be that of an earlier recall or release.
    template.refresh_from_db(fields=["recalls", "per_shopper", "days_from_claim", "ends_at"])
    agreed: dict[str, Any] | None = (
        offers.live_releases(SYSTEM, "offer").order_by().filter(code=offer.code).values_list("data", flat=True).first()
    )
    if agreed is None:
        raise Conflict("recalled", NOT_LIVE, field="offer")
    campaign = offer.campaign.code if offer.campaign else ""
    for stop in offers.stops(SYSTEM):
        if stop.kind == "all" or (stop.kind, stop.code) in {
            ("offer", offer.code), ("claims", offer.code), ("campaign", campaign),
        }:  # fmt: skip
            raise Conflict("stopped", STOPPED, field="offer")
    return agreed


def reached(distribution: str, template: Template) -> dict[str, Any]:
    """The released distribution by which it goes out; no limits when none is named."""
    if not distribution:
        return {}
    live = offers.live_releases(SYSTEM, "distribution").filter(code=distribution).first()
    campaign = template.offer.campaign.code if template.offer.campaign else ""
    if live is None or live.data.get("campaign") != campaign:
        raise NotFound("distribution", "distribution")
    listed = live.data.get("offers")
    if listed and template.offer.code not in listed:
        raise NotFound("distribution", "distribution")
    data: dict[str, Any] = live.data
    return data


def _coupons(
    template: Template,
    shoppers: Sequence[str],
    terms: dict[str, Any],
    refused: list[RefusedRow],
    *,
    now: datetime,
    by: Viewer,
) -> list[tuple[str, Coupon]]:
    numbers = catalog.found(catalog.shoppers(SYSTEM), "code", list(set(shoppers)), "id")
    allowed = recipients(terms, numbers)
    had = Counter(queries.held(SYSTEM, template, list(numbers.values())))
    codes = iter(wallet_codes(len(shoppers)))
    rows = []
    for index, code in enumerate(shoppers):
        number = numbers.get(code)
        reason = _refused(number, allowed, had, template.per_shopper)
        if reason is not None or number is None:
            refused.append(RefusedRow(index, "shopper", *(reason or ("unknown", UNKNOWN))))
            continue
        had[number] += 1
        made = Coupon(
            id=uuid4().hex, merchant_id=template.offer.merchant_id, template=template, shopper_id=number,
            n=had[number], code=next(codes), claimed_at=now, key_owner=by.merchant_id,
            recalls=template.recalls,
        )  # fmt: skip
        rows.append((code, made))
    return rows


def expiry(template: Template, agreed: Mapping[str, Any], given_at: datetime) -> datetime | None:
    """Until when a coupon of the template lasts that is given at this moment, by what was `agreed` on."""
    zone = zone_of(agreed, template.offer.merchant.zone)
    return until(given_at, template.days_from_claim, template.ends_at, zone)


def _refused(
    number: int | None, allowed: set[int] | None, had: Counter[int], most: int
) -> tuple[str, Words] | None:  # fmt: skip
    if number is None:
        return "unknown", UNKNOWN
    if allowed is not None and number not in allowed:
        return "not_for_you", NOT_RECIPIENT
    return ("limit_reached", LIMIT) if had[number] >= most else None


def recipients(terms: dict[str, Any], numbers: dict[str, int]) -> set[int] | None:
    """The shoppers a distribution reaches, of those asked for; None for everybody."""
    buyers, segments = set(terms.get("buyers") or ()), list(terms.get("segments") or ())
    if not buyers and not segments:
        return None
    named = {number for code, number in numbers.items() if code in buyers}
    asked = list(numbers.values())
    of_segments = (
        catalog.members(SYSTEM, segment).order_by().filter(id__in=part).values_list("id", flat=True)
        for segment in segments
        for part in in_parts(asked)
    )
    return named.union(*of_segments)


def _events(template: Template, rows: Sequence[tuple[str, Coupon]], now: datetime) -> list[dict[str, Any]]:
    offer = template.offer
    about = {
        "kind": "coupon.issued", "at": now.isoformat(), "merchant": offer.merchant.code, "offer": offer.code,
        "campaign": offer.campaign.code if offer.campaign else "",
    }  # fmt: skip
    return [
        {"id": f"issue:{row.id}", **about, "coupon": row.id, "shopper": code, "origin": row.origin}
        for code, row in rows
    ]
