"""Requests that are taken, each with what it stands on; made only when a case asks for them."""

from __future__ import annotations

import copy
import uuid
from functools import cached_property
from typing import Any

BASKET = [
    {"id": "1", "sku": "t-01", "quantity": 3, "unit_price": 12800},
    {"id": "2", "sku": "s-03", "quantity": 1, "unit_price": 8900},
]


class Good:
    """Speaks to the door as one of the cast's machines, and remembers what came of it."""

    def __init__(self, door, cast) -> None:
        self.door, self.cast = door, cast

    def ask(self, to: str, body: Any = None, *, by: str = "", key: str | None = "", method: str = "POST", text=""):
        """One request; `key` "" is a fresh one, None is none; `text` is an API key instead of one of the cast's."""
        headers = {"Authorization": f"Bearer {text or self.cast.key(by or self.by(to))}"}
        if key is not None and method == "POST":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        said = {"json": body} if body is not None else {}
        return self.door.request(method, to, headers=headers, **said)

    def by(self, to: str) -> str:
        """Which of the cast's machines asks at an address."""
        return "till-willow-west" if to == "/v1/verify" else "demo-app"

    def made(self, to: str, body: Any, **more) -> dict[str, Any]:
        """What a request answered that had to be taken."""
        answer = self.ask(to, body, **more)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def request(self, verb: str) -> tuple[str, str, Any]:
        """Method, address and body of a request of this verb that would be taken."""
        return {
            "quotes": lambda: ("POST", "/v1/quotes", self.basket()),
            "prices": lambda: ("POST", "/v1/prices", {"skus": ["t-01", "s-03"], "buyer": "mei"}),
            "holds": lambda: ("POST", "/v1/holds", {"token": self.token, "accept": "same"}),
            "cancel": lambda: ("POST", f"/v1/holds/{self.hold}/cancel", {}),
            "redemptions": lambda: ("POST", "/v1/redemptions", {"hold": self.hold, "order": "o-1"}),
            "verify": lambda: ("POST", "/v1/verify", self.slip("slip-1")),
            "refunds": lambda: ("POST", "/v1/refunds", {"redemption": self.redemption, "units": {"1": 1}}),
            "claims": lambda: ("POST", "/v1/claims", {"offer": "d12-shop-30", "shopper": "mei"}),
            "codes": lambda: ("POST", "/v1/claims/by-code", {"code": self.flyer, "shopper": "mei"}),
            "wallet": lambda: ("GET", "/v1/wallets/mei", None),
            "events": lambda: ("POST", "/v1/events", {"events": [self.event()]}),
            "campaigns": lambda: ("GET", "/v1/campaigns", None),
            "campaign": lambda: ("GET", "/v1/campaigns/double-12", None),
            "shopper-tokens": lambda: ("POST", "/v1/shopper-tokens", {"shopper": "mei"}),
            "webhooks": lambda: ("GET", "/v1/webhooks", None),
            "subscribe": lambda: ("POST", "/v1/webhooks", self.subscription("another")),
            "webhook": lambda: ("GET", f"/v1/webhooks/{self.hook}", None),
            "change": lambda: ("POST", f"/v1/webhooks/{self.hook}", {"kinds": ["order.redeemed"]}),
            "secret": lambda: ("POST", f"/v1/webhooks/{self.hook}/secret", {}),
            "end": lambda: ("POST", f"/v1/webhooks/{self.hook}/end", {}),
            "deliveries": lambda: ("GET", f"/v1/webhooks/{self.hook}/deliveries", None),
            "resend": lambda: ("POST", f"/v1/webhooks/{self.hook}/resend", {}),
            "health": lambda: ("GET", "/v1/health", None),
        }[verb]()

    @cached_property
    def flyer(self) -> str:
        """A code of a pool that nobody has taken."""
        from datetime import UTC, datetime

        from festoon.coupons.pools import take_codes
        from festoon.records.viewer import SYSTEM

        take_codes("d12-shop-30", ["FLYER2026"], batch="flyer", by=SYSTEM, now=datetime.now(UTC), key="flyer")
        return "flyer-2026"

    def basket(self, **more: Any) -> dict[str, Any]:
        return {"lines": copy.deepcopy(BASKET), "shipping": 800, "buyer": "mei", **more}

    def slip(self, order: str, **more: Any) -> dict[str, Any]:
        return {"lines": copy.deepcopy(BASKET[:1]), "buyer": "mei", "order": order, **more}

    def event(self) -> dict[str, Any]:
        return {"kind": "campaign.opened", "campaign": "double-12", "shopper": "mei"}

    def subscription(self, name: str) -> dict[str, Any]:
        return {"name": name, "url": f"https://hooks.example.com/{name}"}

    def claimed(self, shopper: str, offer: str = "d12-red-envelope") -> str:
        return self.made("/v1/claims", {"offer": offer, "shopper": shopper})["coupon"]

    @cached_property
    def hook(self) -> str:
        return self.made("/v1/webhooks", self.subscription("crm"), key="the-first-webhook")["webhook"]

    @cached_property
    def hooks_key(self) -> str:
        assert self.hook
        return "the-first-webhook"

    @cached_property
    def name_of_another(self) -> str:
        return self.made("/v1/webhooks", self.subscription("till"))["name"]

    @cached_property
    def changed_secret(self) -> str:
        self.made(f"/v1/webhooks/{self.hook}/secret", {}, key="the-first-secret")
        return f"/v1/webhooks/{self.hook}/secret"

    @cached_property
    def gone_hook(self) -> str:
        from festoon.webhooks.models import Endpoint

        Endpoint.objects.filter(pk=int(self.hook)).update(state="gone")
        return f"/v1/webhooks/{self.hook}"

    @cached_property
    def coupon(self) -> str:
        return self.claimed("mei")

    @cached_property
    def taos_coupon(self) -> str:
        return self.claimed("tao")

    @cached_property
    def token(self) -> str:
        return self.made("/v1/quotes", self.basket())["token"]

    @cached_property
    def other_token(self) -> str:
        return self.made("/v1/quotes", self.basket(buyer="rui"))["token"]

    @cached_property
    def changed_token(self) -> str:
        last = "A" if self.token[-3] != "A" else "B"
        return self.token[:-3] + last + self.token[-2:]

    @cached_property
    def tills_token(self) -> str:
        lines = [{"id": "1", "sku": "t-01", "quantity": 3, "unit_price": 12800}]
        return self.made("/v1/quotes", {"lines": lines}, by="till-willow-west")["token"]

    @cached_property
    def hold(self) -> str:
        return self.made("/v1/holds", {"token": self.token}, key="the-first-hold")["hold"]

    @cached_property
    def held_coupon(self) -> str:
        token = self.made("/v1/quotes", self.basket(chosen=[self.coupon]))["token"]
        held = self.made("/v1/holds", {"token": token})
        assert held["coupons"] == [self.coupon]
        return self.coupon

    @cached_property
    def redemption(self) -> str:
        body = {"hold": self.hold, "order": "o-1"}
        return self.made("/v1/redemptions", body, key="the-first-redemption")["redemption"]

    @cached_property
    def redeemed_hold(self) -> str:
        assert self.redemption
        return self.hold

    @cached_property
    def redeemed_hold_cancel(self) -> str:
        return f"/v1/holds/{self.redeemed_hold}/cancel"

    @cached_property
    def cancelled_hold(self) -> str:
        hold = self.made("/v1/holds", {"token": self.other_token})["hold"]
        self.made(f"/v1/holds/{hold}/cancel", {})
        return hold

    @cached_property
    def holds_key(self) -> str:
        assert self.hold
        return "the-first-hold"

    @cached_property
    def redemptions_key(self) -> str:
        assert self.redemption
        return "the-first-redemption"

    @cached_property
    def verify_key(self) -> str:
        self.made("/v1/verify", self.slip("slip-0"), key="the-first-verify")
        return "the-first-verify"

    @cached_property
    def shop_30(self) -> str:
        return self.claimed("mei", "d12-shop-30")

    @cached_property
    def refunds_key(self) -> str:
        self.made("/v1/refunds", {"redemption": self.redemption, "units": {"2": 1}}, key="the-first-refund")
        return "the-first-refund"

    @cached_property
    def claims_key(self) -> str:
        self.made("/v1/claims", {"offer": "d12-shop-30", "shopper": "rui"}, key="the-first-claim")
        return "the-first-claim"

    @cached_property
    def events_key(self) -> str:
        self.made("/v1/events", {"events": [self.event()]}, key="the-first-events")
        return "the-first-events"

    @cached_property
    def long_wallet(self) -> str:
        return "/v1/wallets/" + "m" * 97

    @cached_property
    def who_has_it(self) -> str:
        self.claimed("tao", "d12-shop-30")
        return "tao"

    @cached_property
    def long_campaign(self) -> str:
        return "/v1/campaigns/" + "c" * 65

    @cached_property
    def drafted_campaign(self) -> str:
        from festoon.campaigns.models import Campaign

        Campaign.objects.filter(code="womens-day").update(state="draft")
        return "/v1/campaigns/womens-day"
