"""The machine door as one Litestar application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from litestar import Litestar
from litestar.types import ASGIApp

from festoon.api import description, hot_claims, ways
from festoon.api.body import Strict
from festoon.api.campaigns import campaign, campaigns
from festoon.api.claims import claim_by_code, claim_coupon
from festoon.api.crowd import MOST, Crowd
from festoon.api.errors import HANDLERS
from festoon.api.events import send_events
from festoon.api.gate import scoped
from festoon.api.health import health
from festoon.api.holds import cancel_hold, hold_quote
from festoon.api.hot import Hot
from festoon.api.hot_quotes import HotQuotes
from festoon.api.memory import Memory
from festoon.api.prices import price_tags
from festoon.api.quotes import quote_basket
from festoon.api.redemptions import redeem_hold
from festoon.api.refunds import refund_units
from festoon.api.shopper_tokens import sign_shopper
from festoon.api.verify import verify_at_the_till
from festoon.api.wallets import wallet
from festoon.api.webhooks import (
    change_webhook,
    change_webhook_secret,
    end_webhook,
    resend_to_webhook,
    subscribe_webhook,
    webhook,
    webhook_deliveries,
    webhooks,
)

VERBS = [
    quote_basket, price_tags, hold_quote, cancel_hold, redeem_hold, verify_at_the_till, refund_units, claim_coupon, claim_by_code,
    wallet, sign_shopper, send_events, campaigns, campaign, webhooks, subscribe_webhook, webhook, change_webhook,
    change_webhook_secret, end_webhook, webhook_deliveries, resend_to_webhook, health,
]  # fmt: skip
AT_ONCE = 16
"""Threads for verbs: each holds a database connection while it works."""
LIMIT = 1_048_576
"""Bytes a body may have."""


def _threads() -> None:
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="festoon-api")
    asyncio.get_running_loop().set_default_executor(threads)


def application(*closing: Callable[[], Awaitable[None]]) -> Litestar:
    """A new application; Django must be set up before. `closing` is awaited when the server ends."""
    app = Litestar(
        path="/v1",
        route_handlers=VERBS,
        dto=Strict,
        guards=[scoped],
        exception_handlers=HANDLERS,
        openapi_config=description.config(),
        request_max_body_size=LIMIT,
        on_startup=[_threads],
        on_shutdown=[*closing],
        logging_config=None,
        debug=False,
    )
    return description.finish(app)


def served(*, most_under_way: int = MOST) -> ASGIApp:
    """The application as it is served: what is asked all the time is answered before it.

    `most_under_way`: requests of one key at the same time.
    """
    way = ways.way(connection.settings_dict)
    routes = {"/v1/quotes": HotQuotes(way, Memory()).route(), "/v1/claims": hot_claims.route()}
    return Crowd(Hot(application(way.close), routes, LIMIT), most_under_way)
