"""Refusals that come from how things stand, not from what was sent; nothing is written either."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.good import Good
from tests.api.test_door import error

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


@pytest.fixture
def later(monkeypatch):
    """Sets the door's clock ahead."""

    def set_ahead(minutes: float) -> datetime:
        from festoon.api import claims, holds, hot_claims, quotes, redemptions, refunds

        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        for room in (claims, hot_claims, holds, quotes, redemptions, refunds):
            monkeypatch.setattr(room, "now", lambda: moment)
        return moment

    return set_ahead


def sold_out(good, later):
    from festoon.base.words import same
    from festoon.ledger import accounts, queries
    from festoon.records.refusal import Refusal
    from festoon.records.viewer import SYSTEM

    account = queries.account(SYSTEM, accounts.stock("d12-shop-30"))
    free = queries.standing(SYSTEM, [account.code])[account.code].free
    accounts.take(account, free, at=good.cast.now, refuse=Refusal("x", same("x")))
    return "/v1/claims", claim(), {}


def not_open(good, later):
    later(60 * 24 * 40)
    return "/v1/claims", claim(), {}


def limited_by_device(good, later):
    from festoon.coupons.models import Template
    from festoon.distribution import claimable

    Template.objects.filter(offer__code="d12-shop-30").update(per_device=1)
    claimable.forget()
    return "/v1/claims", claim(), {}


def not_for_you(good, later):
    from festoon.offers.models import Release

    release = Release.objects.get(kind="distribution", code="d12-app")
    Release.objects.filter(pk=release.pk).update(data={**release.data, "segments": ["gold"]})
    return "/v1/claims", claim(shopper="tao"), {}


def not_for_channel(good, later):
    return "/v1/claims", claim(offer="d12-west-lake-20"), {"text": a_key("web")}


def stopped(good, later):
    stop(good, "d12-shop-30")
    return "/v1/claims", claim(), {}


def recalled(good, later):
    from festoon.offers.models import Live

    good.claimed("tao", "d12-shop-30")  # this process has seen the offer live; another one recalls it
    Live.objects.filter(code="d12-shop-30").delete()
    return "/v1/claims", claim(), {}


def stale_token(good, later):
    body = {"token": good.token}
    later(11)
    return "/v1/holds", body, {}


def stopped_since(good, later):
    body = {"token": good.token, "accept": "same"}
    stop(good, "d12-300-less-50")
    return "/v1/holds", body, {}


def expired(good, later):
    from festoon.checkout.holds import expire_due

    token = good.made("/v1/quotes", good.basket(chosen=[good.coupon]))["token"]
    hold = good.made("/v1/holds", {"token": token})["hold"]
    assert expire_due(later(16)) == 1
    token = good.made("/v1/quotes", good.basket(chosen=[good.coupon]))["token"]
    good.made("/v1/holds", {"token": token})  # somebody else has the coupon now
    return "/v1/redemptions", {"hold": hold, "order": "o-1"}, {}


def not_here(good, later):
    token = good.made("/v1/quotes", good.basket(chosen=[good.claimed("mei", "d12-shop-30")]))["token"]
    hold = good.made("/v1/holds", {"token": token})
    assert hold["coupons"]
    return "/v1/redemptions", {"hold": hold["hold"], "order": "o-1"}, {"text": a_key("store")}


def already_refunded(good, later):
    body = {"redemption": good.redemption, "units": {"1": [1]}}
    good.made("/v1/refunds", body)
    return "/v1/refunds", body, {}


def secret_lost(good, later):
    from festoon.checkout.models import Hold
    from festoon.offers.models import Release

    body = {"redemption": good.redemption, "units": {"1": 1}}
    for release in Release.objects.filter(kind="offer"):
        Release.objects.filter(pk=release.pk).update(data={**release.data, "refund": {"claw_back": {}}})
    Hold.objects.update(token=b"sealed-with-another-secret")
    return "/v1/refunds", body, {}


