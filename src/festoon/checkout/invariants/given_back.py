"""What went back with returned goods is what was promised when they were sold, and went back once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from festoon.base.words import Words
from festoon.checkout import held as helds
from festoon.checkout import queries
from festoon.checkout.answers import RefundAnswer
from festoon.checkout.holds import price_of
from festoon.checkout.invariants import Finding, Invariant
from festoon.checkout.models import Redemption
from festoon.checkout.returned import given_before, policies_of, worked_out
from festoon.coupons import queries as coupons
from festoon.engine.refund import SHIPPING, Back, Price, Unit, standing, units_of
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM


def worked_out_again(_now: datetime) -> Finding:
    """Every refund is what the releases of its order's price and its stored shares give, and all together stay within:
    for each line and each payer never more than was paid, and exactly that once the last unit is back.
    """
    problems, cases = [], 0
    for row in queries.redemptions(SYSTEM).filter(refunds__isnull=False).distinct():
        cases += 1
        try:
            problems += [f"redemption {row.id}: {wrong}" for wrong in _wrong(row)]
        except Refusal as refusal:
            problems.append(f"redemption {row.id}: {refusal.code}")
    return Finding(cases, problems[:100])


def _wrong(row: Redemption) -> Iterator[str]:
    held, sold = helds.read(row.hold), price_of(row.hold)
    policies, gone, so_far = policies_of(held, sold), set[Unit](), Back()
    answers = []
    for each in queries.in_turn(SYSTEM, row.id).prefetch_related("units"):
        units = {(unit.line, unit.unit) for unit in each.units.all()}
        now = worked_out(row.hold, held, sold, policies, units, gone, so_far)
        answers.append(each.answer)
        gone |= units
        so_far.add(now)
        told, said = given_before(sold, answers), RefundAnswer.of(each.answer)
        if _sums(told) != _sums(so_far) or (now.amount, now.owed) != (said.amount, said.owed):
            yield f"refund {each.id} gave back {said.amount}, {now.amount} is right"
        if each.amount != said.amount:
            yield f"refund {each.id} is of {each.amount} and answered {said.amount}"
    yield from _beyond(sold, so_far, whole=gone >= units_of(sold))


def _sums(back: Back) -> list[dict[object, int]]:
    return [{key: n for key, n in sums.items() if n} for sums in (back.paid, back.borne, back.gifts)]


def _beyond(sold: Price, so_far: Back, *, whole: bool) -> Iterator[str]:
    """Where more went back than was paid, or after the last unit not all of it."""
    paid = standing(sold, units_of(sold), [each["offer"] for each in sold["offers"]])
    for line, amount in paid.paid.items():
        given = so_far.paid.get(line, 0)
        if given > amount or (whole and given != amount):
            yield f"{given} of {amount} went back for {'shipping' if line == SHIPPING else f'line {line}'}"
    for (offer, payer), amount in paid.borne.items():
        given = so_far.borne.get((offer, payer), 0)
        if given > amount or (whole and given != amount):
            yield f"{given} of {amount} of {offer} went back to {payer}"


def coupons_once(_now: datetime) -> Finding:
    """A coupon of a redeemed order is free again when, and only when, one refund of that order gave it back."""
    rows = queries.uses(SYSTEM).filter(hold__state="redeemed", coupon__balance=None)
    ended = set(rows.filter(live=False).values_list("hold_id", "coupon_id"))
    given: Counter[tuple[str, str]] = Counter()
    for hold, answer in queries.refunds(SYSTEM).values_list("redemption__hold_id", "answer"):
        given.update((hold, each["coupon"]) for each in answer.get("coupons", ()))
    problems = [
        f"coupon {coupon} of hold {hold} is free and no refund gave it" for hold, coupon in ended - given.keys()
    ]
    problems += [f"coupon {coupon} was given back {given[hold, coupon]} times" for hold, coupon in given if
                 given[hold, coupon] > 1 or (hold, coupon) not in ended]  # fmt: skip
    return Finding(rows.count(), sorted(problems)[:100])


def balances(_now: datetime) -> Finding:
    """What is left of every balance is what it had when it was new, less what it pays in holds and orders, plus what
    went back.
    """
    left = dict(coupons.visible(SYSTEM).exclude(balance=None).values_list("id", "balance"))
    whole: dict[str, int] = {}
    spent: Counter[str] = Counter()
    rows = queries.visible(SYSTEM).filter(uses__coupon__balance__isnull=False).distinct()
    for row in rows.order_by("id").iterator(chunk_size=200):
        held = helds.read(row)
        for coupon, taken in held.coupons:
            if coupon in held.balances:
                whole[coupon] = max(held.balances[coupon], whole.get(coupon, 0))  # what it had when it was new
                spent[coupon] += taken if row.state in ("held", "redeemed") else 0
    for answer in queries.refunds(SYSTEM).values_list("answer", flat=True):
        spent.subtract(answer.get("balances", {}))
    problems = [
        f"coupon {coupon} has {has} left, of {whole.get(coupon)} it paid {spent[coupon]}"
        for coupon, has in left.items()
        if coupon not in whole or has != whole[coupon] - spent[coupon]
    ]
    return Finding(len(left), problems[:100])


INVARIANTS = [
    Invariant(
        "refunds_worked_out",
        Words(en="Every refund follows the policy it was sold under", zh="每笔退款符合售出时的政策"),
        worked_out_again,
    ),
    Invariant("balances", Words(en="A balance is what was not spent of it", zh="余额 = 面额 − 已用"), balances),
    Invariant("coupons_back", Words(en="A coupon goes back at most once", zh="优惠券至多退回一次"), coupons_once),
]
