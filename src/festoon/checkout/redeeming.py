"""The write plans of a redemption: in time, after the end, and together with its hold."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from festoon.checkout import refusals
from festoon.checkout.answers import RedeemAnswer
from festoon.checkout.events import event, lines, money, offers, used
from festoon.checkout.held import Held
from festoon.checkout.statements import (
    COUPON_REDEEMED,
    COUPON_TAKEN_LATE,
    ORDER_PLACED,
    REDEMPTION,
    REDEMPTION_BY_KEY,
    USE_ENDS,
    USES_LEFT,
)
from festoon.checkout.ways import WAY
from festoon.ledger import accounts
from festoon.ledger.queries import standing
from festoon.ledger.store.plan import Move, Plan, Recall, Step
from festoon.offers import guards
from festoon.records.viewer import SYSTEM, Viewer


@dataclass(frozen=True, slots=True)
class Posting:
    """Who redeems, where, for which order, with which key; the price as it was held; the offers whose goods they saw."""

    order: str
    scene: str
    by: Viewer
    now: datetime
    key: str
    body: str
    late: bool
    price: Mapping[str, Any]
    seen: Collection[str] = ()


def in_time(held: Held, posting: Posting) -> Plan:
    """What is held is posted: the amounts are still reserved, also when the sweep has not come by yet."""
    steps = [
        held.close("redeemed", was="held", now=posting.now),
        Step(COUPON_REDEEMED, held.each_coupon(now=posting.now), refusals.coupon_taken()),
    ]
    return _plan(held, posting, steps, held.moves("post"))


def taken_again(held: Held, posting: Posting, short: Sequence[str], ways: Sequence[str] = ()) -> Plan:
    """The hold was swept: the same amounts are taken anew, or Conflict `expired`; `short` is honoured by overdraft. `ways`
    are the distributions that have to be out still.
    """
    gone = refusals.expired("coupon")
    steps = [
        *guards.granting([code for code, _ in held.offers], [theme for _, theme in held.offers], refuse=gone),
        *guards.given_out(ways, refusals.expired(WAY)),
        Step(USES_LEFT, held.each_use(), refusals.expired("uses")),
        held.close("redeemed", was="expired", now=posting.now),
        Step(COUPON_TAKEN_LATE, held.each_coupon(now=posting.now), gone),
        held.take_balances(gone, now=posting.now),
        Step(USE_ENDS, held.each_coupon(hold=held.hold, live=True), gone),
    ]
    moves = [Move(each.account, "spend", each.amount, refusals.expired(each.account)) for each in held.amounts]
    made = _plan(held, posting, steps, moves)
    alarms = [
        event("budget.overdrawn", f"overdrawn:{held.hold}:{each.of}", held, by=posting.by, now=posting.now,
              account=each.of, amount=each.amount)
        for each in held.amounts
        if each.of in short
    ]  # fmt: skip
    return replace(made, events=[*made.events, *alarms], gate=guards.GATE)


def overdrawn(held: Held) -> list[str]:
    """The money budgets that can no longer give what was held."""
    now = standing(SYSTEM, [each.of for each in held.amounts])
    return [
        each.of
        for each in held.amounts
        if each.of.startswith(accounts.MONEY) and (free := now[each.of].free) is not None and free < each.amount
    ]


def together(holding: Plan, redeeming: Plan, posting: Posting) -> Plan:
    """Hold and redemption in one: written together or not at all, answered as the redemption."""
    return replace(
        redeeming,
        verb="verify",
        steps=[*holding.steps, *redeeming.steps],
        moves=[*holding.moves, *redeeming.moves],
        events=[*holding.events, *redeeming.events],
        gate=holding.gate,
        key=posting.key,
        also=[holding.row],
    )


def _plan(held: Held, posting: Posting, steps: Sequence[Step], moves: Sequence[Move]) -> Plan:
    number, by, now = uuid.uuid4().hex, posting.by, posting.now
    values = {
        "id": number, "merchant": held.merchant_id, "hold": held.hold, "at": now, "order": posting.order,
        "channel": by.channel or held.channel, "scene": posting.scene or held.scene, "store": by.store or held.store,
        "by": by.name, "late": posting.late, "refunded": 0, "paid": held.payable, "key_owner": by.merchant_id,
        "key": posting.key, "body": posting.body,
    }  # fmt: skip
    placed = [] if held.shopper_id is None else [Step(ORDER_PLACED, {"shopper": held.shopper_id})]
    at = now.astimezone(UTC)
    return Plan(
        verb="redeem",
        by=by.name,
        merchant_id=held.merchant_id,
        at=now,
        row=number,
        steps=[*steps, Step(REDEMPTION, values, refusals.hold_moved()), *placed],
        moves=moves,
        events=[
            event(
                "order.redeemed", f"redeem:{number}", held, by=by, now=now, redemption=number, order=posting.order,
                late=posting.late, money=money(posting.price), offers=offers(posting.price, held),
                lines=lines(posting.price), coupons=used(held),
            ),
            *_seen(held, posting, number),
        ],
        recall=Recall(REDEMPTION_BY_KEY, {"key_owner": by.merchant_id, "key": posting.key}, posting.body),
        answer=RedeemAnswer(number, held.hold, posting.order, held.payable, held.currency, posting.late, at),
        key=posting.key,
        body=posting.body,
        lane=held.lane,
    )  # fmt: skip


def _seen(held: Held, posting: Posting, redemption: str) -> list[dict[str, Any]]:
    """That somebody looked at the goods, by name: one event for each coupon that serves because of it."""
    return [
        event("coupon.confirmed_by_eye", f"seen:{redemption}:{each['offer']}", held, by=posting.by, now=posting.now,
              redemption=redemption, order=posting.order, seen=each["offer"], coupon=each["coupon"],
              confirmed_by=posting.by.name)
        for each in posting.price["offers"]
        if each["offer"] in posting.seen
    ]  # fmt: skip
