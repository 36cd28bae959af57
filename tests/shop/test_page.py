"""The shopper's page: known by a signed token alone, and a coupon taken twice is taken once."""

from datetime import timedelta

import pytest

from festoon.checkout.shopper_token import make_shopper_token
from festoon.coupons import queries as coupons
from festoon.records.viewer import SYSTEM

pytestmark = pytest.mark.django_db

PAGE = "/shop/double-12/"
CLAIM = f"{PAGE}claim/d12-shop-30/"


def held(shopper):
    return coupons.wallet(SYSTEM, shopper).count()


def test_the_page_is_open_to_everybody_and_names_nobody(cast, client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert b"30 off 200" in answer.content
    assert b"wallet-count" not in answer.content
    assert b"60 off Rain on plums" not in answer.content, "what is still in review is nobody's business"


def test_claiming_is_for_somebody(cast, client):
    answer = client.post(CLAIM, {"key": "one"}, follow=True)
    assert b"Choose who you are" in answer.content
    assert held("mei") == 0


def test_the_same_press_twice_is_one_coupon(cast, client):
    client.post(f"{PAGE}be/", {"shopper": "mei"})
    for _ in range(2):
        answer = client.post(CLAIM, {"key": "one press"}, follow=True)
        assert b"It is yours" in answer.content
    assert held("mei") == 1
    again = client.post(CLAIM, {"key": "another press"}, follow=True)
    assert b"as many of these as one person may have" in again.content
    assert held("mei") == 1


def test_a_key_of_another_shopper_gives_nothing_away(cast, client):
    client.post(f"{PAGE}be/", {"shopper": "mei"})
    client.post(CLAIM, {"key": "shared"})
    client.post(f"{PAGE}be/", {"shopper": "rui"})
    client.post(CLAIM, {"key": "shared"})
    assert (held("mei"), held("rui")) == (1, 1)


def test_the_picker_knows_the_few_it_shows(cast, client):
    answer = client.post(f"{PAGE}be/", {"shopper": "town-001"})
    assert "shopper" not in answer.cookies


def test_a_token_is_out_of_reach_of_scripts_and_short(cast, client):
    cookie = client.post(f"{PAGE}be/", {"shopper": "mei"}).cookies["shopper"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/shop/")
    assert int(cookie["max-age"]) <= 15 * 60


@pytest.mark.parametrize("token", ["", "mei", "bWVp.x", "a" * 5000, "ÿ"])
def test_a_forged_token_is_nobody(token, cast, client):
    client.cookies["shopper"] = token
    assert b"wallet-count" not in client.get(PAGE).content


def test_an_old_token_is_nobody(cast, client):
    token, _ = make_shopper_token("mei", merchant_id=1, channel="app", now=cast.now - timedelta(hours=2))
    client.cookies["shopper"] = token
    assert b"wallet-count" not in client.get(PAGE).content
    client.post(CLAIM, {"key": "late"})
    assert held("mei") == 0


def test_a_campaign_that_is_not_out_has_no_page(cast, client):
    from festoon.campaigns.actions import create

    create(
        {
            "code": "secret",
            "name": {"en": "Secret", "zh": "保密"},
            "starts_at": cast.now,
            "ends_at": cast.now + timedelta(days=1),
        },
        by=cast.person("lin"),
        now=cast.now,
    )
    assert client.get("/shop/secret/").status_code == 404
    assert client.get("/shop/nothing/").status_code == 404


def test_a_stopped_coupon_is_gone(cast, client):
    from festoon.offers.actions import stop

    stop("offer", "d12-shop-30", why="enough", by=cast.person("lin"), now=cast.now)
    client.post(f"{PAGE}be/", {"shopper": "mei"})
    assert CLAIM.encode() not in client.get(PAGE).content
    answer = client.post(CLAIM, {"key": "anyway"}, follow=True)
    assert b"has been stopped" in answer.content
    assert held("mei") == 0


def test_the_page_speaks_chinese(cast, client):
    client.cookies["django_language"] = "zh-hans"
    answer = client.get(PAGE).content.decode()
    assert "双十二" in answer
    assert "满200减30券" in answer
    assert 'lang="zh-hans"' in answer
