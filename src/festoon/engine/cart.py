"""One cart met by one book: who may take part, where, and the figures everyone looks at."""

from __future__ import annotations

from copy import copy
from typing import Final

from festoon.engine.amounts import NOBODY_SERVES, Amounts
from festoon.engine.book import Book
from festoon.engine.facts import Facts, Held
from festoon.engine.gates import refusal
from festoon.engine.offer import Offer
from festoon.engine.stages import PRICE
from festoon.engine.verdicts import No

NO_KEPT: Final[list[int]] = []


class Cart:
    """Candidates are numbered k = 0, 1, … in the order of their turns; everything `[k]` stands beside them.

    `gross`, `low` (the shopper's floor) and `net` (the merchant's floor) stand beside the rows, with shipping in the
    last place; `floored` says that there may be floors, `plain` that neither they nor budgets bind anybody. `refused`
    are the offers that meet the cart and never come to their turn. `unchosen` are those whose coupon lies in the wallet:
    `rows` and `coupons` go on with them after the candidates.
    `lined` are the candidates that exclusions by line tie, as bits, once somebody looked; `reaches` the rows of some.
    `held` is the coupon of each offer that would serve;
    `budgets` and `limits` are the money and the units left, by k, of those whose are known.
    """

    __slots__ = (
        "book", "budgets", "chosen", "coupon_bits", "coupons", "facts", "floored", "gross", "held", "limits", "lined", "low", "net",
        "offers", "plain", "price_bits", "reaches", "refused", "rows", "shipping_at", "shipping_row", "start", "unchosen",
    )  # fmt: skip

    def __init__(self, book: Book, facts: Facts) -> None:
        if book.lines:
            facts = facts.parted(book.lines)
        self.book, self.facts = book, facts
        rows = facts.rows
        self.shipping_at = len(rows)
        self.shipping_row = [len(rows)]
        self.gross = facts.gross
        self._floor()
        self.offers: list[Offer] = []
        self.rows: list[list[int]] = []
        self.coupons: list[Held | None] = []
        self.chosen: list[int] = []
        self.refused: list[tuple[Offer, No]] = []
        self.unchosen: list[Offer] = []
        self.budgets: dict[int, int] = {}
        self.limits: dict[int, int] = {}
        self.price_bits, self.coupon_bits, self.lined = 0, 0, 0
        self.reaches: dict[int, int] = {}
        self.held = held_coupons(facts) if facts.wallet else {}
        self._admit()
        if book.floored:
            self._raise_floors()
        self.plain = not (self.floored or self.budgets)

    def _floor(self) -> None:
        """What no row may fall below, and the amounts before the first turn."""
        kept = NO_KEPT
        if self.facts.floored:
            self.low = [*[min(row.tag_floor * row.quantity, row.gross) for row in self.facts.rows], 0]
            self.net = [*[min(row.net_floor * row.quantity, row.gross) for row in self.facts.rows], 0]
            kept = self.gross if any(self.net) else NO_KEPT
        else:
            self.low = self.net = [0] * len(self.gross)
        self.floored = self.facts.floored
        self.start = Amounts(self.gross, kept, NOBODY_SERVES)

    def _raise_floors(self) -> None:
        """Where a candidate states floors of its goods they bind every offer; beside those of the goods the higher counts."""
        facts = copy(self.facts)
        facts.rows = [copy(row) for row in facts.rows]
        facts.floored = True
        for offer, goods in zip(self.offers, self.rows, strict=False):
            if offer.floors is not None:
                for r in goods:
                    row = facts.rows[r]
                    row.tag_floor = max(row.tag_floor, offer.floors[0])
                    row.net_floor = max(row.net_floor, offer.floors[1])
        self.facts = facts
        self._floor()

    def reach(self, k: int, goods: list[int]) -> int:
        """Those rows of candidate k as bits."""
        if len(goods) == self.shipping_at:
            return (1 << self.shipping_at) - 1
        if len(goods) != len(self.rows[k]):
            return sum([1 << r for r in goods])
        if k not in self.reaches:
            self.reaches[k] = sum([1 << r for r in goods])
        return self.reaches[k]

    def merchant(self, r: int) -> str:
        """Whose goods a row holds; shipping is the shop's."""
        return self.facts.rows[r].merchant if r < self.shipping_at else self.facts.merchant

    @property
    def by_priority(self) -> bool:
        """Whether an exclusion goes to the higher priority."""
        return self.book.conflict == "priority" or self.book.objective == "priority"

    @property
    def asides(self) -> int:
        """Those that may step aside, as bits."""
        if not (self.facts.best or self.book.stepping):
            return 0
        return sum([1 << k for k in range(len(self.offers)) if self.steps_aside(k)])

    def steps_aside(self, k: int) -> bool:
        """Whether candidate k may be left out where that saves more.

        A promotion that says so, where a best is sought; any coupon where the best of the wallet is sought.
        """
        offer = self.offers[k]
        if offer.coupon:
            return self.facts.best
        return offer.steps_aside and self.book.objective == "best"

    def _admit(self) -> None:
        """Ask every offer that meets the cart whether it may take part."""
        facts, offers, at = self.facts, self.book.offers, self.facts.at
        found = self.book.meet(facts)
        wallet, known = self.held, bool(facts.availability) or facts.only_sum
        mine, rows = self.offers, self.rows
        later: list[tuple[Offer, list[int], Held]] = []
        for rank in _turns(found, offers, wallet) if wallet and self.book.paying else sorted(found):
            offer, goods = offers[rank], found[rank]
            if not (offer.asked or known) and offer.opens <= at < offer.closes:
                mine.append(offer)
                rows.append(goods)
                continue
            held = wallet.get(offer.code) if offer.coupon else None
            no = refusal(self, offer, goods, held)
            if no is not None:
                self.refused.append((offer, no))
            elif held is not None and not facts.best and held.id not in facts.chosen:
                later.append((offer, goods, held))
            else:
                k = len(mine)
                mine.append(offer)
                self._take(k, offer, goods, held)
                if held is not None:
                    self.coupon_bits |= 1 << k
                    self.chosen.append(k)
                if offer.stage == PRICE:
                    self.price_bits |= 1 << k
        for offer, goods, held in later:
            self._take(len(rows), offer, goods, held)
            self.unchosen.append(offer)
        self._pad()

    def _pad(self) -> None:
        """No coupon beside those that need none."""
        self.coupons += [None] * (len(self.rows) - len(self.coupons))

    def _take(self, k: int, offer: Offer, goods: list[int], held: Held | None) -> None:
        """What stands beside one more."""
        self.rows.append(goods)
        if held is not None:
            self._pad()
            self.coupons[k] = held
        available = self.facts.availability.get(offer.code) if self.facts.availability else None
        if available is not None:
            if available.budget is not None:
                self.budgets[k] = available.budget
            if available.units is not None:
                self.limits[k] = available.units


