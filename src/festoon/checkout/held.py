"""What a hold holds: movements of accounts and coupons, kept in its row so that they can be posted or given back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from festoon.checkout import refusals
from festoon.checkout.models import Hold
from festoon.checkout.statements import BALANCE_BACK, BALANCE_TAKEN, CLOSE
from festoon.ledger import accounts
from festoon.ledger.store.plan import Move, Step
from festoon.records.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of an account. `of` is the account it stands for: another one only where an overdraft honours it."""

    account: str
    amount: int
    of: str


@dataclass(frozen=True, slots=True)
class Gift:
    """So many goods that an offer gave, and how much of which accounts all of them took."""

    offer: str
    sku: str
    quantity: int
    draws: Mapping[str, int]

    def of(self, first: int, end: int) -> dict[str, int]:
        """What those from `first` (not included) to `end` took; all of them together exactly what was taken."""
        return {
            account: amount * end // self.quantity - amount * first // self.quantity
            for account, amount in self.draws.items()
        }


@dataclass(frozen=True, slots=True)
class Held:
    """One hold, as far as later verbs need it. `coupons` are (id, minor units it took), `offers` (code, campaign).

    `releases` are the numbers of those of the applied offers and the exclusions between them, `policy` and `zone` what
    else their price went by; a hold made before these were kept has none. `balances` are the coupons that pay in parts,
    each with what it has when it is new, `strict` the offers whose budgets honour no order that comes too late. `ways`
    are the distributions that admitted this cart to each offer that is given out by some.
    """

    hold: str
    merchant_id: int
    shopper_id: int | None
    shopper: str
    payable: int
    currency: str
    amounts: tuple[Amount, ...]
    coupons: tuple[tuple[str, int], ...]
    offers: tuple[tuple[str, str], ...]
    channel: str
    scene: str
    store: str
    releases: tuple[int, ...] = ()
    policy: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    gifts: tuple[Gift, ...] = ()
    balances: Mapping[str, int] = field(default_factory=dict)
    strict: tuple[str, ...] = ()
    ways: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def lane(self) -> str:
        """Holds and orders of one shopper are counted one after another."""
        return f"orders of {self.shopper}" if self.shopper else ""

    def plan(self) -> str:
        """The JSON kept in the hold's row."""
        return json.dumps(
            {
                "shopper": self.shopper, "currency": self.currency, "offers": self.offers,
                "amounts": [[each.account, each.amount, each.of] for each in self.amounts], "coupons": self.coupons,
                "where": [self.channel, self.scene, self.store],
                "releases": self.releases, "policy": self.policy, "zone": self.zone,
                "balances": self.balances, "strict": self.strict, "ways": self.ways,
                "gifts": [[each.offer, each.sku, each.quantity, each.draws] for each in self.gifts],
            },
            ensure_ascii=False,
        )  # fmt: skip

    def moves(self, kind: str) -> list[Move]:
        """The movements of one kind over all that is held; gone is answered by `scarce`."""
        return [Move(each.account, kind, each.amount, refusals.scarce(each.account)) for each in self.amounts]

    def close(self, state: str, *, was: str, now: datetime) -> Step:
        """The step that ends the hold, once."""
        values = {"id": self.hold, "state": state, "was": was, "now": now, "plan": self.plan()}
        return Step(CLOSE, values, refusals.hold_moved())

    def each_coupon(self, **more: Any) -> list[dict[str, Any]]:
        """The parameters of a step that is run for each coupon that is used whole."""
        return [{"coupon": coupon, **more} for coupon, _ in self.coupons if coupon not in self.balances]

    def take_balances(self, refuse: Refusal, *, now: datetime) -> Step:
        """The step that takes what each balance pays, where it has that much."""
        values = {"shopper": self.shopper_id, "now": now}
        return Step(
            BALANCE_TAKEN,
            [{"coupon": coupon, "taken": taken, "whole": self.balances[coupon], **values}
             for coupon, taken in self.coupons if coupon in self.balances],
            refuse,
        )  # fmt: skip

    def give_balances(self) -> Step:
        """The step that gives back what each balance paid."""
        return Step(
            BALANCE_BACK,
            [{"coupon": coupon, "given": taken} for coupon, taken in self.coupons if coupon in self.balances],
        )

    def each_use(self) -> list[dict[str, Any]]:
        """The parameters of the step that looks whether the shopper may use each limited offer once more."""
        offers = {accounts.uses(offer, self.shopper): offer for offer, _ in self.offers}
        return [
            {"account": each.account, "offer": offers[each.account]} for each in self.amounts if each.account in offers
        ]

    def honoured(self, short: Sequence[str]) -> Held:
        """The same, with the overdraft of each of these accounts in its place."""
        amounts = [
            replace(each, account=f"overdraft:{each.of}") if each.account in short else each for each in self.amounts
        ]
        return replace(self, amounts=tuple(amounts))


def read(row: Hold) -> Held:
    """What a hold's row holds."""
    plan = row.plan
    channel, scene, store = plan["where"]
    return Held(
        hold=row.id,
        merchant_id=row.merchant_id,
        shopper_id=row.shopper_id,
        shopper=plan["shopper"],
        payable=row.payable,
        currency=plan["currency"],
        amounts=tuple(Amount(*each) for each in plan["amounts"]),
        coupons=tuple((coupon, taken) for coupon, taken in plan["coupons"]),
        offers=tuple((offer, campaign) for offer, campaign in plan["offers"]),
        channel=channel,
        scene=scene,
        store=store,
        releases=tuple(plan.get("releases", ())),
        policy=plan.get("policy", {}),
        zone=plan.get("zone", "UTC"),
        gifts=tuple(Gift(*each) for each in plan.get("gifts", ())),
        balances=plan.get("balances", {}),
        strict=tuple(plan.get("strict", ())),
        ways=plan.get("ways", {}),
    )
