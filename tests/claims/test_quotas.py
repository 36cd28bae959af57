"""A quota is given once to each on the list, however often and at what moment it is asked for."""

import pytest

from festoon.campaigns.models import Campaign
from festoon.distribution.models import Distribution
from festoon.distribution.quotas import give_quota, quota
from festoon.ledger import accounts
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
TOWN = [f"town-{n:03}" for n in range(20)]


@pytest.fixture
def listed() -> Distribution:
    world.distribution("list", buyers=TOWN)
    campaign = Campaign.objects.get()
    return Distribution.objects.create(
        merchant_id=1, campaign=campaign, code="list", name_en="", name_zh="", draft={}, author="", created_at=NOW
    )


def test_who_is_named_twice_gets_one(listed: Distribution) -> None:
    batch = give_quota(listed, ["town-001", "nobody", "town-001"], each=3, by=SHOP, now=NOW, key="k")
    assert (batch.taken, [(row.index, row.code) for row in batch.refused]) == (1, [(1, "unknown"), (2, "has_quota")])
    assert accounts.balance(quota("list", "town-001")) == 3


def test_of_two_calls_at_once_the_second_finds_what_the_first_gave(listed: Distribution) -> None:
    told = race(2, lambda n: give_quota(listed, TOWN, each=3, by=SHOP, now=NOW, key=f"k{n}"))
    assert sorted(batch.taken for batch in told) == [0, 20]
    assert {accounts.balance(quota("list", code)) for code in TOWN} == {3}
