"""Many recorded baskets under one book: what the offers would have cost, and which baskets they would have met.

For an analyst: rows as they come from a file or a database, one a line of a basket, in the order of the baskets. Each
basket is priced by itself, as a cart is, by the same engine; nothing is kept from one to the next but the sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from festoon.engine.book import Book
from festoon.engine.price import STEPS, price
from festoon.engine.quote import Quote
from festoon.rulebook.facts import FactsError, read_facts

NEEDED = ("basket", "sku", "quantity", "unit_price", "moment")
OF_THE_BASKET = ("moment", "channel", "store", "merchant")
OF_THE_LINE = (
    "sku", "quantity", "unit_price", "product", "category", "brand", "store", "merchant", "tags", "tag_floor", "net_floor",
)  # fmt: skip
COLUMNS = tuple(dict.fromkeys((*NEEDED, *OF_THE_BASKET, *OF_THE_LINE, "shipping")))
"""What a row may say. `category` and `tags` hold several values with a / between them, the category from the top."""
SEVERAL = ("category", "tags")


@dataclass(slots=True)
class Priced:
    """One basket: its quote, or why it has none."""

    basket: str
    quote: Quote | None
    fault: FactsError | None = None


@dataclass(slots=True)
class Sums:
    """What all baskets come to. Amounts in minor units; `offers`: code → (baskets it served, what it took)."""

    baskets: int = 0
    lines: int = 0
    reduced: int = 0
    refused: int = 0
    unproven: int = 0
    listed: int = 0
    discount: int = 0
    offers: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, one: Priced) -> None:
        """Count one more basket."""
        if one.quote is None:
            self.refused += 1
            return
        quote = one.quote
        self.baskets += 1
        self.lines += sum([len(row.lines) for row in quote.play.cart.facts.rows])
        self.listed += quote.list_total
        self.discount += quote.discount
        self.reduced += quote.discount > 0
        self.unproven += not quote.optimal
        for offer, taken in quote.applied():
            times, sum_so_far = self.offers.get(offer.code, (0, 0))
            self.offers[offer.code] = times + 1, sum_so_far + taken

    def to_data(self) -> dict[str, Any]:
        """As JSON: the sums, and each offer that served, the dearest first."""
        ranked = sorted(self.offers.items(), key=lambda item: (-item[1][1], item[0]))
        return {
            "baskets": self.baskets,
            "lines": self.lines,
            "refused": self.refused,
            "reduced": self.reduced,
            "list": self.listed,
            "discount": self.discount,
            "payable": self.listed - self.discount,
            "not_proven_optimal": self.unproven,
            "offers": [{"offer": code, "baskets": times, "amount": taken} for code, (times, taken) in ranked],
        }


def priced(book: Book, rows: Iterable[Sequence[Any]], columns: Sequence[str], steps: int = STEPS) -> Iterator[Priced]:
    """Every basket of the rows, priced. Raises ValueError for columns that are missing or not known.

    Rows of one basket stand together. A basket that cannot be priced is yielded with its fault, which names the line
    by its place in the basket.
    """
    cart_of = _reader(check_columns(columns), book.currency)
    place = list(columns).index("basket")
    for basket, lines in groupby(rows, lambda row: row[place]):
        try:
            yield Priced(str(basket), price(book, read_facts(cart_of(lines)), explain="none", steps=steps))
        except FactsError as fault:
            yield Priced(str(basket), None, fault)


def check_columns(columns: Sequence[str]) -> list[str]:
    """The columns as a list. Raises ValueError for one that is missing or not known."""
    missing, unknown = set(NEEDED) - set(columns), set(columns) - set(COLUMNS)
    if missing:
        raise ValueError(f"no column {', '.join(sorted(missing))}; needed are {', '.join(NEEDED)}")
    if unknown:
        raise ValueError(f"unknown column {', '.join(sorted(unknown))}; known are {', '.join(COLUMNS)}")
    return list(columns)


def _reader(columns: Sequence[str], currency: str) -> Callable[[Iterable[Sequence[Any]]], Mapping[str, Any]]:
    places = {name: place for place, name in enumerate(columns)}
    once = [(name, places[name]) for name in (*OF_THE_BASKET, "shipping") if name in places]
    each = [(name, places[name], name in SEVERAL) for name in OF_THE_LINE if name in places]

    def cart_of(rows: Iterable[Sequence[Any]]) -> Mapping[str, Any]:
        lines: list[dict[str, Any]] = []
        first: Sequence[Any] = ()
        for n, row in enumerate(rows, 1):
            first = row
            line: dict[str, Any] = {"id": f"{n:04}"}
            for name, place, several in each:
                value = row[place]
                if value is not None:
                    line[name] = value.split("/") if several and value else value
            lines.append(line)
        cart: dict[str, Any] = {"currency": currency, "lines": lines}
        for name, place in once:
            if first[place] is not None:
                cart[name] = first[place]
        return cart

    return cart_of
