"""A shopper takes a coupon: from the stock, within the limit, once for each key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from festoon.catalog import queries as catalog
from festoon.catalog.models import Shopper
from festoon.coupons import queries as coupons
from festoon.coupons.codes import new_code
from festoon.coupons.validity import end_of_day
from festoon.distribution import refusals
from festoon.distribution.claimable import Claimable, Way, claimable
from festoon.distribution.reach import way_in
from festoon.distribution.statements import CLAIM, RECALL
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Move, Plan, Recall, Row, Step
from festoon.ledger.store.reading import moment, required_key
from festoon.offers import guards
from festoon.records.canonical import digest
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer


@dataclass(frozen=True, slots=True)
class Claimed:
    """The coupon that is now in the shopper's wallet. `code` is what a till reads; `expires_at` None: no end."""

    coupon: str
    offer: str
    shopper: str
    code: str | None
    claimed_at: datetime
    expires_at: datetime | None


def claim(offer: str, shopper: str, *, scene: str = "", by: Viewer, now: datetime, key: str) -> Claimed:
    """Give the shopper one coupon of the offer, or raise the one reason why not.

    Channel and store are the viewer's. The same key with the same offer, shopper and scene gets the same coupon
    again; with another body it raises KeyReused. Refusals: no_such_coupon, not_open, not_for_you, not_for_channel,
    stopped, recalled, limit_reached, sold_out. A refusal writes nothing and is judged anew next time.
    """
    by.require("claims.write")
    required_key(key)
    if len(scene) > refusals.SCENE or "\0" in scene:
        raise refusals.bad_scene()
    body = digest(["claim", offer, shopper, scene])
    try:
        found, person = _known(by, offer, shopper)
        way = way_in(found, person, by, scene, now)
    except Refusal as refusal:
        if (again := _claimed_before(by, key, body, offer, shopper)) is not None:
            return again
        _tell(refusal, offer, shopper, by, now)
        raise
    try:
        answer: Claimed = writer.submit(_plan(found, person, way, scene, by, now, key, body)).result()
    except Refusal as refusal:
        _tell(refusal, offer, shopper, by, now)
        raise
    return answer


def _known(by: Viewer, offer: str, code: str) -> tuple[Claimable, Shopper]:
    found = claimable(by, offer)
    person = catalog.shoppers(SYSTEM).filter(code=code).first()
    if found is None or person is None:
        raise refusals.unknown()
    return found, person


def _plan(
    found: Claimable, person: Shopper, way: Way, scene: str, by: Viewer, now: datetime, key: str, body: str
) -> Plan:
    coupon, code = uuid.uuid4().hex, new_code()
    expires_at = end_of_day(now, found.days, found.zone) if found.days is not None else found.ends
    values = {
        "id": coupon, "merchant": found.merchant_id, "shopper": person.pk, "code": code, "distribution": way.code,
        "channel": by.channel, "scene": scene, "store": by.store, "claimed_at": now, "expires_at": expires_at,
        "key_owner": by.merchant_id, "key": key, "body": body, "template": found.template_id,
    }  # fmt: skip
    answer = Claimed(coupon, found.offer, person.code, code, now.astimezone(UTC), expires_at)
    return Plan(
        verb="claim",
        by=by.name,
        merchant_id=found.merchant_id,
        at=now,
        row=coupon,
        steps=[
            *guards.granting([found.offer], [found.campaign]),
            Step(CLAIM, values, refusals.limit_reached()),
        ],
        moves=[Move(found.stock, "spend", 1, refusals.sold_out())],
        events=[_event("coupon.claimed", f"claim:{coupon}", found, person.code, by, now) | {"coupon": coupon}],
        recall=Recall(
            RECALL,
            {"key_owner": by.merchant_id, "key": key},
            body,
            lambda row: _again(row, found.offer, person.code),
        ),
        gate=guards.GATE,
        answer=answer,
        key=key,
        body=body,
    )


def _again(row: Row, offer: str, shopper: str) -> Claimed:
    _, coupon, code, claimed_at, expires_at = row
    at = moment(claimed_at)
    assert at is not None
    return Claimed(coupon, offer, shopper, code, at, moment(expires_at))


def _claimed_before(by: Viewer, key: str, body: str, offer: str, shopper: str) -> Claimed | None:
    coupon = coupons.by_key(by, key)
    if coupon is None:
        return None
    if coupon.body != body:
        raise KeyReused
    return Claimed(coupon.id, offer, shopper, coupon.code, coupon.claimed_at, coupon.expires_at)


def _event(kind: str, number: str, found: Claimable, shopper: str, by: Viewer, now: datetime) -> dict[str, Any]:
    return {
        "id": number, "kind": kind, "at": now.astimezone(UTC).isoformat(), "merchant": found.merchant,
        "campaign": found.campaign, "offer": found.offer, "shopper": shopper, "channel": by.channel, "store": by.store,
    }  # fmt: skip


def _tell(refusal: Refusal, offer: str, shopper: str, by: Viewer, now: datetime) -> None:
    """Let it be counted who went away empty: goes out with the next group, for the refusal itself writes nothing."""
    found = claimable(by, offer)
    if found is not None:
        writer.note(_event("coupon.refused", uuid.uuid4().hex, found, shopper, by, now) | {"reason": refusal.code})
