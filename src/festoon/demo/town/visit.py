"""One visit of one shopper, start to end. Which visit it is decides everything in it: the seed and its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from festoon.demo.cast import world
from festoon.demo.town.basket import SHIPPING, draw
from festoon.demo.town.shop import Shop

RETURNS = 0.12
CHANGES_MIND = 0.08
ONLY_LOOKS = 0.25
CLAIMS = 0.6


@dataclass(frozen=True, slots=True)
class Visit:
    """The `number`-th visit of one life of the town; `mark` begins every key it sends."""

    seed: int
    number: int
    mark: str

    def keys(self, verb: str) -> str:
        """The idempotency key of one verb of this visit: the same visit again sends the same keys."""
        return f"{self.mark}-{self.number}-{verb}"


def campaigns() -> list[tuple[str, list[str]]]:
    """The campaigns with the coupons that can be claimed in the app."""
    found = []
    for name in world.CAMPAIGNS:
        data = world.read(name)
        inside = {code for row in data["distributions"] if "app" in row["channels"] for code in row.get("offers", [])}
        coupons = [o["code"] for o in data["offers"] if o["kind"] == "coupon" and (not inside or o["code"] in inside)]
        found.append((data["campaign"]["code"], coupons))
    return found


def pay(visit: Visit, shop: Shop, *, pace: Callable[[], None], shoppers: Sequence[str]) -> int:
    """Make the visit; `pace` is waited for before each request. Answers how many requests it came to.

    A refusal ends the visit where it stands, as it would a shopper: sold out, not for me, the price has changed.
    """
    chance = Random(f"{visit.seed}:{visit.number}")  # noqa: S311 -- made-up visits, no secret
    shopper = chance.choice(shoppers)
    asked = _Asked(pace)
    campaign, coupons = chance.choice(campaigns())
    asked.count(shop.open, campaign, shopper, key=visit.keys("open"))
    if coupons and chance.random() < CLAIMS:
        asked.count(shop.claim, chance.choice(coupons), shopper, key=visit.keys("claim"))
    if chance.random() >= ONLY_LOOKS:
        _buy(visit, shop, shopper, chance, asked)
    return asked.requests


def _buy(visit: Visit, shop: Shop, shopper: str, chance: Random, asked: _Asked) -> None:
    lines, changes_mind, returns = draw(chance), chance.random() < CHANGES_MIND, chance.random() < RETURNS
    wallet = asked.count(shop.wallet, shopper)
    held = [c["id"] for c in wallet.body["coupons"] if c["state"] == "claimed"] if wallet.ok else []
    chosen = chance.sample(held, min(len(held), chance.choice((0, 1, 1, 2))))
    quote = asked.count(shop.quote, lines, shopper, shipping=SHIPPING, chosen=chosen)
    hold = asked.count(shop.hold, quote.body["token"], key=visit.keys("hold")) if quote.ok else quote
    if not hold.ok:
        return
    if changes_mind:
        asked.count(shop.cancel, hold.body["hold"], key=visit.keys("cancel"))
        return
    order = f"{visit.mark}-{visit.number}"
    redemption = asked.count(shop.redeem, hold.body["hold"], order, key=visit.keys("redeem"))
    if redemption.ok and returns:
        back = {chance.choice(lines)["id"]: 1}
        asked.count(shop.refund, redemption.body["redemption"], back, key=visit.keys("refund"))


class _Asked:
    """Counts the requests of a visit and keeps the town's pace."""

    def __init__(self, pace: Callable[[], None]) -> None:
        self.requests = 0
        self._pace = pace

    def count(self, verb: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self._pace()
        self.requests += 1
        return verb(*given, **named)
