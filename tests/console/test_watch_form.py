"""The rule on how fast things are given is set in what people count in: money as they write it, or pieces."""

import pytest

from festoon.ledger import accounts
from festoon.offers import queries as offers
from festoon.offers.burns import queries as burns
from festoon.offers.models import BurnAlarm, Spending
from festoon.records.viewer import SYSTEM

pytestmark = pytest.mark.django_db
OFTEN = {"factor": "300", "minutes": "5"}
MARK = 'class="in-money"'


@pytest.fixture
def lin(at, cast):
    """Lin's browser; one offer is limited in what it may cost."""
    offer = offers.offer(SYSTEM, "d12-oolong-15")
    Spending.objects.create(offer=offer, most=100_000, zone="Asia/Shanghai")
    account = {"merchant_id": offer.merchant_id, "kind": "spending", "unit": "CNY"}
    accounts.filled("spending:all:d12-oolong-15", 100_000, at=cast.now, **account)
    return at("lin")


@pytest.mark.parametrize(
    ("thing", "typed", "kept", "said"),
    [
        ("campaign:double-12", {"money": "50.00"}, 5000, "planned ¥50.00 an hour"),
        ("offer:d12-oolong-15", {"money": "50.5", "per_hour": "7"}, 5050, "planned ¥50.50 an hour"),
        ("offer:d12-shop-30", {"per_hour": "1200", "money": "7"}, 1200, "planned 1,200 an hour"),
        ("campaign:double-12", {"money": ""}, None, "the budget spread over the dates"),
    ],
)
def test_a_plan_is_typed_in_money_where_money_is_watched(lin, thing, typed, kept, said):
    assert lin.post("/watch/", {"of": thing, **OFTEN, **typed}).status_code == 302
    rule = burns.burn_rule(SYSTEM, *thing.split(":"))
    assert rule is not None and rule.per_hour == kept
    page = lin.get("/watch/").content.decode()
    assert said in page
    BurnAlarm.objects.create(rule=rule, at=rule.at, taken=123_400, planned=100, exposure=0)
    alarmed = lin.get("/health/").content.decode()
    assert ("¥1,234.00 in 5 minutes" in alarmed) == ("money" in typed and not thing.endswith("30"))


def test_the_form_knows_what_is_watched_in_money(lin):
    page = lin.get("/watch/").content.decode()
    marked = {
        each.partition('"')[0] for each in page.split('<option value="') if MARK in each.partition("</option>")[0]
    }
    assert {"campaign:double-12", "offer:d12-oolong-15"} <= marked
    assert "offer:d12-shop-30" not in marked and 'value="offer:d12-shop-30"' in page
    assert '<span class="input-group-text">¥</span>' in page


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(lin):
    answer = lin.post("/watch/", {"of": "campaign:double-12", "factor": "90", "minutes": "5", "money": "0"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_factor_error"' in page and 'id="id_money_error"' in page and 'value="90"' in page
    assert not burns.burn_rules(SYSTEM).exists()
    page = lin.post("/watch/", {"of": "offer:d12-300-less-50", **OFTEN, "per_hour": "10"}).content.decode()
    assert "There is no stock, unit limit or budget to watch." in page and 'id="id_of_error"' in page
