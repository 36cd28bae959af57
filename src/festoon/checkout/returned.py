"""What goes back with units: by the shares that were stored when they were sold and the policies they were sold under.

The arithmetic is the engine's (`engine.refund`); here is what it is told: which units come back, what went back before,
and, where a policy asks for it, the kept units judged again with the stored token and the releases of that price.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.checkout import queries, refusals
from festoon.checkout.evidence import book_of, facts_of
from festoon.checkout.held import Held
from festoon.checkout.holds import price_of
from festoon.checkout.models import Hold, Redemption
from festoon.checkout.request import invalid
from festoon.engine.refund import SHIPPING, Back, Price, RefundPolicy, Unit, refund, standing, units_of
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.kept import applied, judged
from festoon.rulebook.refunds.keep import Keep
from festoon.rulebook.release import refund_policy

Asked = Mapping[str, Sequence[int] | int]


@dataclass(frozen=True, slots=True)
class Returned:
    """`units` come back now, after `before` others; `now` is what goes back with them, `so_far` what went before.

    `policies` and `coupons` by applied offer.
    """

    units: Sequence[Unit]
    before: int
    now: Back
    so_far: Back
    policies: Mapping[str, RefundPolicy]
    coupons: Mapping[str, str]


def returned(row: Redemption, held: Held, asked: Asked, *, by: Viewer) -> Returned:
    """What `asked` (line → unit numbers from 1, or how many) gives back.

    Raises Invalid naming `units.<line>` for what was not sold, Conflict `already_refunded`, `not_judged`.
    """
    sold: Price = price_of(row.hold)
    # One look: units and amounts of two looks, with another refund between them, would belong to no moment.
    answers = [each.answer for each in queries.in_turn(by, row.id)]
    gone = units_before(answers)
    units = asked_units(sold, asked, gone)
    so_far = given_before(sold, answers)
    policies = policies_of(held, sold)
    now = worked_out(row.hold, held, sold, policies, units, gone, so_far)
    coupons = {each["offer"]: each["coupon"] for each in sold["offers"] if each["coupon"]}
    return Returned(units, len(gone), now, so_far, policies, coupons)


def worked_out(
    hold: Hold,
    held: Held,
    sold: Price,
    policies: Mapping[str, RefundPolicy],
    units: Collection[Unit],
    gone: Collection[Unit],
    so_far: Back,
) -> Back:
    """What goes back with `units`, when `gone` and `so_far` went before: by what is stored, now as much as ever."""
    kept = units_of(sold) - set(gone) - set(units)
    return refund(sold, kept, gone, policies, lambda kept: _judged(hold, held, sold, kept), so_far)


def policies_of(held: Held, sold: Price) -> dict[str, RefundPolicy]:
    """The refund policy of each applied offer, as it was released when the price was held."""
    rows = offers.releases(SYSTEM).filter(id__in=list(held.releases), kind="offer")
    told = {code: refund_policy({"kind": kind, "refund": policy}) for code, kind, policy in offers.refunds_of(rows)}
    return {each["offer"]: told.get(each["offer"]) or Keep() for each in sold["offers"]}


def units_before(answers: Sequence[Mapping[str, Any]]) -> set[Unit]:
    """The units that came back with refunds that answered so."""
    return {(line["line"], unit) for answer in answers for line in answer["lines"] for unit in line["units"]}


def given_before(sold: Price, answers: Sequence[Mapping[str, Any]]) -> Back:
    """The sum of the refunds of one order, oldest first, out of what each of them answered."""
    so_far, gone = Back(), set[Unit]()
    for answer in answers:
        one = Back()
        one.paid = {line["line"]: line["amount"] for line in answer["lines"]} | {SHIPPING: answer["shipping"]}
        gone |= units_before([answer])
        one.borne = _borne(answer["offers"]) if "offers" in answer else _stored(sold, gone, so_far)
        one.gifts = {(each["offer"], each["sku"]): each["quantity"] for each in answer.get("gifts", ())}
        one.owed = answer.get("owed", 0)
        so_far.add(one)
    return so_far


def _borne(offers: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(offer, payer): amount for offer, payers in offers.items() for payer, amount in payers.items()}


def _stored(sold: Price, gone: Collection[Unit], so_far: Back) -> dict[tuple[str, str], int]:
    """What went back to payers with a refund that did not say it by offer: all of them went by the stored shares."""
    offers, every = [each["offer"] for each in sold["offers"]], units_of(sold)
    whole, kept = standing(sold, every, offers), standing(sold, every - set(gone), offers)
    return {key: had - kept.borne.get(key, 0) - so_far.borne.get(key, 0) for key, had in whole.borne.items()}


def _judged(hold: Hold, held: Held, sold: Price, kept: Collection[Unit]) -> Price:
    """The kept units by the applied offers, with the hold's own token. Raises Conflict `not_judged`."""
    return judged(applied(book_of(held), sold), facts_of(hold), sold, kept)


def asked_units(price: Price, asked: Asked, back: Collection[Unit]) -> list[Unit]:
    """The units that are asked for: numbers, or the lowest that are left; `back` came back before."""
    sold = {line["id"]: {unit["unit"] for unit in line["units"]} for line in price["lines"]}
    if not asked:
        raise invalid("units", "empty", "Say which units come back.", "请说明退哪些商品。")
    return [(line, unit) for line in sorted(asked) for unit in _units(line, asked[line], sold, back)]


def _units(
    line: str, wanted: Sequence[int] | int, sold: Mapping[str, set[int]], back: Collection[Unit]
) -> Sequence[int]:
    field = f"units.{line}"
    if line not in sold:
        raise invalid(field, "unknown_line", "This order has no such line.", "订单中没有这一行。")
    known = sorted(sold[line])
    if isinstance(wanted, int):
        free = [number for number in known if (line, number) not in back]
        if isinstance(wanted, bool) or not 1 <= wanted <= len(known):
            raise invalid(field, "out_of_range", f"From 1 to {len(known)}.", f"1 到 {len(known)}。")
        if wanted > len(free):
            raise refusals.unit_back(line)
        wanted = free[:wanted]
    if not wanted or any(isinstance(n, bool) or n not in known for n in wanted) or len(set(wanted)) < len(wanted):
        raise invalid(field, "unknown_unit", "Units are numbered from 1, each named once.", "件号从 1 起，且不可重复。")
    if any((line, number) in back for number in wanted):
        raise refusals.unit_back(line)
    return sorted(wanted)
