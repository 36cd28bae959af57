"""The list of campaigns: what was agreed on, and nothing that is still talked about."""

import pytest

from festoon.campaigns.models import Campaign
from festoon.offers.models import Offer
from festoon.promotions import actions as promotions
from tests.api.good import Good

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


@pytest.mark.parametrize("state", ["draft", "in_review", "sent_back", "withdrawn", "of tomorrow"])
def test_what_was_not_agreed_on_is_not_there(state, good):
    Campaign.objects.filter(code="double-12").update(state=state)
    listed = good.made("/v1/campaigns", None, method="GET")["campaigns"]
    assert [one["code"] for one in listed] == ["womens-day"]
    assert good.ask("/v1/campaigns/double-12", method="GET").status_code == 404


def test_an_offer_is_told_as_it_was_released(good, cast):
    offer = Offer.objects.get(code="d12-300-less-50")
    draft = {**offer.draft, "name": {"en": "A secret plan", "zh": "秘密"}}
    promotions.edit(offer, draft, by=cast.person("lin"), now=cast.now)
    told = good.made("/v1/campaigns/double-12", None, method="GET")["offers"]
    assert {one["name"]["en"] for one in told if one["code"] == offer.code} == {"50 off 300"}


def test_a_coupon_without_a_limit_has_no_number_left(good):
    from festoon.coupons.models import Template
    from festoon.ledger.models import Account

    stock = Template.objects.get(offer__code="d12-shop-30").stock_id
    Account.objects.filter(pk=stock).update(limited=False, granted=0)
    told = good.made("/v1/campaigns/double-12", None, method="GET")["offers"]
    assert {one["code"]: one["left"] for one in told}["d12-shop-30"] is None