def _turns(found: dict[int, list[int]], offers: list[Offer], wallet: dict[str, Held]) -> list[int]:
    """The ranks in the order of turns. In every stage balances come last, the soonest to expire first."""
    order = sorted(found)
    if any([offers[rank].balance for rank in order]):
        order.sort(key=lambda rank: (offers[rank].stage, *_expiry(offers[rank], wallet), rank))
    return order


def _expiry(offer: Offer, wallet: dict[str, Held]) -> tuple[bool, bool, int]:
    held = wallet.get(offer.code)
    if held is None or not offer.balance:
        return False, False, 0
    return True, held.expires is None, held.expires or 0


def held_coupons(facts: Facts) -> dict[str, Held]:
    """The coupon of each offer that would serve: a chosen one before others, then the soonest to expire, then by id.

    One that has expired comes last: it hides no other.
    """
    best: dict[str, Held] = {}
    for held in facts.wallet:
        best[held.offer] = held
    if len(best) == len(facts.wallet):
        return best  # one of each
    best = {}
    for held in sorted(facts.wallet, key=lambda h: _use(h, facts)):
        best.setdefault(held.offer, held)
    return best


def _use(held: Held, facts: Facts) -> tuple[bool, bool, bool, int, str]:
    """Its place among the coupons of an offer."""
    expired = held.expires is not None and held.expires <= facts.at
    return expired, held.id not in facts.chosen, held.expires is None, held.expires or 0, held.id
