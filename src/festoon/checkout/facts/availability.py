"""What is left for this cart: budgets, units, uses, clipped to what it could use at most.

So a quote does not change while there is plenty, and knows before the hold what the hold will not get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from festoon.checkout.book import Loaded
from festoon.checkout.facts.reading import Person
from festoon.checkout.facts.spending import Limit, limits, standing
from festoon.engine.facts import Facts
from festoon.engine.offer import Offer
from festoon.engine.shares import named
from festoon.ledger import accounts
from festoon.ledger.queries import Standing

WHOLE = 10_000
"""All of it, in basis points."""
DISCOUNT = "discount"
GIFTS = "gifts"
Paying = tuple[str, int]
"""An account that pays for discounts, and of which part, in basis points."""
Less = Mapping[str, Mapping[str, int]]
"""Of which offers, by code, how much may be given at most: `budget` in minor units, `units`."""
MOST_DRAWN = 100_000
"""Pairs of an offer and the merchants of a cart that stay worked out."""


class Left(msgspec.Struct, frozen=True):
    """How the accounts stand that a cart's offers draw on, as read together with who buys (None: nobody is named).

    An account that does not exist limits nothing.
    """

    accounts: Mapping[str, Standing]
    person: Person | None = None

    def free(self, code: str) -> int | None:
        """What is free on the account; None for no limit."""
        found = self.accounts.get(code)
        return None if found is None or found.free is None else max(0, found.free)

    def taken(self, code: str) -> int:
        """What is held or spent on the account."""
        found = self.accounts.get(code)
        return 0 if found is None else found.held + found.spent


class Draw(NamedTuple):
    """One offer, and what it draws on in carts of these merchants' goods: its units, and the budgets of each payer with
    that payer's weight. `codes` are all those accounts; `needs` is what the offer asks of the buyer.
    """

    offer: Offer
    units: str
    budgets: Sequence[Paying]
    gifts: Sequence[Paying]
    codes: Sequence[str]
    needs: frozenset[str]

    @classmethod
    def of(cls, loaded: Loaded, offer: Offer, merchants: Sequence[str]) -> Draw:
        """An offer of no campaign draws on no budget, one that gives nothing away on none for gifts."""
        paying = payers(offer, merchants).items() if offer.campaign else ()
        budgets = [(budget_of(offer, payer), weight) for payer, weight in paying]
        gifts = [(gift_budget_of(offer, payer), weight) for payer, weight in paying] if offer.benefit.worth() else []
        units = accounts.units(offer.code)
        codes = [units, *[code for code, _ in (*budgets, *gifts)]]
        if offer.code in loaded.counted:
            codes.append(accounts.buyers(offer.code))
        return cls(offer, units, budgets, gifts, codes, offer.needs)


class Reach(msgspec.Struct, frozen=True):
    """The offers whose scope meets a cart, what they draw on, and the most it could use: units, and minor units.

    `spends` are the limits of what single offers may cost, of those that have any.
    """

    draws: Sequence[Draw]
    units: int
    money: int
    spends: Mapping[str, Sequence[Limit]] = {}

    @classmethod
    def of(cls, loaded: Loaded, facts: Facts) -> Reach:
        """What the book has for these goods."""
        merchants = tuple(sorted({facts.merchant, *[row.merchant for row in facts.rows]}))
        known = loaded.drawn
        draws = [
            known.get((rank, merchants)) or _worked_out(loaded, rank, merchants)
            for rank in sorted(loaded.book.meet(facts))
        ]
        money = sum([row.gross for row in facts.rows]) + facts.shipping
        codes = [draw.offer.code for draw in draws if draw.offer.code in loaded.spends] if loaded.spends else ()
        spends = {code: limits(loaded, code, facts.at) for code in codes}
        return cls(draws, sum([row.quantity for row in facts.rows]), money, spends)

    @property
    def ranks(self) -> list[int]:
        """The offers, by their place in the book."""
        return [draw.offer.rank for draw in self.draws]

    def needs(self) -> set[str]:
        """What the offers in reach ask of the buyer."""
        return set().union(*[draw.needs for draw in self.draws])

    def accounts(self, loaded: Loaded, shopper: str) -> set[str]:
        """The accounts the offers draw on for this shopper; they need not exist."""
        found: set[str] = set().union(*[draw.codes for draw in self.draws])
        if shopper and loaded.limits:
            codes = [draw.offer.code for draw in self.draws]
            found.update([accounts.uses(code, shopper) for code in codes if code in loaded.limits])
        found.update([code for each in self.spends.values() for code, _ in each])
        return found

    def left(self, there: Mapping[str, Standing], person: Person | None) -> Left:
        """How the accounts stand that were read, for this cart."""
        return Left(standing(there, chain.from_iterable(self.spends.values())) if self.spends else there, person)

    def available(self, loaded: Loaded, left: Left, shopper: str) -> dict[str, dict[str, int]]:
        """The availability of each offer that is not plentiful."""
        told = {}
        there, short = left.accounts, self._short(left)
        for draw in self.draws:
            code, scarce = draw.offer.code, {}
            if draw.gifts or draw.units in there:
                units = self._pieces(draw, left)
                if units is not None and units < draw.offer.benefit.stock_used(self.units, self.money):
                    scarce["units"] = units
            most = loaded.limits.get(code)
            if most is not None and (not shopper or left.taken(accounts.uses(code, shopper)) >= most):
                scarce["buyer_uses"] = 0  # who is not named cannot be counted, and gets none
            if code in loaded.counted and left.free(accounts.buyers(code)) == 0:
                scarce["buyers"] = left.taken(accounts.buyers(code))
            if short and (covered := [short[each] for each in self._paying(draw) if each in short]):
                scarce["budget"] = min(covered)
            if scarce:
                told[code] = scarce
        return told

    def _short(self, left: Left) -> dict[Paying, int]:
        """What the accounts that pay for discounts cover, of those that might not cover all."""
        found = {}
        own = {(account, WHOLE) for each in self.spends.values() for account, _ in each}
        for account, weight in own.union(*[draw.budgets for draw in self.draws]):
            free = left.free(account)
            if free is not None and weight and (covered := largest(free, weight)) < self.money:
                found[account, weight] = covered
        return found

    def _paying(self, draw: Draw) -> Sequence[Paying]:
        """The budgets of who pays for an offer, and what it may cost itself."""
        return [*draw.budgets, *[(account, WHOLE) for account, _ in self.spends.get(draw.offer.code, ())]]

    def _pieces(self, draw: Draw, left: Left) -> int | None:
        """How many units or gifts it can still give: its stock, and what the gift budgets of its payers cover."""
        found = [left.free(draw.units)]
        for code, weight in draw.gifts:
            free = left.free(code)
            found.append(None if free is None or not weight else largest(free, weight) // draw.offer.benefit.worth())
        return min([each for each in found if each is not None], default=None)


def _worked_out(loaded: Loaded, rank: int, merchants: tuple[str, ...]) -> Draw:
    """What the offer of a rank draws on; it depends on the book and the merchants alone, and is worked out once."""
    if len(loaded.drawn) >= MOST_DRAWN:
        loaded.drawn.clear()
    found = loaded.drawn[rank, merchants] = Draw.of(loaded, loaded.book.offers[rank], merchants)
    return found


def budget_of(offer: Offer, payer: str) -> str:
    """The account that pays this payer's part of the offer's discounts."""
    return accounts.budget(offer.campaign, DISCOUNT, payer)


def gift_budget_of(offer: Offer, payer: str) -> str:
    """The account that pays this payer's part of what the offer's gifts are worth."""
    return accounts.budget(offer.campaign, GIFTS, payer)


def payers(offer: Offer, merchants: Sequence[str]) -> dict[str, int]:
    """Every payer that may have to pay, with its weight; the merchant of the goods is each one of the cart."""
    found: dict[str, int] = {}
    for payer, weight in offer.payers:
        if payer != "merchant":
            found[payer] = weight
            continue
        for merchant in merchants:
            name = named(payer, merchant)
            found[name] = max(found.get(name, 0), weight)
    return found


def largest(free: int, weight: int) -> int:
    """The largest discount of which `weight` basis points, up to one unit more by rounding, are covered by `free`."""
    return free if weight == WHOLE else max(0, free - 1) * WHOLE // weight


def clipped(cart: Mapping[str, Any], less: Less) -> dict[str, Any]:
    """The cart with less of these offers."""
    availability = {code: dict(told) for code, told in (cart.get("availability") or {}).items()}
    for offer, told in less.items():
        availability.setdefault(offer, {}).update(told)
    return {**cart, "availability": availability}
