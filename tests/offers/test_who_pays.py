"""Where nobody is named the owner pays, by the name that its budgets go by."""

import pytest

from festoon.composition import actions as composition
from festoon.composition.paper import paper
from festoon.console.offer_page import payers_of
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
PLATFORM = [{"payer": "platform", "basis_points": 10_000}]


def unnamed(code, **more):
    data = spend_and_save(code, **more)
    del data["payers"]
    return data


def test_of_what_is_the_platforms_the_platform_pays_and_a_paper_says_so(theme):
    made = promotions.create(unnamed("d12-nobody"), by=LIN, now=NOW)
    assert made.draft["payers"] == PLATFORM
    assert payers_of(made.draft) == [("platform", 10_000)]
    assert composition.apply(paper(SYSTEM, theme), by=LIN, now=NOW) == []
    changed = promotions.edit(made, unnamed("d12-nobody", priority=7), by=LIN, now=NOW)
    assert changed.draft["payers"] == PLATFORM


def test_of_what_is_a_merchants_that_merchant_pays(shop, ye):
    data = unnamed("w-nobody")
    del data["campaign"]
    made = promotions.create(data, by=ye, now=NOW)
    assert payers_of(made.draft) == [("merchant:willow", 10_000)]


def test_who_a_type_names_pays_as_before(theme):
    data = unnamed("d12-across", type="cross_store", **{"with": {"tiers": [{"at": 30000, "off": 5000}]}})
    made = promotions.create(data, by=LIN, now=NOW)
    assert "payers" not in made.draft
    assert payers_of(made.draft) == [("merchant", 10_000)]
