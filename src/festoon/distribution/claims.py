"""A shopper takes a coupon: from the stock, within the limit, once for each key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

import msgspec

from festoon.coupons.codes import new_code, new_id
from festoon.coupons.validity import until
from festoon.distribution import refusals
from festoon.distribution.claimable import Claimable, Way, claimable, remembered
from festoon.distribution.limits import bound
from festoon.distribution.reach import way_in
from festoon.distribution.soldout import sold_out
from festoon.distribution.statements import CLAIM, KNOWN, RECALL
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Move, Plan, Recall, Row, Step
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.reading import moment, required_key
from festoon.offers import guards
from festoon.records.canonical import digest_of, spelled
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

_UNKNOWN, _LIMIT = refusals.unknown(), refusals.limit_reached()
"""What each claim may be answered, made once: most are not."""


class Claimed(msgspec.Struct, frozen=True):
    """The coupon that is now in the shopper's wallet. `code` is what a till reads; `expires_at` None: no end."""

    coupon: str
    offer: str
    shopper: str
    code: str | None
    claimed_at: datetime
    expires_at: datetime | None


def claim(
    offer: str, shopper: str, *, scene: str = "", device: str = "", by: Viewer, now: datetime, key: str
) -> Claimed:
    """Give the shopper one coupon of the offer, or raise the one reason why not.

    Channel and store are the viewer's. `device` is the device or address it is claimed on, as the shop knows it; it is
    looked at only where the coupon is limited by it. Refusals: no_such_coupon, not_open, not_for_you, not_for_channel,
    stopped, recalled, device_needed, limit_reached, sold_out; a refusal writes nothing and is judged anew next time.

    *Twice* with the same key and body: the same coupon again, also when the stock is empty or the window over by then,
    also at the same moment or from another device; with another body KeyReused. *Late*, after a stop, a recall or the
    last coupon: refused, for stops, releases and stock are read by the transaction that writes. *Out of order*: claims
    of one shopper are numbered as they are written, and never more than the limits; for which day one counts is decided
    by `now`. *Half-way*: coupon, transfer, event and audit are one commit; who got no answer asks again with the same key.
    """
    return begin(offer, shopper, scene=scene, device=device, by=by, now=now, key=key, put=writer.submit).result()


def begin(
    offer: str,
    shopper: str,
    *,
    scene: str = "",
    device: str = "",
    by: Viewer,
    now: datetime,
    key: str,
    put: Callable[[Plan], Promise[Any]] = writer.put,
) -> Promise[Claimed]:
    """`claim` for callers that do not wait in a thread: the promise has its answer or raises its refusal."""
    by.require("claims.write")
    required_key(key)
    if len(scene) > refusals.SCENE or "\0" in scene:
        raise refusals.bad_scene()
    if len(device) > refusals.DEVICE:
        raise refusals.bad_device()
    body = digest_of("claim", offer, shopper, scene)
    found = claimable(by, offer)
    stocks = found.stocks(now) if found is not None else ()
    try:
        if found is None:
            raise refusals.unknown()
        way = way_in(found, shopper, by, scene, now)
        if not stocks:
            raise refusals.not_open()
        for stock in stocks:
            if sold_out.holds(stock):
                raise refusals.sold_out()
        plan = _plan(found, stocks, shopper, way, scene, device, by, now, key, body)
    except Refusal as refusal:
        told = partial(_note, found, by, now) if found is not None else None
        plan = _unless_before(refusal, offer, shopper, by, now, key, body, told)
    return put(plan)


def ready(offer: str) -> bool:
    """Whether `begin` needs nothing from the database before the store: what it looks at is in memory and fresh."""
    return remembered(offer) is not None


