"""The redemptions, day after day: each on one basket, by the rules where they allow it, else recorded with the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.checkout.holds import hold
from festoon.checkout.outside import record_outside_redemption
from festoon.checkout.queries import hold_of
from festoon.checkout.quotes import quote
from festoon.checkout.redemptions import redeem
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.coupons import queries as coupons
from festoon.coupons.issuing import issue
from festoon.coupons.models import Coupon
from festoon.demo.year import names, viewers
from festoon.demo.year.parts.issues import whole
from festoon.demo.year.source import Row, Source, utc
from festoon.demo.year.values import value_of
from festoon.distribution.quotas import tie
from festoon.offers import queries as offers
from festoon.records.refusal import KeyReused, NotFound
from festoon.records.viewer import Viewer

STEP = 10
REASONS = {
    "not_live": "outside_the_dates",
    "buyer": "not_a_recipient",
    "least_quantity": "too_few_units",
    "floor": "nothing_left_to_take",
}
"""Verdict or its reason → the reason that is kept beside a redemption recorded outside."""
NO_GOODS = "no_goods_in_scope"


@dataclass(frozen=True, slots=True)
class Redemptions:
    """Quote, hold and redeem at the basket's own moment with just that coupon chosen; or the record of why not."""

    code: str = "redemptions"
    words: Words = Words("Redemptions", "核销")
    cost: int = 300

    def size(self, source: Source) -> int:
        """How many there are."""
        return source.number("select count(*) from redeemed")

    def take(self, source: Source, place: int, now: datetime) -> int:
        """The next few, one after the other."""
        del now
        question = "select * from redeemed where number >= ? and number < ? order by number"
        operator = viewers.operator()
        for row in source.rows(question, place, place + STEP):
            use(source, row, operator)
        return min(place + STEP, self.size(source))


def use(source: Source, row: Row, operator: Viewer) -> None:
    """One redemption. Done half before a crash, it goes on where it was; done whole, nothing happens again."""
    moment = utc(row["stamp"]) if row["stamp"] else names.midnight(row["day"]).replace(hour=12)
    key = f"year:{source.mark}:{names.template(row['campaign'], row['coupon'])}:{row['household']}:{row['use']}"
    till, coupon = viewers.till(row["store"], operator), in_hand(row, operator, moment, key)
    if coupon.state == "redeemed":
        return
    order = names.order(row["basket"]) if row["basket"] is not None else ""
    if coupon.state == "held":
        number = held_before(till, key)
    else:
        lines = cart(source, row["basket_number"])
        request = QuoteRequest(lines, buyer=names.shopper(row["household"]), chosen=[coupon.id], moment=moment)
        answer = quote(request, by=till, now=moment) if lines else None
        if answer is None or all(each["coupon"] != coupon.id for each in answer.price["offers"]):
            verdict = verdict_on(coupon, answer.price if answer else {})
            record_outside_redemption(
                coupon.id, order=order, reason=reason(row["coupon"], coupon, verdict), verdict=verdict, at=moment,
                by=till, now=moment,
            )  # fmt: skip
            return
        try:
            number = hold(answer.token, by=till, now=moment, key=f"{key}:hold").hold
        except KeyReused:  # held before a crash, and swept since: it is redeemed late
            number = held_before(till, key)
    redeem(number, order=order, by=till, now=moment, key=f"{key}:redeem")


def held_before(till: Viewer, key: str) -> str:
    """The hold this redemption made before it was interrupted."""
    found = hold_of(till, f"{key}:hold")
    if found is None:
        raise NotFound("hold")
    return found.id


def in_hand(row: Row, by: Viewer, moment: datetime, key: str) -> Coupon:
    """The coupon that is used: given before, tied from the quota of the pool, or a further one for a second use."""
    offer, shopper = names.template(row["campaign"], row["coupon"]), names.shopper(row["household"])
    mine = coupons.wallet(by, shopper).filter(template__offer__code=offer, n=row["use"])
    found = mine.first()
    if found is None:
        if row["use"] > 1:
            template = offers.offer(by, offer)
            whole(issue(template, [shopper], by=by, now=moment, key=f"{key}:extra", origin="extra"))
        elif row["type"] == "A" and row["listed"]:
            whole(tie(names.recipients(row["campaign"]), offer, shopper, by=by, now=moment, key=f"{key}:tie"))
        else:
            template = offers.offer(by, offer)
            whole(issue(template, [shopper], by=by, now=moment, key=f"{key}:unlisted", origin="tied"))
        found = mine.get()
    return found


def cart(source: Source, basket: int | None) -> list[LineRequest]:
    """The goods of the basket of this number. Prices of a line's units sum to the line's price: some units cost a cent more."""
    question = """
        select product, units, price from basket_line where number = ? and goods and units > 0 order by product
    """
    lines = []
    for product, units, price in source.tuples(question, basket):
        each, over = divmod(price, units)
        lines.append(LineRequest(str(product), names.sku(product), units - over, each))
        if over:
            lines.append(LineRequest(f"{product}+", names.sku(product), over, each + 1))
    return lines


def verdict_on(coupon: Coupon, price: Mapping[str, Any]) -> dict[str, Any]:
    """What our rules said of the coupon's offer; nothing where the cart does not meet its goods."""
    offer = coupon.template.offer.code
    return next((dict(each) for each in price.get("verdicts", ()) if each["offer"] == offer), {})


def reason(bar_code: str, coupon: Coupon, verdict: Mapping[str, Any]) -> str:
    """The first thing that stood in the way, as docs/year-definitions.md orders them."""
    if coupon.template.offer.draft["scope"].get("tag"):
        return "unknown_template"
    if value_of(bar_code) is None:
        return "value_unknown"
    if not verdict:
        return NO_GOODS
    code, why = str(verdict["code"]), str(verdict.get("reason", ""))
    return REASONS.get(why) or REASONS.get(code) or why or code


PARTS = [Redemptions()]
