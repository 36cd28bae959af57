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
    """One line of the basket: `payable` = `list` - `discount`; the units add up to it."""

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
    """Shipping before and after."""

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
    """An offer that served; `coupon` is the id of the coupon it uses up."""

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
    """Goods given with the order."""

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
    """How much is missing: `unit` is money or count."""

    unit: str
    gap: int


class FurtherStep(msgspec.Struct, omit_defaults=True):
    """The next step up of an offer that applied."""

    reason: str
    distance: Distance | None = None
    details: dict[str, Any] | None = None


class Verdict(msgspec.Struct, omit_defaults=True):
    """What became of one offer in reach: applied, or the first thing that stood in its way."""

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

    `better`, where it was asked for and there is such; `balances` is what the shopper's own balances pay of it.
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
