"""Price tags: what one unit of each of the goods costs this shopper now, and until when that is so.

A tag is the quote of a cart with one unit in it, by the same engine: what stands on the tag is what is asked for.
"""

from __future__ import annotations

from copy import copy

from festoon.base.money import price_text
from festoon.base.words import Words, joined
from festoon.engine.book import Book, Relation
from festoon.engine.facts import Availability, Facts, Held, Row
from festoon.engine.offer import Offer
from festoon.engine.price import price
from festoon.engine.quote import Quote
from festoon.engine.stages import PRICE

MOST_EDGES = 24
"""Moments at which a tag may change that are looked at; if none changes it, the last of them is told."""
MOST_NAMED = 3
"""Offers a label names."""


class Tag:
    """One unit of the goods of `sku`. Amounts in minor units of the cart's currency, moments in microseconds.

    `listed` is before every discount, `now` with the promotions that apply by themselves, `best` with the best coupons
    of the wallet as well: the ids in `coupons`. Balances pay for no tag. `label` says why, or what the next unit away
    is worth: a promotion that wants more. `changes` is when the tag is another one, None for never: the clock alone
    changes nothing before it.
    """

    __slots__ = ("best", "changes", "coupons", "label", "listed", "now", "sku")

    def __init__(self, sku: str, listed: int, now: int, best: int, coupons: list[str], label: Words) -> None:
        self.sku, self.listed, self.now, self.best = sku, listed, now, best
        self.coupons, self.label = coupons, label
        self.changes: int | None = None

    def same(self, other: Tag) -> bool:
        """Whether both say the same."""
        return (self.now, self.best, self.coupons) == (other.now, other.best, other.coupons) and (
            self.label == other.label
        )


def alone(facts: Facts, row: Row, availability: dict[str, Availability]) -> Facts:
    """The facts of a cart that holds one unit of the goods of `row` and nothing else."""
    one = copy(facts)
    unit = (row.lines[0][0], 1)
    one.shipping, one.chosen, one.best, one.availability = 0, (), False, availability
    one.hold([Row((unit,), row.unit_price, row.single, row.many, row.tag_floor, row.net_floor)])
    return one


def tag(book: Book, facts: Facts) -> Tag:
    """The tag of the one unit in the cart `facts`, which is `alone`. Raises CurrencyError."""
    reach = [book.offers[rank] for rank in sorted(book.meet(facts))]
    wallet = _of_use(facts, reach)
    found, telling = _at(book, facts, reach, wallet)
    at = facts.at
    for _ in range(MOST_EDGES):
        edge = _edge(book, at, reach, wallet, telling)
        if edge is None:
            return found
        at, codes = edge
        if codes & telling or _another(book, facts, at, reach, wallet, found):
            break  # what makes the tag ends, or the tag is another one
    found.changes = at
    return found


def _another(book: Book, facts: Facts, edge: int, reach: list[Offer], wallet: tuple[Held, ...], found: Tag) -> bool:
    """Whether the tag is another one at the moment `edge`."""
    later = copy(facts)
    later.at, later.wallet = edge, ()
    if price(book, later, explain="none").payable != found.now:
        return True
    return not found.same(_at(book, later, reach, wallet)[0])


def _of_use(facts: Facts, reach: list[Offer]) -> tuple[Held, ...]:
    """The coupons of the wallet that are about these goods; a balance is money, and no price."""
    if not facts.wallet:
        return ()
    codes = {offer.code for offer in reach if offer.coupon and not offer.benefit.balance}
    return tuple([held for held in facts.wallet if held.offer in codes])


def _at(book: Book, facts: Facts, reach: list[Offer], wallet: tuple[Held, ...]) -> tuple[Tag, set[str]]:
    """The tag at the moment of the facts, without when it changes; and the codes of the offers that make it."""
    plain, row, currency = copy(facts), facts.rows[0], facts.currency
    plain.wallet = ()
    best = _best(book, facts, reach, wallet) if wallet else None
    last = _last(book, reach, wallet) if wallet else None
    if best is not None and last is not None:
        taken = [(offer, amount) for offer, amount in best.applied() if amount]
        now = best.payable + sum([amount for offer, amount in taken if offer is last])
        telling = [offer for offer, _ in taken if offer is not last]
    else:
        quote = price(book, plain, explain="none")
        now, telling = quote.payable, [offer for offer, amount in quote.applied() if amount]
    telling = telling or _waiting(book, plain)
    names, codes = [_said(offer, currency) for offer in telling], {offer.code for offer in telling}
    if best is not None:
        codes |= {offer.code for offer, _ in best.applied()}
    if best is None or best.payable >= now:
        return Tag(row.single[0], row.gross, now, now, [], joined(names[:MOST_NAMED], "; ", "；")), codes
    amount = price_text(best.payable, currency)
    names = [*names[: MOST_NAMED - 1], Words(f"{amount} with your coupon", f"券后 {amount}")]
    return Tag(row.single[0], row.gross, now, best.payable, best.coupons(), joined(names, "; ", "；")), codes


