"""What is left for this cart: budgets, units, uses, clipped to what it could use at most.

So a quote does not change while there is plenty, and knows before the hold what the hold will not get.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from festoon.checkout.book import Loaded
from festoon.engine.facts import Facts
from festoon.engine.offer import Offer
from festoon.engine.shares import named
from festoon.ledger import accounts
from festoon.ledger.queries import Standing, standing
from festoon.records.viewer import SYSTEM

DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class Left:
    """How the accounts stand that a cart's offers draw on; an account that does not exist limits nothing."""

    accounts: Mapping[str, Standing]

    def free(self, code: str) -> int | None:
        """What is free on the account; None for no limit."""
        found = self.accounts.get(code)
        return None if found is None or found.free is None else max(0, found.free)

    def taken(self, code: str) -> int:
        """What is held or spent on the account."""
        found = self.accounts.get(code)
        return 0 if found is None else found.held + found.spent


def left_for(loaded: Loaded, facts: Facts, shopper: str) -> tuple[Left, dict[str, dict[str, int]]]:
    """How the accounts stand, and from that the availability of each offer in reach that is not plentiful."""
    reach = [loaded.book.offers[rank] for rank in sorted(loaded.book.meet(facts))]
    merchants = {row.merchant for row in facts.rows} | {facts.merchant}
    codes = {code for offer in reach for code in _codes(loaded, offer, merchants, shopper)}
    left = Left(standing(SYSTEM, sorted(codes)))
    found = {offer.code: _available(loaded, offer, left, facts, merchants, shopper) for offer in reach}
    return left, {code: told for code, told in found.items() if told}


def budget_of(offer: Offer, payer: str) -> str:
    """The account that pays this payer's part of the offer's discounts."""
    return accounts.budget(offer.campaign, DISCOUNT, payer)


def payers(offer: Offer, merchants: Iterable[str]) -> dict[str, int]:
    """Every payer that may have to pay, with its weight; the merchant of the goods is each one of the cart."""
    found: dict[str, int] = {}
    for payer, weight in offer.payers:
        for merchant in sorted(merchants):
            name = named(payer, merchant)
            found[name] = max(found.get(name, 0), weight) if payer == "merchant" else weight
    return found


def _codes(loaded: Loaded, offer: Offer, merchants: Iterable[str], shopper: str) -> Iterable[str]:
    yield accounts.units(offer.code)
    if offer.campaign:
        yield from (budget_of(offer, payer) for payer in payers(offer, merchants))
    if shopper and offer.code in loaded.limits:
        yield accounts.uses(offer.code, shopper)


def _available(
    loaded: Loaded, offer: Offer, left: Left, facts: Facts, merchants: Iterable[str], shopper: str
) -> dict[str, int]:
    told: dict[str, int] = {}
    units = left.free(accounts.units(offer.code))
    if units is not None and units < sum(row.quantity for row in facts.rows):
        told["units"] = units
    most = loaded.limits.get(offer.code)
    if most is not None and (not shopper or left.taken(accounts.uses(offer.code, shopper)) >= most):
        told["buyer_uses"] = 0  # who is not named cannot be counted, and gets none
    whole = sum(row.gross for row in facts.rows) + facts.shipping
    for payer, weight in payers(offer, merchants).items() if offer.campaign else ():
        free = left.free(budget_of(offer, payer))
        if free is not None and weight and (covered := largest(free, weight)) < whole:
            told["budget"] = min(covered, told.get("budget", covered))
    return told


def largest(free: int, weight: int) -> int:
    """The largest discount of which `weight` basis points, up to one unit more by rounding, are covered by `free`."""
    return free if weight == 10_000 else max(0, free - 1) * 10_000 // weight


def clipped(cart: Mapping[str, Any], offer: str, budget: int) -> dict[str, Any]:
    """The cart with this offer's budget lowered."""
    availability = {code: dict(told) for code, told in (cart.get("availability") or {}).items()}
    availability.setdefault(offer, {})["budget"] = budget
    return {**cart, "availability": availability}