def _plan(
    found: Claimable, stocks: Sequence[str], shopper: str, way: Way, scene: str, device: str, by: Viewer,
    now: datetime, key: str, body: str,
) -> Plan:  # fmt: skip
    coupon, code, at = new_id(now), new_code(), now.astimezone(UTC)
    expires_at = until(now, found.days, found.ends, found.zone)
    values = {
        "id": coupon, "merchant": found.merchant_id, "shopper": shopper, "code": code, "distribution": way.code,
        "channel": by.channel, "scene": scene, "store": by.store, "claimed_at": at, "expires_at": expires_at,
        "key_owner": by.merchant_id, "key": key, "body": body, "template": found.template_id,
    }  # fmt: skip
    limited = bound(found.limits, shopper, device, coupon, now, found.window)
    moves = _moves(stocks)
    known, made = Step(KNOWN, {"shopper": shopper}, _UNKNOWN, shown=True), Step(CLAIM, values, _LIMIT)
    return Plan(
        verb="claim",
        by=by.name,
        merchant_id=found.merchant_id,
        at=at,
        row=coupon,
        steps=(*found.guards, *_out(way.code), known, *limited.before, made, *limited.after),
        moves=moves,
        events=(_event("coupon.claimed", f"claim:{coupon}", found, by, at, shopper, coupon=coupon),),
        recall=_recall(found.offer, shopper, by, key, body),
        gate=guards.GATE,
        answer=Claimed(coupon, found.offer, shopper, code, at, expires_at),
        key=key,
        body=body,
        lane=f"claims of {shopper}",
        beside=limited.lane,
        told=partial(_refused, found, moves, by, now),
    )


@lru_cache(maxsize=1024)
def _out(way: str) -> Sequence[Step]:
    """Asks whether a distribution is out still; the same steps for all who come by it, so a group asks once."""
    return tuple(guards.given_out([way] if way else ()))


@lru_cache(maxsize=1024)
def _moves(stocks: Sequence[str]) -> Sequence[Move]:
    return tuple(Move(stock, "spend", 1, refusals.sold_out()) for stock in stocks)


def _unless_before(
    refusal: Refusal, offer: str, shopper: str, by: Viewer, now: datetime, key: str, body: str,
    told: Callable[[BaseException], None] | None,
) -> Plan:  # fmt: skip
    """What is refused already, unless this key got its coupon when it was not; to nobody there is no coupon at all."""
    known = () if refusal.code == "sold_out" else (Step(KNOWN, {"shopper": shopper}, refusals.unknown()),)
    recall = _recall(offer, shopper, by, key, body)
    return Plan("claim", by.name, by.merchant_id, now, "", known, recall=recall, otherwise=refusal, told=told)


def _recall(offer: str, shopper: str, by: Viewer, key: str, body: str) -> Recall:
    def again(row: Row) -> Claimed:
        _, _, coupon, code, claimed_at, expires_at = row
        at = moment(claimed_at)
        assert at is not None
        return Claimed(coupon, offer, shopper, code, at, moment(expires_at))

    return Recall(RECALL, {"key_owner": by.merchant_id, "key": key}, body, again, shown=True)


def _event(
    kind: str, number: str, found: Claimable, by: Viewer, at: datetime, shopper: str = "", **more: str
) -> dict[str, Any]:
    return {
        "id": number, "kind": kind, "at": spelled(at), "merchant": found.merchant,
        "campaign": found.campaign, "offer": found.offer, "shopper": shopper, "channel": by.channel,
        "store": by.store, **more,
    }  # fmt: skip


def _refused(found: Claimable, moves: Sequence[Move], by: Viewer, now: datetime, error: BaseException) -> None:
    """What the store found out is believed from now on, of the stock it found empty: each refuses with its own."""
    for move in moves:
        if move.refuse is error:
            sold_out.said(move.account)
    _note(found, by, now, error)


def _note(found: Claimable, by: Viewer, now: datetime, error: BaseException) -> None:
    """Let it be counted who went away empty: goes out with the next group, for the refusal itself writes nothing."""
    if isinstance(error, Refusal):
        writer.note(_event("coupon.refused", new_id(now), found, by, now.astimezone(UTC), reason=error.code))
