"""Redeem: a hold posted, once over all channels."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from festoon.checkout import book, holds, limits, queries, refusals
from festoon.checkout import held as helds
from festoon.checkout.answers import RedeemAnswer
from festoon.checkout.evidence import book_of, facts_of
from festoon.checkout.facts import cart as carts
from festoon.checkout.facts.availability import DISCOUNT
from festoon.checkout.held import Held
from festoon.checkout.models import Hold, Redemption
from festoon.checkout.once import once
from festoon.checkout.redeeming import Posting, in_time, overdrawn, taken_again
from festoon.checkout.request import check_text
from festoon.checkout.ways import WAY, still_out
from festoon.coupons import queries as coupons
from festoon.engine.book import Book
from festoon.engine.price import price
from festoon.ledger import accounts
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Again, Plan
from festoon.ledger.store.reading import required_key
from festoon.records.canonical import digest
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.book import read_book

ATTEMPTS = 5


def redeem(hold: str, *, order: str = "", scene: str = "", by: Viewer, now: datetime, key: str) -> RedeemAnswer:
    """Use what the hold holds, for the shop's `order`. Channel and store are the viewer's.

    After the hold's end the same amounts are taken again: money budgets are honoured from an overdraft, unless an offer
    that draws on them refuses that; coupons and units that are gone, and what no distribution gives out any more, raise
    Conflict `expired`. Also raises `already_redeemed`, `hold_closed`, `not_here`, `not_judged`, NotFound.

    *Twice*: the same redemption, also at the same moment and over two channels; with another key `already_redeemed`.
    *Late*: as above, marked `late`. *Out of order*, against a cancellation or the sweep: the hold's state is asked in the
    write, and who comes second is told. *Half-way*: hold, coupons, amounts, order count and events are one commit; who
    got no answer asks again with the same key.
    """
    by.require("redemptions.write")
    required_key(key)
    check_text("order", order, limits.ORDER)
    check_text("scene", scene, limits.SCENE)
    body = digest(["redeem", hold, order, scene])
    return once(
        lambda: redeemed_before(by, key, body),
        lambda: _redeem(hold, order, scene, body, by=by, now=now, key=key),
    )


def redeemed_before(by: Viewer, key: str, *bodies: str) -> RedeemAnswer | None:
    """The answer this key got before; raises KeyReused for another body than those this call may have been written by."""
    row = queries.redemption_of(by, key)
    if row is None:
        return None
    if row.body not in bodies:
        raise KeyReused
    return answer_of(row)


def answer_of(row: Redemption) -> RedeemAnswer:
    """What was answered when it was redeemed."""
    currency = helds.read(row.hold).currency
    return RedeemAnswer(row.id, row.hold_id, row.order, row.paid, currency, row.late, row.at)


def submitted(plan: Plan, by: Viewer) -> RedeemAnswer:
    """Hand the plan in; what was answered before, where its key was used before."""
    answer = writer.submit(plan).result()
    return answer_of(queries.redemption(by, answer.row)) if isinstance(answer, Again) else answer


def _redeem(hold: str, order: str, scene: str, body: str, *, by: Viewer, now: datetime, key: str) -> RedeemAnswer:
    short: set[str] = set()
    for _ in range(ATTEMPTS):
        row = queries.hold(by, hold)
        _check_state(row)
        _check_place(row, by, scene, now)
        posting = Posting(order, scene, by, now, key, body, late=now >= row.expires_at, price=holds.price_of(row))
        made = _plan(row, posting, short)
        try:
            return submitted(made, by)
        except Refusal as refusal:
            gone = str(refusal.detail.get("gone", ""))
            if gone.startswith(accounts.MONEY):
                short.add(gone)  # taken since we looked: honoured as if we had seen it
            elif gone == WAY:
                continue  # recalled since we looked: another may give it out still
            elif refusal.code != "hold_moved":
                raise
    raise refusals.hold_moved()


def _plan(row: Hold, posting: Posting, short: Set[str]) -> Plan:
    held = helds.read(row)
    if row.state == "held":
        return in_time(held, posting)
    return _late(held, posting, short)


def _late(held: Held, posting: Posting, known: Set[str]) -> Plan:
    """Take the same again, as far as a distribution gives it out still; a money budget `known` to be short, or seen to be, is
    honoured from its overdraft: where none of the offers that draw on it refuses that.
    """
    ways = still_out(held)
    short = sorted({*known, *overdrawn(held)})
    for account in short:
        if not drawing(held, posting.price, account).isdisjoint(held.strict):
            raise refusals.expired(account)
        accounts.open_account(
            f"overdraft:{account}", merchant_id=held.merchant_id, kind="overdraft", unit=held.currency, limited=False
        )
    return taken_again(held.honoured(short), posting, short, ways)


def drawing(held: Held, price: Mapping[str, Any], account: str) -> set[str]:
    """The applied offers that draw on an account of money."""
    campaigns = dict(held.offers)
    found = {gift.offer for gift in held.gifts if account in gift.draws}
    for each in price["offers"]:
        offer = each["offer"]
        payers = {
            accounts.budget(campaigns[offer], DISCOUNT, payer) for payer, amount in each["payers"].items() if amount
        }
        if account in payers or accounts.is_spending(account, offer):
            found.add(offer)
    return found


def _check_state(row: Hold) -> None:
    if row.state == "redeemed":
        raise refusals.redeemed(row.redemption.id)
    if row.state == "cancelled":
        raise refusals.hold_closed(row.state)


def _check_place(row: Hold, by: Viewer, scene: str, now: datetime) -> None:
    """Judge again, where it is redeemed elsewhere than it was quoted, whether its coupons may be used there."""
    held = helds.read(row)
    place = {"channel": by.channel or held.channel, "store": by.store or held.store, "scene": scene or held.scene}
    if place == {"channel": held.channel, "store": held.store, "scene": held.scene} or not held.coupons:
        return
    facts = facts_of(row, "hold")
    then = _book_then(row, held, now)
    told = {**facts, **place, "chosen": [coupon for coupon, _ in held.coupons]}
    cart = {name: value for name, value in told.items() if value != ""}
    served = {each["coupon"] for each in price(then, carts.read(cart), explain="none").to_data()["offers"]}  # type: ignore[attr-defined]
    # not by whoever redeems: a shop that sends its goods' attributes sees no coupon by its goods, and the hold is behind its wall
    used = coupons.by_ids(SYSTEM, [coupon for coupon, _ in held.coupons])
    for coupon, _ in held.coupons:
        if coupon not in served and used[coupon].template.offer.code in then.ranks:
            raise refusals.not_here(coupon)


def _book_then(row: Hold, held: Held, now: datetime) -> Book:
    """What a hold was made by: what is out by now says nothing about where it was given. One from before holds kept the
    distributions of their day can be judged only by those of now.
    """
    if (kept := book.kept(row.book)) is not None:
        return kept.book
    return read_book(book_of(held)) if "ways" in row.plan else book.current(now, held.currency).book
