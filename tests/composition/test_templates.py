"""A campaign started from a template is whole: it can be submitted as it is."""

from datetime import UTC, datetime

import pytest

from festoon.composition import actions as composition
from festoon.composition import templates
from festoon.offers import queries as offers
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW

pytestmark = pytest.mark.django_db(transaction=True)
NAME = {"en": "Again", "zh": "再来"}
STARTS = datetime(2027, 1, 1, tzinfo=UTC)


def data(**more):
    return {"code": "again", "name": NAME, "starts_at": STARTS, **more}


@pytest.mark.parametrize("code", sorted(templates.house()))
def test_every_template_of_the_house_can_be_submitted(shop, code):
    found = templates.house()[code]
    made = templates.start(code, data(), by=LIN, now=NOW)
    assert (made.ends_at - made.starts_at).days == found.days
    assert set(composition.submit(made, by=LIN, now=NOW).values()) <= {"in_review", "released"}
    assert offers.visible(SYSTEM).filter(campaign=made).count() == len(found.offers)


def test_a_merchant_pays_for_its_own(shop, ye):
    made = templates.start("great-sale", data(), by=ye, now=NOW)
    assert {offer.draft["payers"][0]["payer"] for offer in offers.visible(SYSTEM).filter(campaign=made)} == {
        "merchant:willow"
    }


def test_a_code_that_is_taken_or_a_template_nobody_knows_writes_nothing(theme):
    with pytest.raises(Conflict, match="taken"):
        templates.start("great-sale", data(code="double-12"), by=LIN, now=NOW)
    with pytest.raises(NotFound):
        templates.start("moon", data(), by=LIN, now=NOW)
    with pytest.raises(Invalid):
        templates.start("great-sale", data(ends_at="2026-01-01"), by=LIN, now=NOW)
    assert not offers.visible(SYSTEM).exists()
