"""An offer as the engine sees it: where it looks, what must hold, what it gives, who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from festoon.base.windows import ALWAYS, Window
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.engine.stages import ENTRY, ITEM, PAYMENT, PLATFORM, PRICE, RUNNING, SHIPPING, STORE
from festoon.engine.verdicts import No

if TYPE_CHECKING:
    from festoon.engine.view import View


FIRST, LAST = -(1 << 62), 1 << 62
"""Before and after every moment."""
SLACK = {"half_up": 5_000, "half_even": -1, "floor": 0, "ceiling": 9_999}


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

    def turns(self, at: int) -> int | None:
        """The next instant after `at` at which it may begin or cease to hold by the clock alone; None for never."""
        return None

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

    def by_line(self, offer: Offer) -> bool:
        """Whether it works on each line by itself, so that a line more or less changes nothing on the others."""
        return False

    def rate(self, view: View) -> int:
        """The percentage, in basis points, of what is left at its turn that it takes from any row at most; 0 for no such.

        What rounding adds to it is not counted: one minor unit on each row, or on each unit where it is rounded so.
        A benefit that works by line takes neither more nor less.
        """
        return 0

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

    def refusal(self, no: No, currency: str) -> Words:
        """What the shopper reads when there is nothing to give, or more could be given."""
        raise NotImplementedError


class Terms:
    """For whom and where a distribution lets its offers be used. Empty is everybody, everywhere."""

    __slots__ = ("buyers", "channels", "code", "scenes", "segments", "stores", "window")

    def __init__(
        self,
        code: str,
        window: Window = ALWAYS,
        channels: frozenset[str] = frozenset(),
        scenes: frozenset[str] = frozenset(),
        stores: frozenset[str] = frozenset(),
        segments: frozenset[str] = frozenset(),
        buyers: frozenset[str] = frozenset(),
    ) -> None:
        self.code, self.window = code, window
        self.channels, self.scenes, self.stores = channels, scenes, stores
        self.segments, self.buyers = segments, buyers


class Offer:
    """One live release. `rank` is its place in the book: by stage, priority, code. Bases are numbers of `stages`.

    What the engine asks at every turn is answered once, when the book is made (`seal`). `floors` are what it states of
    a unit of its goods: the least its shopper may be asked, and the least its merchant must keep; None for nothing.
    """

    __slots__ = (
        "always", "asked", "balance", "benefit", "budget_refuses", "campaign", "closes", "code", "coupon", "exclusive",
        "floors", "gates", "gives", "group", "name", "on_goods", "opens", "owner", "payers",
        "pays_shipping", "per", "percent_basis", "plainly_running", "priority", "rank", "rounding", "rounds_price",
        "scope", "slack", "spill", "stage", "steps_aside", "stopped", "tells", "terms", "tests", "threshold_basis", "untouched",
        "weights", "window",
    )  # fmt: skip

    def __init__(self, code: str, benefit: Benefit) -> None:
        self.code = code
        self.benefit = benefit
        self.name = Words(code, code)
        self.rank = 0
        self.coupon = False
        self.stage = benefit.stage
        self.priority = 100
        self.group: str | None = None
        self.gates: list[Condition] = []
        self.tests: list[Condition] = []
        self.scope = Scope()
        self.window = ALWAYS
        self.terms: list[Terms] = []
        self.stopped = False
        self.payers: list[tuple[str, int]] = [("platform", 10_000)]
        self.rounding = "half_up"
        self.rounds_price = False
        self.per = "line"
        self.weights = "value"
        self.spill = benefit.spill
        self.pays_shipping = benefit.pays_shipping()
        self.budget_refuses = False
        self.exclusive = False
        self.always = False
        self.steps_aside = False
        self.threshold_basis = ENTRY
        self.percent_basis = RUNNING
        self.campaign = ""
        self.owner = ""
        self.floors: tuple[int, int] | None = None
        self.seal()

    def seal(self) -> None:
        """Answer what every turn asks, from what was said of the offer until now.

        `asked` says that more than the window, from `opens` to `closes`, decides whether it may take part; `on_goods`
        that it takes from goods alone; `plainly_running` that percentages look at what is left and no group; `slack`
        is what is added before dividing by 10,000 to round as it says, -1 where the even neighbour decides.
        `balance`, `gives` (gifts) and `tells` (what is further, what is paid ahead) are what its benefit can do at all.
        """
        kind = type(self.benefit)
        self.balance = self.benefit.balance
        self.gives = kind.gifts is not Benefit.gifts
        self.tells = kind.further is not Benefit.further or kind.paid is not Benefit.paid
        self.untouched = self.scope.untouched
        self.on_goods = self.stage != SHIPPING and not self.pays_shipping
        self.asked = self.stopped or self.coupon or bool(self.terms) or bool(self.gates)
        self.opens = self.window.start if self.window.start is not None else FIRST
        self.closes = self.window.end if self.window.end is not None else LAST
        self.plainly_running = self.percent_basis == RUNNING and self.group is None and self.stage != PRICE
        self.slack = SLACK[self.rounding]

    @property
    def needs(self) -> frozenset[str]:
        """The buyer's facts it looks at."""
        found = set(self.benefit.needs)
        for condition in (*self.gates, *self.tests):
            found |= condition.needs
        for terms in self.terms:
            found |= {"segments"} if terms.segments else set()
        return frozenset(found)
