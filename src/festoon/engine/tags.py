"""Price tags: what one unit of each of the goods costs this shopper now, and until when that is so.

A tag is the quote of a cart with one unit in it, by the same engine: what stands on the tag is what is asked for.
"""

from __future__ import annotations

from copy import copy

from festoon.base.money import amount_text
from festoon.base.windows import moment_text
from festoon.base.words import Words, joined
from festoon.engine.book import Book
from festoon.engine.facts import Availability, Facts, Held, Row
from festoon.engine.offer import Offer
from festoon.engine.price import price

MOST_EDGES = 24
"""Moments at which a tag may change that are looked at; if none changes it, the next one is told without a look."""
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
    one.rows = [Row((unit,), row.unit_price, row.single, row.many, row.tag_floor, row.net_floor)]
    one.shipping, one.chosen, one.best, one.availability = 0, (), False, availability
    return one


def tag(book: Book, facts: Facts) -> Tag:
    """The tag of the one unit in the cart `facts`, which is `alone`. Raises CurrencyError."""
    reach = [book.offers[rank] for rank in sorted(book.meet(facts))]
    wallet = _of_use(facts, reach)
    found, telling = _at(book, facts, wallet)
    edges = _edges(book, facts, reach, wallet, telling)
    for edge, codes in edges[:MOST_EDGES]:
        later = copy(facts)
        later.at, later.moment = edge, moment_text(edge)
        if codes & telling or not found.same(_at(book, later, wallet)[0]):
            found.changes = edge  # what makes the tag ends, or the tag is another one
            return found
    found.changes = edges[MOST_EDGES][0] if len(edges) > MOST_EDGES else None
    return found


def _of_use(facts: Facts, reach: list[Offer]) -> tuple[Held, ...]:
    """The coupons of the wallet that are about these goods; a balance is money, and no price."""
    if not facts.wallet:
        return ()
    codes = {offer.code for offer in reach if offer.coupon and not offer.benefit.balance}
    return tuple([held for held in facts.wallet if held.offer in codes])


def _at(book: Book, facts: Facts, wallet: tuple[Held, ...]) -> tuple[Tag, set[str]]:
    """The tag at the moment of the facts, without when it changes; and the codes of the offers that make it."""
    plain, row, currency = copy(facts), facts.rows[0], facts.currency
    plain.wallet = ()
    quote = price(book, plain, explain="none")
    telling = [offer for offer, taken in quote.applied() if taken]
    if not telling:
        telling = _waiting(book, plain)
    names = [_said(offer, currency) for offer in telling]
    best, coupons, codes = quote.payable, list[str](), {offer.code for offer in telling}
    if wallet:
        plain.wallet, plain.best = wallet, True
        freed = price(book, plain, explain="none")
        if freed.payable < best:
            best, coupons = freed.payable, freed.coupons()
            codes |= {offer.code for offer, _ in freed.applied()}
            amount = amount_text(best, currency)
            names = [*names[: MOST_NAMED - 1], Words(f"{amount} with your coupon", f"券后 {amount}")]
    label = joined(names[:MOST_NAMED], "; ", "；")
    return Tag(row.single[0], quote.list_total, quote.payable, best, coupons, label), codes


def _waiting(book: Book, facts: Facts) -> list[Offer]:
    """The first promotion in reach that wants more than one unit."""
    wanting = [verdict.offer for verdict in price(book, facts).verdicts if verdict.code == "not_met"]
    return [book.offers[book.ranks[code]] for code in wanting[:1]]


def _said(offer: Offer, currency: str) -> Words:
    """What people call the offer; what it gives, where nobody named it."""
    return offer.benefit.words(currency) if offer.name.en == offer.code else offer.name


def _edges(
    book: Book, facts: Facts, reach: list[Offer], wallet: tuple[Held, ...], telling: set[str]
) -> list[tuple[int, set[str]]]:
    """The moments after now at which the tag may change, the nearest first, each with the offers that end there.

    An offer that does nothing for the tag and excludes nothing ends unnoticed.
    """
    at, mine = facts.at, {held.offer for held in wallet}
    ranks = {offer.rank for offer in reach if not offer.coupon or offer.code in mine}
    found: dict[int, set[str]] = {}
    for rank in ranks:
        offer = book.offers[rank]
        relations = [r for r in book.partners.get(rank, ()) if r.a in ranks and r.b in ranks]
        watched = offer.code in telling or offer.exclusive or bool(relations)
        windows = [offer.window, *[terms.window for terms in offer.terms], *[r.window for r in relations]]
        _note(found, [window.start for window in windows], at, "")
        if watched:
            _note(found, [window.end for window in windows[1:]], at, "")
            _note(found, [offer.window.end], at, offer.code)
        _note(found, [condition.turns(at) for condition in (*offer.gates, *offer.tests)], at, "")
    _note(found, [held.expires for held in wallet if held.offer in telling], at, "")
    return sorted(found.items())


def _note(found: dict[int, set[str]], edges: list[int | None], at: int, code: str) -> None:
    for edge in edges:
        if edge is not None and edge > at:
            found.setdefault(edge, set()).add(code)
