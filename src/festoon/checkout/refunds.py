"""Refund: units come back, and with them what the policies they were sold under say: to the shopper and to the payers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from festoon.checkout import held as helds
from festoon.checkout import queries, refusals
from festoon.checkout.answers import CouponBack, GiftBack, RefundAnswer, RefundedLine
from festoon.checkout.events import event
from festoon.checkout.held import Held
from festoon.checkout.models import Redemption
from festoon.checkout.once import once
from festoon.checkout.returned import Asked, Returned, returned
from festoon.checkout.statements import (
    BALANCE_BACK,
    COUPON_BACK,
    PAID_BACK,
    REFUND,
    REFUND_BY_KEY,
    UNIT_BACK,
    UNITS_BACK,
    USE_BACK,
)
from festoon.coupons import queries as coupons
from festoon.coupons.validity import end_of_day
from festoon.engine.refund import SHIPPING
from festoon.ledger import accounts
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Again, Move, Plan, Recall, Step
from festoon.ledger.store.reading import required_key
from festoon.records.canonical import digest
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer

ATTEMPTS = 8


def refund(redemption: str, units: Asked, *, by: Viewer, now: datetime, key: str) -> RefundAnswer:
    """Take units back: `units` names for each line the unit numbers, or how many (then the lowest that are left).

    Written together or not at all. The same key answers the same, whenever; two refunds at once follow one another, for
    each is planned on what came back before and refused when another came between; the order of refunds never changes
    what has gone back in the end. Raises Invalid naming `units.<line>`, Conflict `already_refunded`, `not_judged`,
    NotFound, KeyReused.
    """
    by.require("refunds.write")
    required_key(key)
    body = digest(["refund", redemption, {line: units[line] for line in sorted(units)}])
    return once(
        lambda: refunded_before(by, key, body), lambda: _refund(redemption, units, body, by=by, now=now, key=key)
    )


def refunded_before(by: Viewer, key: str, body: str) -> RefundAnswer | None:
    """The answer this key got before; raises KeyReused for another body."""
    row = queries.refund_of(by, key)
    if row is None:
        return None
    if row.body != body:
        raise KeyReused
    return RefundAnswer.of(row.answer)


def _refund(redemption: str, units: Asked, body: str, *, by: Viewer, now: datetime, key: str) -> RefundAnswer:
    for _ in range(ATTEMPTS):
        row = queries.redemption(by, redemption)
        held = helds.read(row.hold)
        given = returned(row, held, units, by=by)
        try:
            answer = writer.submit(_plan(row, held, given, by=by, now=now, key=key, body=body)).result()
        except Refusal as refusal:
            if refusal.code != "refund_moved":
                raise
        else:
            return _stored(by, answer.row) if isinstance(answer, Again) else answer
    raise refusals.refund_moved()


def _stored(by: Viewer, number: str) -> RefundAnswer:
    return RefundAnswer.of(queries.refunds(by).get(id=number).answer)


def _answer(row: Redemption, held: Held, given: Returned, number: str, now: datetime) -> RefundAnswer:
    back = given.now
    payers: dict[str, int] = {}
    by_offer: dict[str, dict[str, int]] = {}
    for (offer, payer), amount in back.borne.items():
        if amount:
            payers[payer] = payers.get(payer, 0) + amount
            by_offer.setdefault(offer, {})[payer] = amount
    return RefundAnswer(
        refund=number,
        redemption=row.id,
        amount=back.amount,
        shipping=back.paid.get(SHIPPING, 0),
        lines=_lines(given),
        payers=payers,
        refunded=row.refunded + back.amount,
        paid=row.paid,
        at=now.astimezone(UTC),
        offers=by_offer,
        owed=back.owed,
        gifts=[GiftBack(offer, sku, count) for (offer, sku), count in back.gifts.items() if count],
        coupons=list(_coupons(held, given, now)),
        balances=_balances(held, given),
    )


def _balances(held: Held, given: Returned) -> dict[str, int]:
    """What goes back to each balance: what it paid of what comes back."""
    paid = {offer: coupon for offer, coupon in given.coupons.items() if coupon in held.balances}
    sums: dict[str, int] = {}
    for (offer, _), amount in given.now.borne.items():
        if offer in paid and amount:
            sums[paid[offer]] = sums.get(paid[offer], 0) + amount
    return sums


def _lines(given: Returned) -> list[RefundedLine]:
    """The lines from which units come back, or to which money goes back because what is kept of them costs less."""
    units: dict[str, list[int]] = {line: [] for line, _ in given.units}
    for line, unit in given.units:
        units[line].append(unit)
    lines = {*units, *[line for line, amount in given.now.paid.items() if amount and line != SHIPPING]}
    return [RefundedLine(line, units.get(line, []), given.now.paid.get(line, 0)) for line in sorted(lines)]


def _coupons(held: Held, given: Returned, now: datetime) -> Iterator[CouponBack]:
    """The coupons that go back and may still be used, each with its end."""
    found = coupons.by_ids(SYSTEM, given.now.coupons)
    for number in [each for each in given.now.coupons if each not in held.balances]:
        ends, policy = found[number].expires_at, given.policies[found[number].template.offer.code]
        if ends is not None and policy.days is not None:
            ends = max(ends, end_of_day(now, policy.days, held.zone))
        if ends is None or ends > now:
            yield CouponBack(number, ends.astimezone(UTC).isoformat() if ends else None)


def _plan(row: Redemption, held: Held, given: Returned, *, by: Viewer, now: datetime, key: str, body: str) -> Plan:
    number = uuid.uuid4().hex
    answer = _answer(row, held, given, number, now)
    values = {
        "id": number, "merchant": row.merchant_id, "redemption": row.id, "at": answer.at, "by": by.name,
        "amount": answer.amount, "answer": json.dumps(answer.to_data(), ensure_ascii=False),
        "key_owner": by.merchant_id, "key": key, "body": body,
    }  # fmt: skip
    units = [{"refund": number, "redemption": row.id, "line": line, "unit": unit} for line, unit in given.units]
    moved = refusals.refund_moved()
    return Plan(
        verb="refund",
        by=by.name,
        merchant_id=row.merchant_id,
        at=now,
        row=number,
        steps=[
            Step(PAID_BACK, {"redemption": row.id, "amount": answer.amount, "before": row.refunded}, moved),
            Step(UNITS_BACK, {"redemption": row.id}, moved, rows=given.before),
            Step(REFUND, values),
            Step(UNIT_BACK, units, moved),
            *_returning(row, answer, moved),
        ],
        moves=_moves(held, given),
        events=[
            event(
                "order.refunded", f"refund:{number}", held, by=by, now=now, redemption=row.id, order=row.order,
                refund=number, money={"refunded": answer.amount, "shipping": answer.shipping, "owed": answer.owed},
                payers=answer.payers, offers=answer.offers, units=[list(unit) for unit in given.units],
                gifts=[[gift.sku, gift.quantity] for gift in answer.gifts],
                coupons=[coupon.coupon for coupon in answer.coupons], balances=answer.balances,
            )
        ],
        recall=Recall(REFUND_BY_KEY, {"key_owner": by.merchant_id, "key": key}, body),
        answer=answer,
        key=key,
        body=body,
        lane=f"refunds of {row.id}",  # a refund with which nothing goes back shows only by the units it wrote
    )  # fmt: skip


def _returning(row: Redemption, answer: RefundAnswer, moved: Refusal) -> list[Step]:
    """Each coupon that goes back is in the wallet again, and its use ends: once, whoever else tries. Balances grow."""
    back = [(each.coupon, each.expires_at and datetime.fromisoformat(each.expires_at)) for each in answer.coupons]
    return [
        Step(USE_BACK, [{"hold": row.hold_id, "coupon": coupon, "live": False} for coupon, _ in back], moved),
        Step(COUPON_BACK, [{"coupon": coupon, "expires": ends} for coupon, ends in back], moved),
        Step(BALANCE_BACK, [{"coupon": coupon, "given": amount} for coupon, amount in answer.balances.items()], moved),
    ]


def _moves(held: Held, given: Returned) -> list[Move]:
    """The shares, and what gifts took, go back to the accounts they were posted from."""
    posted = {each.of: each.account for each in held.amounts}
    sums: dict[str, int] = {}
    for code, amount in (*_shares(held, given), *_spendings(held, given), *_gifts(held, given)):
        account = posted.get(code)
        if account is not None and amount:
            sums[account] = sums.get(account, 0) + amount
    return [Move(account, "reverse", amount) for account, amount in sorted(sums.items())]


def _shares(held: Held, given: Returned) -> Iterator[tuple[str, int]]:
    campaign_of: Mapping[str, str] = dict(held.offers)
    for (offer, payer), amount in given.now.borne.items():
        yield accounts.budget(campaign_of[offer], "discount", payer), amount


def _spendings(held: Held, given: Returned) -> Iterator[tuple[str, int]]:
    """What an offer may cost grows by what comes back of it, on the day it was spent on."""
    for (offer, _), amount in given.now.borne.items():
        yield from ((each.of, amount) for each in held.amounts if accounts.is_spending(each.of, offer))


def _gifts(held: Held, given: Returned) -> Iterator[tuple[str, int]]:
    for gift in held.gifts:
        before = given.so_far.gifts.get((gift.offer, gift.sku), 0)
        yield from gift.of(before, before + given.now.gifts.get((gift.offer, gift.sku), 0)).items()
