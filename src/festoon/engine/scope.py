"""Which goods an offer is about."""

from __future__ import annotations

from festoon.engine.facts import ATTRIBUTES, MANY, SINGLE, Row

EXACT = ("sku", "product")
"""Attributes whose every value is about hardly any goods."""
Values = dict[str, frozenset[str]]


class Scope:
    """Goods by attribute: any value of one attribute, all of several attributes, less the exceptions.

    Without attributes it is all goods. A row is an exception when it has any of the excepted values.
    """

    __slots__ = ("exceptions", "within")

    def __init__(self, within: Values | None = None, exceptions: Values | None = None) -> None:
        self.within: Values = within or {}
        self.exceptions: Values = exceptions or {}

    def key(self) -> str | None:
        """The attribute to index by: the one that the fewest carts meet.

        A thousand skus meet fewer carts than one merchant does; of the other attributes, the one with the fewest values.
        """
        if not self.within:
            return None
        return min(self.within, key=lambda a: (a not in EXACT, len(self.within[a]), ATTRIBUTES.index(a)))

    def plain(self) -> bool:
        """Whether one attribute says it all, so that a hit in the index needs no second look."""
        return len(self.within) <= 1 and not self.exceptions

    def holds(self, row: Row) -> bool:
        """Whether the row's goods are in the scope."""
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
    for value in row.many[MANY.index(attribute)]:
        if value in values:
            return True
    return False
