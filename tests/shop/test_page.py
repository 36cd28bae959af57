"""The shopper's page: known by a signed token alone, and a coupon taken twice is taken once."""

from datetime import UTC, datetime, timedelta

import pytest

from festoon.campaigns.models import Campaign
from festoon.checkout.shopper_token import make_shopper_token
from festoon.coupons import queries as coupons
from festoon.demo.town.flash import announce
from festoon.distribution import queries as distributions
from festoon.distribution.actions import recall
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


def test_a_tag_is_said_in_the_language_of_the_page(cast, client):
    assert "标签为赠品的商品" in client.get(PAGE, headers={"accept-language": "zh-hans"}).content.decode()
    assert "goods tagged gift" in client.get(PAGE, headers={"accept-language": "en"}).content.decode()


def test_what_is_no_longer_distributed_is_not_shown(cast, client):
    """Fails when an offer without any distribution left is shown as one that never had any."""
    for each in distributions.own(SYSTEM).filter(campaign__code="double-12", state="released"):
        recall(each, why="it went too far", by=cast.person("lin"), now=cast.now)
    assert b"30 off 200" not in client.get(PAGE).content


def test_a_bar_is_as_full_as_there_is_left_of_coupons_and_of_prices_alike(cast, client):
    """Fails when one of two bars beside each other shows what is gone."""
    page = client.get(PAGE).content.decode()
    assert page.count('aria-label="Left ') == page.count("--share: 100") >= 2
    assert 'aria-label="Left 200 / 200"' in page, "the gaiwan set at its flash price"


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


def signed(cast, shopper="mei", merchant_id=1, channel="app", **more):
    return make_shopper_token(shopper, merchant_id=merchant_id, channel=channel, now=datetime.now(UTC), **more)[0]


def test_a_shop_hands_over_a_token_its_server_made(cast, client):
    from django.test import Client

    shop = Client(enforce_csrf_checks=True)
    answer = shop.post("/shop/enter/", {"token": signed(cast, "nan", minutes=5), "campaign": "double-12"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    cookie = answer.cookies["shopper"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/shop/")
    assert 0 < cookie["max-age"] <= 5 * 60, "no longer than the token lives"
    assert b"wallet-count" in shop.get(PAGE).content


@pytest.mark.parametrize("token", ["", "mei", "bWVp.x", "ÿ"])
def test_a_forged_token_lets_nobody_in(token, cast, client):
    answer = client.post("/shop/enter/", {"token": token})
    assert answer.status_code == 401
    assert "shopper" not in answer.cookies
    assert client.get("/shop/enter/").status_code == 405


def test_looking_does_not_make_a_token_last(cast, client):
    client.cookies["shopper"] = signed(cast)
    answer = client.get(PAGE)
    assert b"wallet-count" in answer.content
    assert "shopper" not in answer.cookies


def test_a_token_claims_only_what_its_channel_gives(cast, client):
    there = f"{PAGE}claim/d12-west-lake-20/"
    client.cookies["shopper"] = signed(cast, channel="mini")
    assert CLAIM.encode() not in client.get(PAGE).content, "what serves only in the app is not shown elsewhere"
    client.post(there, {"key": "mini"})
    assert held("mei") == 0
    client.cookies["shopper"] = signed(cast)
    client.post(there, {"key": "app"})
    assert held("mei") == 1


def test_a_merchants_token_opens_only_its_and_the_platforms_part_of_a_wallet(cast, client):
    from festoon.catalog.models import Merchant
    from festoon.distribution.claims import claim

    willow, kite = (Merchant.objects.get(code=code).pk for code in ("willow", "kite"))
    claim("d12-west-lake-20", "mei", by=cast.machine("till-willow-west"), now=cast.now, key="w")
    claim("d12-shop-30", "mei", by=cast.machine("demo-app"), now=cast.now, key="s")
    seen = {}
    for merchant in (1, willow, kite):
        client.cookies["shopper"] = signed(cast, merchant_id=merchant)
        told = client.get(PAGE).content.decode()
        seen[merchant] = told[told.index('class="wallet"') :].count("<code>")
    assert seen == {1: 2, willow: 2, kite: 1}


def test_a_coupon_without_a_limit_is_not_gone(cast, client):
    from festoon.coupons.models import Template
    from festoon.ledger.models import Account

    stock = Template.objects.get(offer__code="d12-shop-30").stock_id
    Account.objects.filter(pk=stock).update(limited=False, granted=0)
    client.post(f"{PAGE}be/", {"shopper": "mei"})
    told = client.get(PAGE).content
    assert CLAIM.encode() in told
    assert b">0 left" not in told


@pytest.mark.parametrize(("kind", "code"), [("campaign", "double-12"), ("all", "all")])
def test_when_everything_is_stopped_nothing_is_to_be_had(kind, code, cast, client):
    from festoon.offers.actions import stop

    client.post(f"{PAGE}be/", {"shopper": "mei"})
    assert b"50 off 300" in client.get(PAGE).content
    stop(kind, code, why="enough", by=cast.person("lin"), now=cast.now)
    told = client.get(PAGE).content
    assert b'class="claim"' not in told
    assert b"50 off 300" not in told, "nor does anything happen by itself"


def test_a_campaign_that_ends_at_midnight_names_the_day_before(cast, client):
    Campaign.objects.filter(code="double-12").update(
        starts_at=datetime(2026, 11, 19, 16, tzinfo=UTC), ends_at=datetime(2026, 12, 3, 16, tzinfo=UTC)
    )
    assert "Nov\u00a020 – Dec\u00a03" in client.get(PAGE).content.decode()


def test_a_coupon_for_a_price_bears_it_and_stands_among_coupons_alone(cast, client):
    announce("flash-1", opens_at=cast.now, now=cast.now)
    page = client.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert page.count("Flash sale: 50 teapots") == 1
    ticket = page.partition('id="coupon-flash-1"')[2].partition("</article>")[0]
    assert "<strong>¥199</strong><span>Flash price</span>" in ticket
    assert page.count('class="price-mark"') == 1, (
        "of the promotion; what must be claimed first is no price on the shelf"
    )
