"""The units of an order that are kept, judged again by the offers that were applied: what a refund goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from festoon.engine.book import Book
from festoon.engine.price import price
from festoon.engine.refund import Price, RefundPolicy, Unit
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from festoon.rulebook.refunds.keep import Keep
from festoon.rulebook.release import refund_policy


def applied(data: Mapping[str, Any], sold: Price) -> Book:
    """The book of the offers that were applied, out of the offers file they were priced with.

    Where and to whom they may be given is left out: it was judged when they were sold.
    """
    codes = {each["offer"] for each in sold["offers"]}
    kept = {name: value for name, value in data.items() if name != "distributions"}
    return read_book(
        {
            **kept,
            "offers": [each for each in data["offers"] if each["code"] in codes],
            "exclusions": [each for each in data.get("exclusions") or () if codes >= set(each["between"])],
        }
    )


def policies(data: Mapping[str, Any], sold: Price) -> dict[str, RefundPolicy]:
    """The refund policy of each offer that was applied; *keep* for one that says nothing."""
    told = {each["code"]: refund_policy(each) for each in data["offers"]}
    return {each["offer"]: told.get(each["offer"]) or Keep() for each in sold["offers"]}


def judged(book: Book, cart: Mapping[str, Any], sold: Price, kept: Collection[Unit]) -> Price:
    """The price of the kept units of a cart that was sold at `sold`: same moment and buyer, and only `book`'s offers.

    The coupons that served are chosen again, and a balance has what it paid: what was left on it may be gone.
    """
    counts = Counter(line for line, _ in kept)
    served = {each["coupon"] for each in sold["offers"] if each["coupon"] is not None}
    drawn = {each["id"]: each["drawn"] for each in sold["coupons"] if "drawn" in each}
    again = {
        **cart,
        "lines": [{**line, "quantity": counts[line["id"]]} for line in cart["lines"] if counts[line["id"]]],
        "wallet": [_purse(each, drawn) for each in cart.get("wallet") or () if each["id"] in served],
        "chosen": [each["id"] for each in sold["coupons"] if each["id"] in served],
    }
    return price(book, read_facts(again), explain="none").to_data()


def _purse(held: Mapping[str, Any], drawn: Mapping[str, int]) -> Mapping[str, Any]:
    return {**held, "balance": drawn[held["id"]]} if held["id"] in drawn else held
