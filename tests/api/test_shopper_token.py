"""The signed token of a shopper: whose it is, how long it lives, that nobody else can make one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from festoon.checkout.shopper_token import make_shopper_token, verify_shopper_token
from festoon.records.refusal import Refusal

NOW = datetime(2026, 12, 12, 12, 0, tzinfo=UTC)


def made(shopper="梅", **given):
    return make_shopper_token(shopper, **{"merchant_id": 1, "channel": "app", "now": NOW, **given})[0]


def refused(token, now=NOW):
    with pytest.raises(Refusal) as caught:
        verify_shopper_token(token, now=now)
    assert caught.value.status == 401 and caught.value.field == "shopper_token"
    return caught.value.code


def test_it_says_who_and_until_when():
    signed = verify_shopper_token(made(), now=NOW)
    assert (signed.shopper, signed.merchant_id, signed.channel) == ("梅", 1, "app")
    assert signed.ends == NOW + timedelta(minutes=15)


def test_it_ends():
    token = made(minutes=15)
    assert verify_shopper_token(token, now=NOW + timedelta(minutes=14, seconds=59))
    assert refused(token, NOW + timedelta(minutes=15)) == "token_stale"


@pytest.mark.parametrize(
    "token", ["", ".", "x", "a.b.c", "é.é", "\ud800.x", "W10.W10", "a" * 5_000, made()[:-1], "A" + made(), made() + "="]
)
def test_what_is_not_ours(token):
    assert refused(token) == "token_forged"


def test_no_part_of_one_fits_another():
    body, seal = made("mei").split(".")
    assert refused(f"{made('tao').split('.')[0]}.{seal}") == "token_forged"
    assert refused(f"{body}.{made('tao').split('.')[1]}") == "token_forged"


def test_another_installation_cannot_make_one(settings):
    token = made()
    settings.SECRET_KEY = "the secret of another shop"
    assert refused(token) == "token_forged"
