"""What a merchant sees of others: the platform's live offers that touch its goods, as they are in the book."""

import pytest

from festoon.campaigns.actions import create as create_campaign
from festoon.catalog.models import Merchant
from festoon.distribution import actions as distributions
from festoon.distribution import queries as ways
from festoon.distribution.quotas import give_quota
from festoon.ledger.models import Account
from festoon.offers import actions as verbs
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.promotions import actions as promotions
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from tests.console.test_walls import signed_in  # noqa: F401

pytestmark = pytest.mark.django_db


def edited(cast, code="d12-300-less-50", **more):
    """Lin writes something new into a live offer; nobody has agreed to it."""
    offer = Offer.objects.get(code=code)
    draft = {
        **offer.draft,
        "name": {"en": "A secret plan", "zh": "秘密计划"},
        "with": {"tiers": [{"at": 100, "off": 77}]},
    }
    return promotions.edit(offer, {**draft, **more}, by=cast.person("lin"), now=cast.now)


def test_offers_that_touch_none_of_its_goods_are_not_there(cast):
    ye = cast.person("ye")
    seen = set(offers.visible(ye).values_list("code", flat=True))
    assert {"d12-300-less-50", "d12-oolong-15", "d12-west-lake-20"} <= seen
    assert "d12-run-80-off" not in seen
    with pytest.raises(NotFound):
        offers.offer(ye, "d12-run-80-off")
    assert offers.visible(cast.person("lin")).filter(code="d12-run-80-off").exists()


def test_what_is_not_released_is_not_there(cast):
    ye = cast.person("ye")
    waiting = Offer.objects.filter(state__in=("draft", "in_review"), merchant_id=1)
    assert waiting.exists()
    assert not offers.visible(ye).filter(pk__in=waiting).exists()


def test_what_is_recalled_is_gone(cast):
    verbs.recall("offer", "d12-oolong-15", why="over", by=cast.person("chen"), now=cast.now)
    assert not offers.visible(cast.person("ye")).filter(code="d12-oolong-15").exists()


@pytest.mark.parametrize(
    "path", ["/offers/d12-300-less-50/", "/offers/", "/campaigns/double-12/", "/offers/d12-west-lake-20/"]
)
def test_an_edit_of_a_live_offer_is_nobody_elses_business(path, cast, signed_in):  # noqa: F811
    edited(cast)
    told = signed_in("ye").get(path).content
    assert b"50 off 300" in told
    assert b"secret plan" not in told
    assert b"0.77" not in told


def test_its_author_sees_the_edit(cast, signed_in):  # noqa: F811
    edited(cast)
    assert b"secret plan" in signed_in("lin").get("/offers/d12-300-less-50/").content


def test_the_coupons_of_the_platform_are_in_nobody_elses_list(cast, signed_in):  # noqa: F811
    client = signed_in("ye")
    assert client.get("/coupons/d12-gold-12/").status_code == 404
    assert b"/coupons/d12-gold-12/" not in client.get("/offers/").content
    assert client.get("/coupons/d12-west-lake-20/").status_code == 200


def test_a_campaign_and_a_distribution_that_nobody_agreed_to_are_not_there(cast, signed_in):  # noqa: F811
    lin = cast.person("lin")
    plan = {"code": "plan", "name": {"en": "A secret plan", "zh": "秘密"}, "starts_at": "2026-12-01T00:00"}
    create_campaign({**plan, "ends_at": "2026-12-30T00:00"}, by=lin, now=cast.now)
    way = {
        "code": "d12-plan",
        "name": {"en": "A hidden way", "zh": "秘密"},
        "campaign": "double-12",
        "channels": ["web"],
    }
    distributions.create(way, by=lin, now=cast.now)
    client = signed_in("ye")
    assert client.get("/campaigns/plan/").status_code == 404
    for path in ("/campaigns/", "/offers/"):
        assert b"secret plan" not in client.get(path).content, path
    assert b"A hidden way" not in client.get("/campaigns/double-12/").content
    assert b"A hidden way" in signed_in("lin").get("/campaigns/double-12/").content


def test_the_dashboard_tells_of_stops_that_concern_one(cast, signed_in):  # noqa: F811
    lin = cast.person("lin")
    for code in ("d12-run-80-off", "d12-oolong-15", "d12-west-lake-20"):
        verbs.stop("offer", code, why=f"why {code}", by=lin, now=cast.now)
    told = signed_in("ye").get("/dashboard/").content
    assert b"why d12-run-80-off" not in told
    assert b"d12-run-80-off" not in told
    assert b"why d12-oolong-15" in told and b"Stopped: 15% off oolong" in told
    assert b"why d12-west-lake-20" in told
    assert b"why d12-run-80-off" in signed_in("lin").get("/dashboard/").content


def test_who_stopped_it_is_said(cast, signed_in):  # noqa: F811
    verbs.stop("offer", "d12-oolong-15", why="enough", by=cast.person("chen"), now=cast.now)
    assert b"Stopped by Chen Bo" in signed_in("lin").get("/offers/d12-oolong-15/").content


def test_quotas_are_given_on_ones_own_distribution(cast):
    operator = Viewer("key:willow", Merchant.objects.get(code="willow").pk, frozenset({"coupons.issue"}))
    accounts = Account.objects.count()
    with pytest.raises(NotFound):
        give_quota(ways.distribution(SYSTEM, "d12-app"), ["mei"], each=3, by=operator, now=cast.now, key="theirs")
    assert Account.objects.count() == accounts
    mine = ways.distribution(SYSTEM, "d12-west-lake")
    told = give_quota(mine, ["mei"], each=3, by=operator, now=cast.now, key="mine")
    assert [row.code for row in told.refused] == ["unknown"], "on its own it may; only, nobody is on its list"
