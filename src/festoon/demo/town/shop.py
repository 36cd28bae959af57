"""The shop's app as far as the town needs it: the verbs of /v1 for one shopper at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from festoon.demo.town.wire import Answer, Wire


class Shop:
    """Speaks through one wire, for whichever shopper is named."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def open(self, campaign: str, shopper: str, *, key: str) -> Answer:
        """The shopper looks at the campaign's page."""
        event = {"kind": "campaign.opened", "campaign": campaign, "shopper": shopper}
        return self.wire.post("/v1/events", {"events": [event]}, key=key)

    def claim(self, offer: str, shopper: str, *, key: str) -> Answer:
        """The shopper takes a coupon."""
        return self.wire.post("/v1/claims", {"offer": offer, "shopper": shopper}, key=key)

    def wallet(self, shopper: str) -> Answer:
        """What the shopper holds."""
        return self.wire.get(f"/v1/wallets/{shopper}")

    def quote(
        self, lines: Sequence[Mapping[str, Any]], shopper: str, *, shipping: int = 0, chosen: Sequence[str] = ()
    ) -> Answer:
        """What the basket costs this shopper now."""
        body = {"lines": list(lines), "buyer": shopper, "shipping": shipping, "chosen": list(chosen)}
        return self.wire.post("/v1/quotes", body)

    def hold(self, token: str, *, key: str) -> Answer:
        """The quote made binding."""
        return self.wire.post("/v1/holds", {"token": token, "accept": "lower_or_equal"}, key=key)

    def cancel(self, hold: str, *, key: str) -> Answer:
        """The shopper thinks better of it."""
        return self.wire.post(f"/v1/holds/{hold}/cancel", {}, key=key)

    def redeem(self, hold: str, order: str, *, key: str) -> Answer:
        """The order is placed and paid."""
        return self.wire.post("/v1/redemptions", {"hold": hold, "order": order}, key=key)

    def refund(self, redemption: str, units: Mapping[str, int], *, key: str) -> Answer:
        """Some units come back: line → how many."""
        return self.wire.post("/v1/refunds", {"redemption": redemption, "units": dict(units)}, key=key)
