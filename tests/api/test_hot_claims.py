"""A claim on the short way: what the application says, byte for byte, and one coupon for a key on either way."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import app, forget_everything
from tests.api.test_hot import Spied, _asked

pytestmark = pytest.mark.django_db
LONGEST = 1_048_576


@pytest.fixture
def both(cast):
    """Ask the application first, then the route before it, the same with the same key."""
    from festoon.distribution import claimable

    forget_everything()
    claimable.forget()
    headers = {"Authorization": f"Bearer {cast.key('demo-app')}", "Idempotency-Key": "k"}

    def ask(body, method="POST", warm=True, **more):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {name: value for name, value in {**headers, **more}.items() if value is not None}
        return asyncio.run(_both(method, content, given, warm))

    yield ask
    forget_everything()


async def _both(method, content, headers, warm):
    from django.db import connections

    from festoon.api import hot_claims
    from festoon.api.hot import Hot

    spied, loop = Spied(app()), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    try:
        plain = await _asked(app(), method, content, headers, "/v1/claims")
        if not warm:
            forget_everything()
        door = Hot(spied, {"/v1/claims": hot_claims.route()}, LONGEST)
        return plain, await _asked(door, method, content, headers, "/v1/claims"), spied.asked > 0
    finally:
        await loop.run_in_executor(None, connections.close_all)


def claimable_offer():
    from festoon.coupons import queries as coupons
    from festoon.distribution.claimable import claimable
    from festoon.records.viewer import SYSTEM

    for row in coupons.templates(SYSTEM):
        found = claimable(SYSTEM, row.offer.code)
        if found is not None and not any(way.segments or way.buyers for way in found.ways):
            return row.offer.code
    raise AssertionError("the cast has a coupon for everybody")


@pytest.mark.parametrize("warm", [True, False])
def test_one_key_gets_one_coupon_whichever_way_it_comes(both, warm):
    from festoon.coupons.models import Coupon

    body = {"offer": claimable_offer(), "shopper": "mei"}
    before = Coupon.objects.count()
    plain, hot, needed = both(body, warm=warm)
    assert hot == plain
    assert plain[0] == 201, plain
    assert Coupon.objects.count() == before + 1
    assert not needed


@pytest.mark.parametrize(
    "asked", [{"offer": "nothing"}, {"shopper": "nobody"}, {"scene": "s" * 32}], ids=["offer", "shopper", "scene"]
)
def test_a_refusal_is_the_same_on_either_way(both, asked):
    plain, hot, needed = both({"offer": claimable_offer(), "shopper": "mei", **asked})
    assert hot == plain
    assert not needed


ODD = {
    "no JSON": (b"{", {}, 400),
    "nothing": (b"", {}, 400),
    "an unknown field": ({"offer": "a", "shopper": "mei", "key": "k"}, {}, 422),
    "no key": ({"offer": "a", "shopper": "mei"}, {"Idempotency-Key": None}, 400),
    "a key of spaces": ({"offer": "a", "shopper": "mei"}, {"Idempotency-Key": "a b"}, 400),
    "nobody": ({"offer": "a", "shopper": "mei"}, {"Authorization": "Bearer fst_" + "a" * 43}, 401),
}


@pytest.mark.parametrize(("body", "headers", "status"), ODD.values(), ids=ODD)
def test_what_is_out_of_the_ordinary_goes_to_the_application_whole(both, body, headers, status):
    plain, hot, needed = both(body, **headers)
    assert hot == plain and plain[0] == status
    assert needed
