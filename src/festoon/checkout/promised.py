"""What a token promised, and the price of the same cart today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from festoon.checkout import book, token
from festoon.checkout.book import Loaded
from festoon.checkout.facts import cart as carts
from festoon.checkout.facts import goods
from festoon.checkout.pricing import Priced, priced
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Promised:
    """A token that is ours: the cart, the book's version, what the price was, until when it may be held."""

    cart: Mapping[str, Any]
    book: str
    until: datetime
    summary: Mapping[str, Any]

    def same(self, found: Priced) -> bool:
        """Whether the price is what was promised: payable, every offer's amount, every share, every coupon."""
        return dict(self.summary) == found.summary()

    def differences(self, found: Priced) -> list[dict[str, Any]]:
        """What is no longer so, in figures."""
        was, now = self.summary, found.summary()
        told = [{"what": "payable", "was": was["payable"], "is": now["payable"]}]
        told += [
            {"what": "offer", "offer": code, "was": was["offers"].get(code), "is": now["offers"].get(code)}
            for code in sorted(was["offers"].keys() | now["offers"].keys())
        ]
        told += [{"what": "coupon", "coupon": c, "is": "gone"} for c in was["coupons"] if c not in now["coupons"]]
        told += [{"what": "coupon", "coupon": c, "is": "new"} for c in now["coupons"] if c not in was["coupons"]]
        return [each for each in told if "was" not in each or each["was"] != each["is"]]


def read(text: str, *, by: Viewer) -> Promised:
    """What the token says; one answer for a token that is not ours and one of another merchant."""
    content = token.open_token(text)
    if content.get("v") != 1 or content["merchant"] != by.merchant_id:
        raise token.forged()
    return Promised(content["facts"], content["book"], datetime.fromisoformat(content["until"]), content["priced"])


def today(promised: Promised, *, by: Viewer, now: datetime, fresh: bool) -> Priced:
    """The promised cart priced for today's buyer with what is left today.

    In time it is priced with its own goods, book and moment; `fresh`, or after its end, with the book of now, and after
    its end also with the goods, at the catalogue's prices, and the moment of now: a sum of goods that nobody entered stays
    what it is. A chosen coupon that is no longer free is left out.
    """
    cart, over = dict(promised.cart), now >= promised.until
    loaded = _book(promised, cart["currency"], now, fresh=fresh or over)
    if over:
        cart["moment"] = now.astimezone(UTC).isoformat()
        if not cart.get("only_sum"):
            cart["lines"] = goods.anew(cart["lines"], cart["currency"], by=by, now=now)
    return priced(carts.anew(cart, loaded, by=by, now=now), loaded)


def _book(promised: Promised, currency: str, now: datetime, *, fresh: bool) -> Loaded:
    """The book to price with; how often a shopper may use an offer, and what it may cost, is always what holds now."""
    current = book.current(now, currency)
    kept = None if fresh else book.kept(promised.book)
    return replace(kept, limits=current.limits, spends=current.spends) if kept else current
