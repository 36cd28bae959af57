"""The shop's policy locks a merchant's offer from others it may not see: it reads that this is so, and never from which."""

import pytest

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.catalog.sign_in import one_time_path
from festoon.console.queries import subject_names
from festoon.console.review_page import context
from festoon.coupons import actions as coupons
from festoon.offers import pairs, queries
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews
from tests.desk import CHEN, LATER, LIN, NOW, coupon, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
CODE, EN, ZH = "hush-50", "Hush sale", "秘密大促"


@pytest.fixture
def locked(theme, ye):
    """The review of a merchant's coupon, with a lock from a promotion of the platform that is in review itself."""
    hidden = spend_and_save(CODE, name={"en": EN, "zh": ZH}, scope={"all": True}, campaign=None)
    promotions.submit(promotions.create(hidden, by=LIN, now=NOW), by=LIN, now=NOW)
    payers = [{"payer": "merchant:willow", "basis_points": 10000}]
    mine = coupons.create(coupon("w-30", scope={"all": True}, payers=payers, campaign=None), by=ye, now=NOW)
    coupons.submit(mine, by=ye, now=NOW)
    (lock,) = queries.exclusions(SYSTEM)
    assert {lock.first.code, lock.second.code} == {CODE, "w-30"}
    found = reviews.latest(ye, "coupon", "w-30")
    assert found is not None
    return found


@pytest.mark.parametrize("agreed", [False, True])
def test_a_merchant_does_not_read_which_offer_its_own_is_locked_from(locked, agreed, ye, client):
    if agreed:
        coupons.approve(queries.offer(SYSTEM, "w-30"), by=CHEN, now=LATER)
    add_person("mate", merchant="willow", name=Words("Mate", "同事"), roles=["merchant"], by=SYSTEM, now=NOW)
    client.get(one_time_path("mate"))
    for path in (f"/reviews/{locked.pk}/", "/reviews/", "/offers/w-30/", "/offers/w-30/exclusions/", "/audit/"):
        told = client.get(path).content.decode()
        assert [word for word in (CODE, EN, ZH) if word in told] == [], path
    assert "Another&#x27;s offer" in client.get(f"/reviews/{locked.pk}/").content.decode(), (
        "that it is locked stands there"
    )


def test_who_sees_the_other_offer_reads_its_name(locked, ye):
    (told,) = context(CHEN, locked, mine=False)["between"]
    assert (told["other"], told["name"]) == (CODE, Words(EN, ZH))
    promotions.approve(queries.offer(SYSTEM, CODE), by=CHEN, now=LATER)
    (told,) = pairs.as_read(ye, locked.content)[pairs.NAME]
    assert told["between"] == [CODE, "w-30"], "out, and on its goods: from now on it may know"


def test_an_exclusion_is_called_by_the_ends_that_are_seen(locked, ye):
    locked.content = {"between": [CODE, "w-30"]}
    (name,) = subject_names(ye, [locked]).values()
    assert name == Words("Another's offer × 30 off 200", "其他方的优惠 × 满200减30券")
    assert pairs.as_read(ye, locked.content) == {"between": ["", "w-30"]}
