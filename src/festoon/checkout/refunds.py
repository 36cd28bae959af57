"""Refund: units come back, and with them exactly what was paid for them and who paid the rest."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

from festoon.checkout import held as helds
from festoon.checkout import holds, queries, refusals
from festoon.checkout.answers import RefundAnswer
from festoon.checkout.events import event
from festoon.checkout.held import Held
from festoon.checkout.models import Redemption
from festoon.checkout.returned import Asked, Returned, returned
from festoon.checkout.statements import PAID_BACK, REFUND, REFUND_BY_KEY, UNIT_BACK, UNITS_BACK
from festoon.ledger import accounts
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Again, Move, Plan, Recall, Step
from festoon.ledger.store.reading import required_key
from festoon.records.canonical import digest
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import Viewer

ATTEMPTS = 8


def refund(redemption: str, units: Asked, *, by: Viewer, now: datetime, key: str) -> RefundAnswer:
    """Take units back: `units` names for each line the unit numbers, or how many (then the lowest that are left).

    Raises Invalid naming `units.<line>`, Conflict `already_refunded`, NotFound, KeyReused.
    """
    by.require("refunds.write")
    required_key(key)
    body = digest(["refund", redemption, {line: units[line] for line in sorted(units)}])
    if (again := refunded_before(by, key, body)) is not None:
        return again
    for _ in range(ATTEMPTS):
        row = queries.redemption(by, redemption)
        back = queries.units_back(by, redemption)
        given = returned(holds.price_of(row.hold), units, back)
        try:
            answer = writer.submit(_plan(row, given, len(back), by=by, now=now, key=key, body=body)).result()
        except Refusal as refusal:
            if refusal.code != "refund_moved":
                raise
        else:
            return _stored(by, answer.row) if isinstance(answer, Again) else answer
    raise refusals.refund_moved()


def refunded_before(by: Viewer, key: str, body: str) -> RefundAnswer | None:
    """The answer this key got before; raises KeyReused for another body."""
    row = queries.refund_of(by, key)
    if row is None:
        return None
    if row.body != body:
        raise KeyReused
    return RefundAnswer.of(row.answer)


def _stored(by: Viewer, number: str) -> RefundAnswer:
    return RefundAnswer.of(queries.refunds(by).get(id=number).answer)


def _plan(row: Redemption, given: Returned, before: int, *, by: Viewer, now: datetime, key: str, body: str) -> Plan:
    held, number, at = helds.read(row.hold), uuid.uuid4().hex, now.astimezone(UTC)
    payers: dict[str, int] = {}
    for (_, payer), amount in given.payers.items():
        payers[payer] = payers.get(payer, 0) + amount
    answer = RefundAnswer(
        refund=number, redemption=row.id, amount=given.amount, shipping=given.shipping, lines=list(given.lines),
        payers=payers, refunded=row.refunded + given.amount, paid=row.paid, at=at,
    )  # fmt: skip
    values = {
        "id": number, "merchant": row.merchant_id, "redemption": row.id, "at": at, "by": by.name,
        "amount": given.amount, "answer": json.dumps(answer.to_data(), ensure_ascii=False),
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
            Step(PAID_BACK, {"redemption": row.id, "amount": given.amount, "before": row.refunded}, moved),
            Step(UNITS_BACK, {"redemption": row.id}, moved, rows=before),
            Step(REFUND, values),
            Step(UNIT_BACK, units, moved),
        ],
        moves=_moves(held, given),
        events=[
            event(
                "order.refunded", f"refund:{number}", held, by=by, now=now, redemption=row.id, order=row.order,
                refund=number, money={"refunded": given.amount, "shipping": given.shipping}, payers=payers,
                units=[list(unit) for unit in given.units],
            )
        ],
        recall=Recall(REFUND_BY_KEY, {"key_owner": by.merchant_id, "key": key}, body),
        answer=answer,
        key=key,
        body=body,
    )  # fmt: skip


def _moves(held: Held, given: Returned) -> list[Move]:
    """The shares go back to the accounts they were posted from."""
    posted = {each.of: each.account for each in held.amounts}
    campaign_of = dict(held.offers)
    sums: dict[str, int] = {}
    for (offer, payer), amount in given.payers.items():
        account = posted.get(accounts.budget(campaign_of[offer], "discount", payer))
        if account is not None and amount:
            sums[account] = sums.get(account, 0) + amount
    return [Move(account, "reverse", amount) for account, amount in sorted(sums.items())]
