"""What should happen, in the simplest words that can be true: no database, no store, no engine.

One coupon (5 off, paid by the merchant, a stock of three, two a shopper, seven days) and one promotion (10 off, paid by
the platform from a budget of 25, which gives what is left) on one kind of tea at 99. Money in minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

PRICE, COUPON_OFF, PROMOTION_OFF = 9900, 500, 1000
STOCK, PER_SHOPPER, BUDGET = 3, 2, 2500
HOLD, DAYS = timedelta(minutes=15), 7


@dataclass
class Coupon:
    """A coupon in a wallet: claimed, held, redeemed or void; `struck` by a recall, whether it is marked as void or not."""

    owner: str
    ends: datetime
    state: str = "claimed"
    struck: bool = False

    def back(self) -> None:
        """An order gives it back."""
        self.state = "void" if self.struck else "claimed"


@dataclass
class Hold:
    """A reserved price: held, expired, cancelled or redeemed."""

    coupon: str | None
    quantity: int
    budget: int
    off: int
    ends: datetime
    state: str = "held"
    back: int = 0
    refunded: int = 0

    @property
    def payable(self) -> int:
        """What the shopper pays."""
        return PRICE * self.quantity - self.off


@dataclass
class Model:
    """The whole world of the machine."""

    now: datetime
    coupons: dict[str, Coupon] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    stopped: bool = False
    overdrawn: int = 0

    def claim(self, shopper: str) -> str:
        """The refusal of a claim, "" when it is granted. What is gone is gone for everybody: that is said first."""
        if len(self.coupons) >= STOCK:
            return "sold_out"
        mine = sum(coupon.owner == shopper for coupon in self.coupons.values())
        return "limit_reached" if mine >= PER_SHOPPER else ""

    def usable(self, coupon: str) -> bool:
        """Whether the coupon could serve a new cart of its owner now."""
        found = self.coupons[coupon]
        return found.state == "claimed" and not found.struck and self.now < found.ends

    def recall(self) -> None:
        """All that is out is void from now on."""
        for coupon in self.coupons.values():
            coupon.struck = True

    def mark(self) -> None:
        """What is void and in no order is marked as such."""
        for coupon in self.coupons.values():
            if coupon.struck and coupon.state == "claimed":
                coupon.state = "void"

    def held(self) -> int:
        """What is reserved of the budget."""
        return sum(hold.budget for hold in self.holds.values() if hold.state == "held")

    def spent(self) -> int:
        """What is spent of the budget: redeemed, less what came back; never what was overdrawn."""
        used = sum(hold.budget - self.returned(hold) for hold in self.holds.values() if hold.state == "redeemed")
        return used - self.overdrawn

    def free(self) -> int:
        """What the budget can still give."""
        return BUDGET - self.held() - self.spent()

    def reduction(self, coupon: str | None) -> tuple[int, int]:
        """What a new cart gets off: (from the budget, altogether)."""
        budget = 0 if self.stopped else min(PROMOTION_OFF, max(0, self.free()))
        return budget, budget + (COUPON_OFF if coupon else 0)

    def returned(self, hold: Hold) -> int:
        """How much of the budget's part came back with the units: the larger halves first."""
        halves = (hold.budget - hold.budget // 2, hold.budget // 2) if hold.quantity == 2 else (hold.budget,)
        return sum(halves[: hold.back])
