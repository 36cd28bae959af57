"""Which goods an offer is about."""

from __future__ import annotations

from festoon.engine.facts import ATTRIBUTES, EYE, LINE, MANY, SINGLE, SUM, Row

EXACT = ("sku", "product")
"""Attributes whose every value is about hardly any goods."""
PLACES = {"store", "merchant"}
Values = dict[str, frozenset[str]]
Prices = tuple[int, int]
"""The lowest and the highest list price of a unit, both included."""


class Scope:
    """Goods by attribute: any value of one attribute, all of several attributes, less the exceptions.

    Without attributes it is all goods. A row is an exception when it has any of the excepted values. `prices` keeps
    to goods of a list price; `untouched` to goods from which nothing was taken yet when the offer has its turn.
    """

    __slots__ = ("exceptions", "prices", "untouched", "within")

    def __init__(
        self,
        within: Values | None = None,
        exceptions: Values | None = None,
        prices: Prices | None = None,
        untouched: bool = False,
    ) -> None:
        self.within: Values = within or {}
        self.exceptions: Values = exceptions or {}
        self.prices, self.untouched = prices, untouched

    def key(self) -> str | None:
        """The attribute to index by: the one that the fewest carts meet. Lines and prices have no index.

        A thousand skus meet fewer carts than one merchant does; of the other attributes, the one with the fewest values.
        """
        listed = [a for a in self.within if a != LINE]
        if not listed:
            return None
        return min(listed, key=lambda a: (a not in EXACT, len(self.within[a]), ATTRIBUTES.index(a)))

    def plain(self) -> bool:
        """Whether one attribute says it all, so that a hit in the index needs no second look."""
        return len(self.within) <= 1 and LINE not in self.within and not self.exceptions and self.prices is None

    def asks(self) -> int:
        """What must be known of a purchase to tell whether it is of these goods: where and of whom is known with the sum."""
        named = self.within.keys() | self.exceptions.keys()
        return SUM if named <= PLACES and self.prices is None else EYE

    def may_hold(self, row: Row) -> bool:
        """Whether the row's goods may be in the scope, where only their place is known."""
        return all([has(row, place, self.within[place]) for place in PLACES & self.within.keys()])

    def holds(self, row: Row) -> bool:
        """Whether the row's goods are in the scope."""
        if self.prices is not None and not self.prices[0] <= row.unit_price <= self.prices[1]:
            return False
        for attribute, values in self.within.items():
            if not has(row, attribute, values):
                return False
        for attribute, values in self.exceptions.items():
            if has(row, attribute, values):
                return False
        return True


def has(row: Row, attribute: str, values: frozenset[str]) -> bool:
    """Whether the row has one of the values of the attribute."""
    if attribute in SINGLE:
        return row.single[SINGLE.index(attribute)] in values
    held = row.many[MANY.index(attribute)] if attribute in MANY else [line for line, _ in row.lines]
    for value in held:
        if value in values:
            return True
    return False
