"""A cart priced with what is left of budgets, units and uses; where offers share one budget, within it together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from festoon.base.windows import instant
from festoon.checkout import gifts
from festoon.checkout.book import Loaded
from festoon.checkout.facts.availability import WHOLE, Left, Less, budget_of, largest
from festoon.checkout.facts.cart import Known
from festoon.checkout.facts.spending import Limit, limits
from festoon.engine.price import price

ROUNDS = 12
_plainly = msgspec.json.encode
"""What the engine's own writer says of texts, whole numbers and flags, to the byte, and in an eighth of the time."""


class Priced(msgspec.Struct, frozen=True):
    """The cart with its availability (`said`: as JSON in its one form), the engine's answer to it, how the accounts stood."""

    cart: Mapping[str, Any]
    said: bytes
    data: Mapping[str, Any]
    left: Left
    loaded: Loaded

    @property
    def payable(self) -> int:
        """What is to be paid, in minor units."""
        return int(self.data["totals"]["payable"])

    def summary(self) -> dict[str, Any]:
        """What a hold compares: payable, what each offer took, which coupons served, every share."""
        return summary_of(self.data)


def summary_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a price as it is stored."""
    return {
        "payable": int(data["totals"]["payable"]),
        "offers": {each["offer"]: each["amount"] for each in data["offers"]},
        "coupons": [each["coupon"] for each in data["offers"] if each["coupon"]],
        "shares": _hash([data["lines"], data["shipping"], data["gifts"]]),
    }


def priced(known: Known, loaded: Loaded, *, explain: str = "none", words: bool = False, better: bool = False) -> Priced:
    """Price the cart (buyer and wallet known) with what is left now."""
    found = _once(known, loaded, explain, words, better)
    for _ in range(ROUNDS + len(known.left.accounts)):
        less = _less(found)
        if not less:
            break
        known = known.clipped(less)
        found = _once(known, loaded, explain, words, better)
    return found


def _once(known: Known, loaded: Loaded, explain: str, words: bool, better: bool) -> Priced:
    said = _plainly(known.cart, order="sorted")
    quote = price(loaded.book, known.facts, explain=explain, better=better)
    return Priced(known.cart, said, quote.to_data(words=words, id=_id(loaded, said)), known.left, loaded)


def _id(loaded: Loaded, said: bytes) -> str:
    """The engine's `Quote.id`: the hash of the book's version and the facts."""
    return hashlib.sha256(b'["%b",%b]' % (loaded.book.version.encode(), said)).hexdigest()[:32]


def budgets(found: Priced) -> dict[str, int]:
    """What the applied offers take from each account of money together; accounts that do not exist are left out."""
    sums: dict[str, int] = {}
    for each in found.data["offers"]:
        for code, amount in _drawn(found, each):
            if code in found.left.accounts and amount:
                sums[code] = sums.get(code, 0) + amount
    return sums


def _drawn(found: Priced, each: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What one applied offer takes from which accounts: its payers' budgets, and what it may cost itself."""
    offer = found.loaded.book.offers[found.loaded.book.ranks[each["offer"]]]
    for payer, amount in each["payers"].items() if offer.campaign else ():
        yield budget_of(offer, payer), amount
    for code, _ in own_limits(found, offer.code):
        yield code, each["amount"]


def own_limits(found: Priced, offer: str) -> Sequence[Limit]:
    """The accounts of what the offer itself may cost, with what each is given in all."""
    return limits(found.loaded, offer, instant(found.cart["moment"], "UTC")) if offer in found.loaded.spends else ()


def _less(found: Priced) -> Less:
    """What the last offers that draw on a budget may take instead, where all together overdraw it."""
    presents = gifts.given(found)
    for code, amount in sorted({**budgets(found), **gifts.drawn(presents)}.items()):
        free = found.left.free(code)
        if free is not None and amount > free:
            return _less_money(found, code, amount - free) or gifts.fewer(presents, code, amount - free)
    return {}


def _less_money(found: Priced, code: str, over: int) -> Less:
    less: dict[str, Mapping[str, int]] = {}
    for each in reversed(found.data["offers"]):
        mine = sum(amount for account, amount in _drawn(found, each) if account == code)
        if mine and over > 0:
            weight = max(1, -(-mine * WHOLE // each["amount"]))
            less[each["offer"]] = {"budget": min(each["amount"] - 1, largest(max(0, mine - over), weight))}
            over -= mine
    return less


def _hash(shares: Any) -> str:
    """The SHA-256 of the shares; whole numbers and codes only, so the fast writer says them as `canonical` does."""
    return hashlib.sha256(_plainly(shares, order="sorted")).hexdigest()