def _best(book: Book, facts: Facts, reach: list[Offer], wallet: tuple[Held, ...]) -> Quote:
    """The price with the best of the wallet. One coupon, and nothing to choose, needs no search: it serves or not.

    A gift may be worth more than the coupon that keeps it away.
    """
    freed = copy(facts)
    freed.wallet = wallet
    if len(wallet) == 1 and _settled(book, reach) and not any([offer.gives for offer in reach]):
        freed.chosen = (wallet[0].id,)
    else:
        freed.best = True
    return price(book, freed, explain="none")


def _last(book: Book, reach: list[Offer], wallet: tuple[Held, ...]) -> Offer | None:
    """The one coupon, where it has its turn after every promotion: the price with it is the price now less its part."""
    mine = book.offers[book.ranks[wallet[0].offer]]
    if len(wallet) > 1 or mine.stage == PRICE or mine.floors is not None or not _settled(book, reach):
        return None
    return mine if all([offer.coupon or offer.rank < mine.rank for offer in reach]) else None


def _settled(book: Book, reach: list[Offer]) -> bool:
    """Whether nothing in reach excludes or steps aside: everything that can serve serves."""
    ranks = {offer.rank for offer in reach}
    return not any([o.exclusive or o.steps_aside or _tied(book, o.rank, ranks) for o in reach])


def _tied(book: Book, rank: int, ranks: set[int]) -> list[Relation]:
    """The exclusions between an offer and others that are in reach."""
    return [r for r in book.partners.get(rank, ()) if r.a in ranks and r.b in ranks]


def _waiting(book: Book, facts: Facts) -> list[Offer]:
    """The first promotion in reach that wants more than one unit."""
    wanting = [verdict.offer for verdict in price(book, facts).verdicts if verdict.code == "not_met"]
    return [book.offers[book.ranks[code]] for code in wanting[:1]]


def _said(offer: Offer, currency: str) -> Words:
    """What people call the offer; what it gives, where nobody named it."""
    return offer.benefit.words(currency) if offer.name.en == offer.code else offer.name


def _edge(
    book: Book, at: int, reach: list[Offer], wallet: tuple[Held, ...], telling: set[str]
) -> tuple[int, set[str]] | None:
    """The first moment after `at` at which the tag may change, with the offers that end there; None for never.

    An offer that does nothing for the tag, keeps nobody out and states no floor ends unnoticed.
    """
    mine = {held.offer for held in wallet}
    offers = [offer for offer in reach if not offer.coupon or offer.code in mine]
    ranks = {offer.rank for offer in offers}
    anybody = any([offer.exclusive or offer.steps_aside for offer in offers])  # may be what keeps one of these out
    found: dict[int, set[str]] = {}
    for offer in offers:
        tied = _tied(book, offer.rank, ranks)
        for window in [relation.window for relation in tied] + [terms.window for terms in offer.terms]:
            _note(found, (window.start, window.end), at)
        _note(found, (offer.window.start, *[condition.turns(at) for condition in (*offer.gates, *offer.tests)]), at)
        if tied or anybody or offer.floors is not None or offer.code in telling:
            _note(found, (offer.window.end,), at, offer.code)
    for held in wallet:
        if held.offer in telling:
            _note(found, (held.expires,), at, held.offer)
    return min(found.items(), default=None, key=lambda each: each[0])


def _note(found: dict[int, set[str]], edges: tuple[int | None, ...], at: int, code: str = "") -> None:
    """The edges that are still to come; with the code of the offer that is over there."""
    for edge in edges:
        if edge is not None and edge > at:
            found.setdefault(edge, set()).add(code)