def secret_lost_before_the_till(good, later):
    from festoon.checkout.models import Hold

    token = good.made("/v1/quotes", good.basket(chosen=[good.claimed("mei", "d12-shop-30")]))["token"]
    hold = good.made("/v1/holds", {"token": token})["hold"]
    Hold.objects.update(token=b"sealed-with-another-secret")
    return "/v1/redemptions", {"hold": hold, "order": "o-1"}, {"text": a_key("store")}  # elsewhere: judged again


def guessed(good, later):
    for number in range(10):
        good.ask("/v1/claims/by-code", {"code": f"WRONG{number}", "shopper": "mei"})
    return "/v1/claims/by-code", good.request("codes")[2], {}


def full(good, later):
    from festoon.webhooks import actions

    for number in range(actions.MOST):
        good.made("/v1/webhooks", good.subscription(f"n{number}"))
    return "/v1/webhooks", good.subscription("one-more"), {}


STATES = [
    (full, "subscribe", 409, "too_many", "name"),
    (guessed, "codes", 429, "too_many_tries", "code"),
    (sold_out, "claims", 409, "sold_out", "offer"),
    (not_open, "claims", 409, "not_open", "offer"),
    (limited_by_device, "claims", 409, "device_needed", "device"),
    (not_for_you, "claims", 409, "not_for_you", "offer"),
    (not_for_channel, "claims", 409, "not_for_channel", "offer"),
    (stopped, "claims", 409, "stopped", ""),
    (recalled, "claims", 409, "recalled", ""),
    (stale_token, "holds", 409, "quote_changed", "token"),
    (stopped_since, "holds", 409, "quote_changed", "token"),
    (expired, "redemptions", 409, "expired", "hold"),
    (not_here, "redemptions", 409, "not_here", "scene"),
    (already_refunded, "refunds", 409, "already_refunded", "units.1"),
    (secret_lost, "refunds", 409, "not_judged", "redemption"),
    (secret_lost_before_the_till, "redemptions", 409, "not_judged", "hold"),
]


@pytest.mark.parametrize(("state", "verb", "status", "code", "field"), STATES, ids=[s[0].__name__ for s in STATES])
def test_it_is_refused_and_nothing_is_written(good, later, rows, state, verb, status, code, field):
    address, body, more = state(good, later)
    before = rows()
    error(good.ask(address, body, **more), status, code, field)
    assert rows() == before


def test_a_changed_price_comes_with_the_new_quote_and_what_differs(good):
    quote = good.made("/v1/quotes", good.basket())
    stop(good, "d12-300-less-50")
    detail = good.ask("/v1/holds", {"token": quote["token"]}).json()["error"]["detail"]
    assert detail["quote"]["payable"] > quote["totals"]["payable"]
    assert {"what": "offer", "offer": "d12-300-less-50", "was": 5000, "is": None} in detail["differences"]
    held = good.made("/v1/holds", {"token": detail["quote"]["token"]})
    assert held["payable"] == detail["quote"]["payable"]


def test_what_cannot_be_known_to_hold_is_not_sold(good, monkeypatch):
    from django.db import OperationalError

    from festoon.api import ways
    from festoon.offers.numbers import queries
    from festoon.offers.version import watch

    def gone(*_):
        raise OperationalError("the server closed the connection")

    asked = [good.request(verb) for verb in ("quotes", "prices", "holds", "verify", "claims", "codes")]
    monkeypatch.setattr(queries, "book_number", gone)
    for way in (ways.SqliteWay, ways.PostgresWay):
        monkeypatch.setattr(way, "rows", gone)
    watch.forget()
    for method, address, body in asked:
        error(good.ask(address, body, method=method), 503, "book_unreadable", "")


def claim(**more):
    return {"offer": "d12-shop-30", "shopper": "mei", **more}


def stop(good, offer):
    from festoon.offers.actions import stop

    stop("offer", offer, why="a test", by=good.cast.person("lin"), now=good.cast.now)


def a_key(channel):
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM

    scopes = ["claims.write", "redemptions.write"]
    return make_key(channel, scopes=scopes, channel=channel, by=SYSTEM, now=datetime.now(UTC))[1]
