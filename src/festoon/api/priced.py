"""The parts of a priced basket, as every answer that holds a price shows them."""

from __future__ import annotations

from typing import Any

import msgspec

from festoon.api.parts import Said


class Share(msgspec.Struct):
    """What one offer took off, and who pays how much of it (payer → minor units)."""

    offer: str
    amount: int
    payers: dict[str, int]


class Unit(msgspec.Struct):
    """One unit of a line: what is paid for it and what each offer took off."""

    unit: int
    payable: int
    shares: list[Share]


class PricedLine(msgspec.Struct):
    """One line of the basket: `payable` = `list` - `discount`; its `shares` and its `units` add up to it."""

    id: str
    sku: str
    quantity: int
    unit_price: int
    listed: int = msgspec.field(name="list")
    discount: int
    payable: int
    shares: list[Share]
    units: list[Unit]


class Shipping(msgspec.Struct):
    """Shipping: `payable` = `list` - `discount`, which is the sum of its `shares`."""

    listed: int = msgspec.field(name="list")
    discount: int
    payable: int
    shares: list[Share]


class Totals(msgspec.Struct):
    """`payable` = `goods` + `shipping` = `list` - `discount`."""

    listed: int = msgspec.field(name="list")
    goods: int
    shipping: int
    discount: int
    payable: int


class AppliedOffer(msgspec.Struct):
    """An offer that served; `coupon` is the id of the coupon it uses up.

    `amount` is what it took off; of it each of the `payers` pays so much. `cut_by_floor` is what a least price kept it from
    taking; `scarce`: what is left of it gave less than it might.
    """

    offer: str
    name: Said
    kind: str
    stage: str
    amount: int
    payers: dict[str, int]
    coupon: str | None
    cut_by_floor: int
    scarce: bool


class Gift(msgspec.Struct):
    """Goods given with the order; `value` is what they are worth together."""

    offer: str
    sku: str
    quantity: int
    value: int


class ChosenCoupon(msgspec.Struct):
    """What became of a coupon that was chosen; `drawn` is what was paid with one that is a balance."""

    id: str
    offer: str | None
    served: bool
    drawn: int | None = None


class Better(msgspec.Struct):
    """Coupons of the wallet (ids) that would save `gain` more than the chosen ones do."""

    gain: int
    chosen: list[str]


class Deposit(msgspec.Struct):
    """What is paid ahead of the rest for an offer."""

    offer: str
    paid: int


class Distance(msgspec.Struct):
    """How much is missing: `gap` minor units (`unit` money) or pieces (`unit` count)."""

    unit: str
    gap: int


class FurtherStep(msgspec.Struct, omit_defaults=True):
    """The next step up of an offer that applied: how far it is."""

    reason: str
    distance: Distance | None = None
    details: dict[str, Any] | None = None


class Verdict(msgspec.Struct, omit_defaults=True):
    """What became of one offer in reach: `code` is applied, or the first thing that stood in its way.

    In their order: not_live, stopped, channel, buyer, limit, stock, not_met, floor, not_chosen, excluded, beaten, applied.
    `amount` is what one that applied took off, and `further` its next step up. Of the others, `reason`, `distance` and
    `details` say what was lacking; `by` are the codes of the offers in the way, `relation` that of the exclusion, and
    `worse_by` how much less would be saved if it were forced in. `words` say it to the shopper, `trace` to who looks into it.
    """

    offer: str
    code: str
    amount: int | None = None
    reason: str | None = None
    distance: Distance | None = None
    details: dict[str, Any] | None = None
    by: list[str] | None = None
    relation: str | None = None
    further: FurtherStep | None = None
    worse_by: int | None = None
    words: Said | None = None
    trace: Said | None = None


class Priced(msgspec.Struct, kw_only=True):
    """A basket priced under one version of the book at one moment. Amounts in minor units of `currency`.

    `optimal`: it is proven that no legal set saves more; else none saves more than `bound`. `better`, where it was asked for
    and there is such; `balances` is what the shopper's own balances pay of it; `deposits` are paid ahead of the rest.
    """

    quote: str
    book: str
    moment: str
    currency: str
    totals: Totals
    lines: list[PricedLine]
    shipping: Shipping
    offers: list[AppliedOffer]
    gifts: list[Gift]
    coupons: list[ChosenCoupon]
    verdicts: list[Verdict]
    optimal: bool
    bound: int
    steps: int
    better: Better | None = None
    balances: int = 0
    deposits: list[Deposit] = []
