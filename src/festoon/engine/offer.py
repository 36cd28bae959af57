"""An offer as the engine sees it: where it looks, what must hold, what it gives, who pays."""

from __future__ import annotations

from typing import Final

from festoon.base.windows import ALWAYS, Window
from festoon.base.words import Words
from festoon.engine.rules import Benefit, Condition, Gift
from festoon.engine.scope import Scope
from festoon.engine.stages import ENTRY, PRICE, RUNNING, SHIPPING

__all__ = ["FIRST", "LAST", "NOBODY", "Benefit", "Condition", "Gift", "Offer", "Terms"]

LAST: Final = (1 << 62) - 1
FIRST: Final = -LAST
"""After and before every moment; the largest numbers that compiled code compares without asking Python."""
SLACK = {"half_up": 5_000, "half_even": -1, "floor": 0, "ceiling": 9_999}


def span(window: Window) -> tuple[int, int]:
    """The first moment of a window, and the first after it."""
    opens = window.start if window.start is not None else FIRST
    return opens, window.end if window.end is not None else LAST


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
        "always", "amount", "apart", "asked", "asks", "balance", "benefit", "budget_refuses", "campaign", "closes", "code",
        "coupon", "exclusive", "floors", "gates", "gives", "group", "least", "least_of_order", "name", "on_goods", "opens",
        "owner", "payers", "pays_shipping", "per", "percent", "percent_basis", "plain", "plainly_running", "priority",
        "rank", "rounding", "rounds_price", "scope", "slack", "spill", "staff_may_confirm",
        "stage", "steps_aside", "stopped", "tells", "terms", "tests", "threshold_basis", "untouched",
        "weights", "wide", "window", "within",
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
        self.staff_may_confirm = False
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
        `apart` says that it is a price or gives goods too; `untouched` that it looks only at goods nothing was taken from.
        `asks` is what must be known of a purchase; `staff_may_confirm` that seeing its goods is knowing them.
        `wide` that conditions look at more than its own goods; `within` that it takes amounts, never more than is left.
        `balance`, `gives` (gifts) and `tells` (what is further, what is paid ahead) are what its benefit can do at all;
        `plain` that it neither is a balance nor gives. `percent` or `amount` is all that it takes, `least` (`of_order`) all
        that it asks for; 0 where that is not so simple.
        """
        kind = type(self.benefit)
        self.balance = self.benefit.balance
        self.gives = kind.gifts is not Benefit.gifts
        self.plain = not (self.gives or self.balance)
        self.tells = kind.further is not Benefit.further or kind.paid is not Benefit.paid
        self.untouched = self.scope.untouched and self.stage != PRICE
        self.apart = self.gives or self.stage == PRICE
        self.on_goods = self.stage != SHIPPING and not self.pays_shipping
        self.asked = self.stopped or self.coupon or bool(self.terms) or bool(self.gates) or self.stage == PRICE
        self.opens, self.closes = span(self.window)
        self.plainly_running = self.percent_basis == RUNNING and self.group is None and self.stage != PRICE
        self.slack = SLACK[self.rounding]
        self.wide = any([test.wide() for test in self.tests])
        self.within = self.benefit.within(self) and not self.apart
        self.percent, self.amount = self.benefit.simply(self) or (0, 0)
        spends = self.tests[0].simply() if len(self.tests) == 1 else None
        self.least, self.least_of_order = spends or (0, False)
        self.asks = max([self.benefit.asks(), self.scope.asks(), *[each.asks() for each in (*self.gates, *self.tests)]])

    @property
    def needs(self) -> frozenset[str]:
        """The buyer's facts it looks at."""
        found = set(self.benefit.needs)
        for condition in (*self.gates, *self.tests):
            found |= condition.needs
        for terms in self.terms:
            found |= {"segments"} if terms.segments else set()
        return frozenset(found)


NOBODY: Final = Offer("", Benefit())
"""Before the first turn."""
