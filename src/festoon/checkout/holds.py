"""Hold: a quote made binding, all or nothing; cancel and expiry give back what it held."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime

from festoon.checkout import held as helds
from festoon.checkout import promised as promises
from festoon.checkout import queries, quotes, refusals
from festoon.checkout.answers import Closed, HoldAnswer
from festoon.checkout.events import event
from festoon.checkout.held import Held
from festoon.checkout.holding import plan
from festoon.checkout.models import Hold
from festoon.checkout.once import once
from festoon.checkout.pricing import Priced
from festoon.checkout.promised import Promised
from festoon.checkout.request import invalid
from festoon.checkout.statements import COUPON_FREE, USE_ENDS
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Again, Plan, Step
from festoon.ledger.store.reading import required_key
from festoon.offers.version import watch
from festoon.records.canonical import digest
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer

ACCEPT = ("same", "lower_or_equal")
ATTEMPTS = 4
OVERTAKEN = {"scarce", "coupon_used", "stopped", "recalled"}


def hold(token: str, *, accept: str = "same", by: Viewer, now: datetime, key: str) -> HoldAnswer:
    """Reserve what a quote's price draws on, for a quarter of an hour.

    The cart is priced again with the quote's book and moment and today's availability. Equal: held. Else Conflict
    `quote_changed` with the new quote and the differences, and nothing is held; with `accept="lower_or_equal"` a price
    that is not higher is held at once. Raises Invalid `token_forged`, KeyReused.

    *Twice*: the same hold, also at the same moment; with another body KeyReused. *Late*, after the quote's end: priced
    anew at the catalogue's prices, and held only where that is accepted. *Out of order*, when others took what was left
    since: priced again a few times, then `quote_changed`. *Half-way*: amounts, coupons, uses and the hold are one
    commit; who got no answer asks again with the same key, and what nobody redeems ends by itself.
    """
    by.require("holds.write")
    required_key(key)
    if accept not in ACCEPT:
        raise invalid("accept", "unknown", f"One of {', '.join(ACCEPT)}.", f"只能是 {'、'.join(ACCEPT)}。")
    body = digest(["hold", token, accept])
    return once(lambda: held_before(by, key, body), lambda: _hold(token, accept, body, by=by, now=now, key=key))


def cancel(hold: str, *, by: Viewer, now: datetime) -> Closed:
    """Give back what a hold holds. Raises Conflict `already_redeemed`, NotFound.

    *Twice*, or *late*, when it has expired: answered with how it ended. *Out of order*, while it is redeemed: one of the
    two is done, for both ask the hold's state in their write. *Half-way*: all of it goes back in one commit.
    """
    by.require("holds.write")
    return _end(hold, "cancelled", "void", by=by, now=now)


def expire_due(now: datetime, *, by: Viewer = SYSTEM, limit: int = 500) -> int:
    """Give back what the holds past their end held; how many ended now. Run every few seconds by the worker.

    One that a fault keeps from ending keeps no other from it; what it was is raised when no other ended.
    """
    waiting = [
        writer.submit(_ending(helds.read(row), "expired", "expire", by=by, now=now))
        for row in queries.due(by, now)[:limit]
    ]
    errors = [each.exception() for each in waiting]
    faults = [error for error in errors if error is not None and not isinstance(error, Refusal)]
    if faults and None not in errors:
        raise faults[0]
    return errors.count(None)


def held_before(by: Viewer, key: str, body: str) -> HoldAnswer | None:
    """The answer this key got before; raises KeyReused for another body."""
    row = queries.hold_of(by, key)
    if row is None:
        return None
    if row.body != body:
        raise KeyReused
    return answer_of(row)


def answer_of(row: Hold) -> HoldAnswer:
    """What was answered when the hold was made."""
    held = helds.read(row)
    return HoldAnswer(
        hold=row.id,
        quote=row.quote,
        book=row.book,
        currency=held.currency,
        payable=row.payable,
        coupons=[coupon for coupon, _ in held.coupons],
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def price_of(row: Hold) -> dict[str, object]:
    """The price as it was held: the engine's documented JSON."""
    found: dict[str, object] = json.loads(zlib.decompress(bytes(row.priced)))
    return found


def _hold(token: str, accept: str, body: str, *, by: Viewer, now: datetime, key: str) -> HoldAnswer:
    promised = promises.read(token, by=by)
    fresh = False
    for _ in range(ATTEMPTS):
        found = promises.today(promised, by=by, now=now, fresh=fresh)
        if not _welcome(promised, found, accept, now):
            raise _changed(promised, found, by, now)
        try:
            made, _ = plan(found, by=by, now=now, key=key, body=body)
            answer = writer.submit(made).result()
            return answer_of(queries.hold(by, answer.row)) if isinstance(answer, Again) else answer
        except Refusal as refusal:
            if refusal.code not in OVERTAKEN:
                raise
            watch.forget()
            fresh = refusal.code in {"stopped", "recalled"}
    raise _changed(promised, promises.today(promised, by=by, now=now, fresh=True), by, now)


def _welcome(promised: Promised, found: Priced, accept: str, now: datetime) -> bool:
    if now < promised.until and promised.same(found):
        return True
    return accept == "lower_or_equal" and found.payable <= promised.summary["payable"]


def _changed(promised: Promised, found: Priced, by: Viewer, now: datetime) -> Refusal:
    answer = quotes.answer(found, by=by, now=now)
    return refusals.quote_changed(answer.to_data(), promised.differences(found))


def _end(number: str, state: str, kind: str, *, by: Viewer, now: datetime) -> Closed:
    for _ in range(ATTEMPTS):
        row = queries.hold(by, number)
        if row.state == "redeemed":
            raise refusals.redeemed(row.redemption.id)
        if row.state != "held":
            assert row.closed_at is not None
            return Closed(row.id, row.state, row.closed_at)
        try:
            answer: Closed = writer.submit(_ending(helds.read(row), state, kind, by=by, now=now)).result()
            return answer
        except Refusal as refusal:
            if refusal.code != "hold_moved":
                raise
    raise refusals.hold_moved()


def _ending(held: Held, state: str, kind: str, *, by: Viewer, now: datetime) -> Plan:
    return Plan(
        verb="hold.cancel" if state == "cancelled" else "hold.expire",
        by=by.name,
        merchant_id=held.merchant_id,
        at=now,
        row=held.hold,
        steps=[
            held.close(state, was="held", now=now),
            Step(COUPON_FREE, held.each_coupon()),
            held.give_balances(),
            Step(USE_ENDS, held.each_coupon(hold=held.hold, live=False)),
        ],
        moves=held.moves(kind),
        events=[event(f"hold.{state}", f"{state}:{held.hold}", held, by=by, now=now)],
        answer=Closed(held.hold, state, now.astimezone(UTC)),
        lane=held.lane,
    )
