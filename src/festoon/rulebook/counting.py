"""What conditions on amounts and on numbers of units have in common: which goods they count."""

from __future__ import annotations

from festoon.base.words import Words
from festoon.engine.facts import EYE, SUM
from festoon.engine.offer import Condition
from festoon.engine.scope import Scope
from festoon.engine.view import View
from festoon.rulebook.scopes import both


class Counting(Condition):
    """Counts the offer's goods, those of the whole order (`of: order`) or those that `goods` names."""

    __slots__ = ()
    of: str
    goods: Scope | None

    def faults(self) -> list[tuple[str, str, Words]]:
        """Goods are named once."""
        return both(self.of, self.goods)


class Spending(Counting):
    """Looks at money."""

    __slots__ = ()
    amount: int
    shipping: bool

    def asks(self) -> int:
        """Of certain goods: what they are."""
        return self.goods.asks() if self.goods is not None else SUM

    def wide(self) -> bool:
        """Unless it counts the offer's own goods."""
        return self.of == "order" or self.goods is not None or self.shipping

    def spent(self, view: View) -> int:
        """The money that counts."""
        return view.spend(self.of == "order", self.goods, self.shipping)


class Units(Counting):
    """Looks at the number of units."""

    __slots__ = ()
    quantity: int

    def asks(self) -> int:
        """Staff can count."""
        return EYE

    def wide(self) -> bool:
        """Only where what was taken from other goods decides whether they count."""
        return self.goods is not None and self.goods.untouched

    def held(self, view: View) -> int:
        """The units that count."""
        return view.quantity(self.of == "order", self.goods)
