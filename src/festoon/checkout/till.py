"""Verify at the till: quote, hold and redeem in one call with one key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from festoon.checkout import book, limits, quotes, refusals
from festoon.checkout.answers import RedeemAnswer
from festoon.checkout.facts import cart as carts
from festoon.checkout.holding import plan as holding_plan
from festoon.checkout.holds import OVERTAKEN
from festoon.checkout.once import once
from festoon.checkout.pricing import Priced, priced
from festoon.checkout.redeeming import Posting, in_time, together
from festoon.checkout.redemptions import redeemed_before, submitted
from festoon.checkout.request import QuoteRequest, check_text, invalid
from festoon.coupons import queries as coupons
from festoon.coupons.codes import normal
from festoon.coupons.guessing import guarded, no_such_code
from festoon.ledger.store.reading import required_key
from festoon.offers.version import watch
from festoon.records.canonical import digest
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import BEST

ATTEMPTS = 4


def verify(
    request: QuoteRequest, *, order: str = "", payable: int | None = None, by: Viewer, now: datetime, key: str
) -> RedeemAnswer:
    """At the till: quote, hold and redeem in one call with one key; all of it is written together or nothing.

    `buyer` may be left out when a coupon is chosen: it is then the coupon's shopper. `payable` is what the till showed:
    where it is no longer that, Conflict `quote_changed` with the new quote. Raises what quote and hold raise; Conflict
    `not_served` when a chosen coupon does not serve this cart, with its verdict in `detail`; 429 `too_many_tries` to who
    showed too many wrong codes without a buyer.

    Where nobody entered the goods, `only_sum` is what they come to, and `seen` names the offers whose goods `by` saw: it
    is by that name, and no other, that the hold keeps it and an event tells it. Invalid `unknown` for an offer that is
    not in reach.

    Twice, or late: answered as the first time, done once. What was taken by others in between is priced again. A
    process that dies half-way has written all of it or nothing.
    """
    by.require("coupons.verify")
    required_key(key)
    check_text("order", order, limits.ORDER)
    body, before = _bodies(request, order, payable)
    return once(
        lambda: redeemed_before(by, key, body, before),
        lambda: _verify(request, order, payable, body, by=by, now=now, key=key),
    )


def _bodies(request: QuoteRequest, order: str, payable: int | None) -> tuple[str, str]:
    """The hash of all that was asked, and the one that rows of before bear, which knew neither currency nor moment.

    The moment is the one that was said: who says none says none again when asking twice.
    """
    lines = [[line.id, line.sku, line.quantity, line.unit_price, line.goods] for line in request.lines]
    asked: list[Any] = ["verify", lines, request.shipping, request.buyer]
    rest: list[Any] = [request.scene, request.payment, order, payable]
    rest += [] if request.only_sum is None else [request.only_sum, sorted(request.seen)]
    chosen = BEST if request.chosen == BEST else list(request.chosen)
    said = {"chosen": chosen, "currency": request.currency, "moment": request.moment}
    return digest([*asked, said, *rest]), digest([*asked, list(request.chosen), *rest])


def _verify(
    request: QuoteRequest, order: str, payable: int | None, body: str, *, by: Viewer, now: datetime, key: str
) -> RedeemAnswer:
    for _ in range(ATTEMPTS):
        found = _priced(request, by, now)
        if payable is not None and found.payable != payable:
            raise _changed(found, payable, by, now)
        holding, held = holding_plan(found, by=by, now=now, key=key, body=body)
        posting = Posting(order, request.scene, by, now, key, body, late=False, price=found.data, seen=request.seen)
        try:
            return submitted(together(holding, in_time(held, posting), posting), by)
        except Refusal as refusal:
            if refusal.code not in OVERTAKEN:
                raise
            watch.forget()
    raise refusals.hold_moved()


def _priced(request: QuoteRequest, by: Viewer, now: datetime) -> Priced:
    """The price of now, with every chosen coupon in it."""
    asked = carts.asked(request, by=by, now=now)
    if not request.buyer and request.chosen and request.chosen != BEST:
        asked.cart["buyer"] = {"id": _whose(request.chosen[0], by, now)}
    loaded = book.current(now, asked.currency)
    found = priced(carts.known(asked, loaded, by=by), loaded, explain="verdicts")
    met = {verdict["offer"] for verdict in found.data["verdicts"]}
    for index, offer in enumerate(request.seen):
        if offer not in met:
            en, zh = f"{offer} has nothing to do with this purchase.", f"{offer} 与本次消费无关。"
            raise invalid(f"confirmed_by_eye[{index}]", "unknown", en, zh)
    for coupon in found.data["coupons"]:
        if not coupon["served"]:
            raise refusals.not_served(
                coupon["id"], [v for v in found.data["verdicts"] if v["offer"] == coupon["offer"]]
            )
    return found


def _whose(chosen: str, by: Viewer, now: datetime) -> str:
    """The shopper of a coupon that is shown without a name: a code typed in, so guessing is slow here as everywhere."""
    who = "person" if by.name.startswith("person:") else "key"
    try:
        found = guarded(
            [(who, by.name)], now, lambda: coupons.by_code(by, chosen) or coupons.by_code(by, normal(chosen))
        )
    except Refusal as refusal:
        if refusal.code == no_such_code().code:
            raise invalid("chosen[0]", "coupon_unknown", "This coupon cannot be used here.", "此券不可用。") from None
        refusal.field = "chosen[0]"
        raise
    return found.shopper.code


def _changed(found: Priced, shown: int, by: Viewer, now: datetime) -> Refusal:
    quote = quotes.answer(found, by=by, now=now).to_data()
    refusal = refusals.quote_changed(quote, [{"what": "payable", "was": shown, "is": found.payable}])
    refusal.field = "payable"
    return refusal
