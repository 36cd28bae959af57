"""What stands on the shelves: a condition, a benefit. Anybody may add one, so these are never compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from festoon.base.words import Words
from festoon.engine.facts import SUM, UNITS
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, SHIPPING, STORE
from festoon.engine.verdicts import No

if TYPE_CHECKING:
    from festoon.engine.offer import Offer
    from festoon.engine.view import View


class Condition:
    """Something that must hold.

    `verdict` names the verdict when it does not. A `gate` looks at the cart alone and is asked once; any other
    condition looks at amounts and is asked at the offer's turn. `needs` names the buyer's facts it looks at. One that is
    not `certified` can hold for reasons that no proof over all carts can look through. One that is `lasting` stays unmet
    once it is unmet, whatever else is taken from the goods, and whichever of them are taken away.
    """

    __slots__ = ()
    verdict: ClassVar[str] = "not_met"
    gate: ClassVar[bool] = False
    lasting: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset()
    certified: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """None when it holds, else why not and how far away."""
        raise NotImplementedError

    def wide(self) -> bool:
        """Whether it looks at amounts of other goods than the offer's own. Of a benefit that must never be true."""
        return True

    def simply(self) -> tuple[int, bool] | None:
        """(the least that is to be spent, whether on the whole order), where that is all it asks; the engine looks then."""
        return None

    def turns(self, at: int) -> int | None:
        """The next instant after `at` at which it may begin or cease to hold by the clock alone; None for never."""
        return None

    def asks(self) -> int:
        """What it must know of a purchase: `SUM`, `EYE` or `UNITS`."""
        return SUM if self.gate else UNITS

    def words(self, currency: str) -> Words:
        """The condition as a phrase of the rule's sentence."""
        raise NotImplementedError

    def refusal(self, no: No, currency: str) -> Words:
        """What the shopper reads when it does not hold."""
        raise NotImplementedError


class Gift:
    """Goods given beside the cart. `value` in minor units for all of them counts in the choice, 0 if not stated."""

    __slots__ = ("quantity", "sku", "value")

    def __init__(self, sku: str, quantity: int, value: int) -> None:
        self.sku, self.quantity, self.value = sku, quantity, value


class Benefit:
    """What an offer gives.

    `stage` is where it works unless the offer says otherwise, one of `stages`; `spill` whether what a line cannot take
    goes to the other lines. A `balance` is the shopper's own: it pays, and the choice does not count it as a saving.
    """

    __slots__ = ()
    stage: ClassVar[int] = ITEM
    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, SHIPPING, PAYMENT)
    spill: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset()
    balance: ClassVar[bool] = False

    def cut(self, view: View) -> list[int] | No:
        """What to take from each row of `view.rows`, in minor units; or why there is nothing to take."""
        raise NotImplementedError

    def most(self, view: View) -> int:
        """A bound: never less than what `cut` takes in all, on these or any smaller amounts and any fewer rows."""
        return sum(view.running())

    def most_of_these(self, view: View) -> int:
        """The same where no row will be taken away and the prices on the tags stand: it may be less then."""
        return self.most(view)

    def asks(self) -> int:
        """What it must know of a purchase; one that counts units cannot be given where only a sum is known."""
        return UNITS

    def by_line(self, offer: Offer) -> bool:
        """Whether it works on each line by itself, so that a line more or less changes nothing on the others."""
        return False

    def rate(self, view: View) -> int:
        """The percentage, in basis points, of what is left at its turn that it takes from any row at most; 0 for no such.

        What rounding adds to it is not counted: one minor unit on each row, or on each unit where it is rounded so.
        A benefit that works by line takes neither more nor less.
        """
        return 0

    def within(self, offer: Offer) -> bool:
        """Whether it never takes more from a row than is left on it, so that nobody has to look; floors aside."""
        return False

    def simply(self, offer: Offer) -> tuple[int, int] | None:
        """(basis points of what percentages look at, row by row; an amount, spread), where one of them is all it takes.

        The engine takes it then without asking for a `cut`.
        """
        return None

    def sure(self, view: View) -> bool:
        """Whether it is certain, at little cost, that it takes something now, and from larger amounts too; floors aside.

        It may, where this is false.
        """
        return False

    def wanting(self, view: View) -> No | None:
        """What there is too little of for it to give anything, whatever is left on the goods; None for nothing of the kind.

        Whoever looks at goods from which nothing was taken yet answers None: those every turn makes fewer.
        """
        return None

    def pays_shipping(self) -> bool:
        """Whether it takes from shipping too, beside the goods."""
        return False

    def paid(self, view: View) -> int:
        """What was paid, or is to be paid, ahead of the rest; in minor units."""
        return 0

    def limit(self, view: View) -> int | None:
        """How many units of the order it is for at most, where it is a price; None for all."""
        return None

    def gates(self) -> tuple[Condition, ...]:
        """What it asks of the cart before any amount is looked at."""
        return ()

    def gifts(self, view: View) -> tuple[Gift, ...]:
        """The goods given beside the cart."""
        return ()

    def falls_short(self, view: View) -> bool:
        """Whether fewer gifts are left of its own stock than it would give now."""
        return False

    def stands_in(self) -> bool:
        """Whether it gives other goods when its own stock is gone."""
        return False

    def stock_used(self, units: int, money: int) -> int:
        """How many of its own stock an order of so many units and so much money could use at most."""
        return units

    def own(self, sku: str) -> bool:
        """Whether these gifts are of its own stock."""
        return True

    def worth(self) -> int:
        """What one gift costs those who pay for the offer, in minor units."""
        return 0

    def whole(self) -> int:
        """What a coupon of it that never paid has, where it is a balance; in minor units."""
        return 0

    def further(self, view: View) -> No | None:
        """What would make it give more: the next tier and how far it is."""
        return None

    def words(self, currency: str) -> Words:
        """The benefit as a phrase of the rule's sentence."""
        raise NotImplementedError

    def shipping_words(self, currency: str) -> Words:
        """The same where it takes from shipping alone."""
        said = self.words(currency)
        return Words(f"on shipping: {said.en}", f"运费：{said.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """What the shopper reads when there is nothing to give, or more could be given."""
        raise NotImplementedError
