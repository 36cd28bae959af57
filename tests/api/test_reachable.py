"""The description promises which refusals an endpoint may give: each can be provoked, and no other is given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api.conftest import app
from tests.api.good import Good
from tests.api.test_bad_input import CASES
from tests.api.test_door import error
from tests.api.test_states import STATES

pytestmark = pytest.mark.django_db
NAMES = {
    "quotes": "quote_basket", "prices": "price_tags", "holds": "hold_quote", "cancel": "cancel_hold", "redemptions": "redeem_hold",
    "refunds": "refund_units", "verify": "verify_at_the_till", "claims": "claim_coupon", "codes": "claim_by_code", "wallet": "wallet", "events": "send_events",
    "campaigns": "campaigns", "campaign": "campaign", "shopper-tokens": "sign_shopper", "health": "health",
    "webhooks": "webhooks", "subscribe": "subscribe_webhook", "webhook": "webhook", "change": "change_webhook",
    "secret": "change_webhook_secret", "end": "end_webhook", "deliveries": "webhook_deliveries", "resend": "resend_to_webhook",
}  # fmt: skip
RACES = {("verify", "hold_moved"), ("cancel", "hold_moved"), ("redemptions", "hold_moved"), ("refunds", "refund_moved")}
"""Given only to who loses a race five times in a row; the store's own tests run those races."""
ELSEWHERE = {(verb, "book_unreadable") for verb in ("quotes", "prices", "holds", "verify", "claims", "codes")} | {
    ("verify", "too_many_tries")
}
"""Provoked in test_states, for several endpoints at once; the last, after a thousand wrong codes, in the till's own test."""
COMMON = {
    "unauthorised", "forbidden", "too_many_requests", "unavailable", "bad_request", "malformed", "too_large",
    "key_missing", "key_malformed",
}  # fmt: skip
"""Provoked below, for every endpoint that documents them."""


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


def handlers():
    return {
        handler.operation_id: handler
        for route in app().routes
        for handler in getattr(route, "route_handlers", [])
        if "refuses" in handler.opt
    }


def promised(verb: str) -> set[str]:
    return set(handlers()[NAMES[verb]].opt["refuses"])


def those_with(code: str):
    return [verb for verb in NAMES if code in promised(verb)]


def test_every_endpoint_is_named_here():
    assert set(handlers()) == set(NAMES.values())


def test_every_promised_refusal_is_provoked_and_no_other_is_given():
    provoked = {(case["to"], case["answer"][1]) for case in CASES} | {(verb, code) for _, verb, _, code, _ in STATES}
    documented = {(verb, code) for verb in NAMES for code in promised(verb) - COMMON}
    assert provoked - documented == set(), "given, but not promised"
    assert documented - provoked - RACES - ELSEWHERE == set(), "promised, but never given"


@pytest.mark.parametrize("verb", NAMES)
def test_what_every_endpoint_may_say(good, rows, verb):
    method, address, body = good.request(verb)
    keyless = make_key(["facts:goods"])
    before = rows()
    codes = promised(verb)
    if "unauthorised" in codes:
        error(good.door.request(method, address, json=body), 401, "unauthorised", "Authorization")
        error(good.ask(address, body, method=method, text=keyless), 403, "forbidden", "")
    if "key_missing" in codes:
        error(good.ask(address, body, key=None), 400, "key_missing", "Idempotency-Key")
        error(good.ask(address, body, key="two words"), 400, "key_malformed", "Idempotency-Key")
        error(good.ask(address, body, key="k" * 256), 400, "key_malformed", "Idempotency-Key")
    if "malformed" in codes:
        headers = {"Authorization": f"Bearer {good.cast.key(good.by(address))}", "Idempotency-Key": "k"}
        raw = lambda content, **more: good.door.post(address, content=content, headers={**headers, **more})  # noqa: E731
        error(raw(b"{"), 400, "malformed", "body")
        error(raw(b"{}" + b" " * 1_048_576), 413, "too_large", "body")
        error(raw(b"{}", **{"Content-Length": "many"}), 400, "bad_request", "")
    assert rows() == before


@pytest.mark.parametrize("verb", those_with("unavailable"))
def test_without_a_database_every_endpoint_says_try_again(good, verb):
    from django.db import connections

    from festoon.api import gate

    method, address, body = good.request(verb)
    gate.forget()
    settings = connections["default"].settings_dict
    kept = {name: settings[name] for name in ("NAME", "PORT", "HOST")}
    settings.update(NAME="/nowhere/at/all.sqlite3", HOST="127.0.0.1", PORT="1")
    try:
        error(good.ask(address, body, method=method), 503, "unavailable", "")
    finally:
        settings.update(kept)


@pytest.mark.parametrize("verb", those_with("too_many_requests"))
def test_a_caller_that_crowds_the_door_is_turned_away(good, verb):
    from litestar.testing import TestClient

    from festoon.api.app import served

    method, address, body = good.request(verb)
    with TestClient(served(most_under_way=0)) as crowded:
        good.door = crowded
        answer = good.ask(address, body, method=method)
        error(answer, 429, "too_many_requests", "Authorization")
        assert answer.headers["retry-after"] == "1"


def make_key(scopes):
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM

    return make_key("another", scopes=scopes, channel="app", by=SYSTEM, now=datetime.now(UTC))[1]
