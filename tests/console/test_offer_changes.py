"""What changes of an offer is told field by field in words: while it is written, and to who reviews it."""

import pytest
from django.utils import translation

from festoon.catalog import queries as catalog
from festoon.catalog.sign_in import one_time_path
from festoon.console.offer_changes import changes
from festoon.console.offer_form import opening
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews

pytestmark = pytest.mark.django_db
BEFORE = {
    "kind": "promotion", "name": {"en": "Tea days", "zh": "茶日"}, "type": "spend_and_save",
    "with": {"tiers": [{"at": 30000, "off": 5000}]}, "scope": {"category": ["tea"], "except": {"sku": ["t-01"]}},
    "when": [{"segment": {"any": ["gold"]}}, {"channel": {"any": ["app"]}}],
    "window": {"start": "2030-01-01T00:00", "end": "2030-02-01T00:00", "zone": "Asia/Shanghai"},
    "payers": [{"payer": "platform", "basis_points": 10000}], "priority": 100, "terms": {"units": None, "per_shopper": 2},
}  # fmt: skip


@pytest.fixture
def told(cast):
    """What is told of the difference, by label."""
    lin = cast.person("lin")
    house = opening.terms(lin, catalog.merchants(lin).get(code="lantern"), zhe=False)

    def tell(**after):
        return {each.label: each for each in changes(BEFORE, BEFORE | after, house)}

    return tell


def test_only_what_differs_is_told_in_words(told):
    assert told() == {}
    assert told(stage=None, exclusive=False, refund=None) == {}, "what is left at its default is no change"
    more = told(**{"with": {"tiers": [{"at": 30000, "off": 5000}, {"at": 60000, "off": 12000}]}})
    assert [each.after for label, each in more.items() if "¥600" in each.after and "¥120" in each.after], more
    assert "Shoppers read" in more, "and what shoppers read of it"
    goods = told(scope={"category": ["oolong", "tea"], "except": {"sku": ["t-01"]}})
    assert list(goods["Goods · Categories"].come) == ["Oolong"] and goods["Goods · Categories"].kept == 1
    fewer = told(when=[{"channel": {"any": ["app"]}}])
    assert [label for label in fewer if label != "Shoppers read"] == ["Shoppers in a group: In any of"], fewer
    room = told(terms={"units": 100, "per_shopper": 2})
    assert room["Pieces there are"].after == "100"
    later = told(window=BEFORE["window"] | {"end": "2030-03-01T00:00"})
    assert "Jan\u00a031" in later["Period: Until"].before and "Feb\u00a028" in later["Period: Until"].after, (
        "the page's clock: UTC"
    )
    paid = told(
        payers=[{"payer": "platform", "basis_points": 6000}, {"payer": "merchant:willow", "basis_points": 4000}]
    )
    assert "60%" in paid["Payers"].after and "Willow" in paid["Payers"].after
    with translation.override("zh-hans"):
        assert told(priority=7)["优先级（小者先）"].after == "7"


def test_the_author_sees_it_while_writing_and_the_reviewer_reads_the_same(cast, client):
    lin, code = cast.person("lin"), "d12-oolong-15"
    client.get(one_time_path("lin"))
    offer = offers.offer(SYSTEM, code)
    form = opening.of_offer(lin, offer)
    assert "Nothing: it is as it was." in client.get(f"/offers/{code}/edit/").content.decode()
    draft = offer.draft | {"with": offer.draft["with"] | {"basis_points": 2000}}
    promotions.edit(offer, draft, by=lin, now=cast.now)
    page = client.get(f"/offers/{code}/edit/").content.decode()
    assert "against version" in page and "which is live" in page
    assert "<del>15% off</del>" in page and "<ins>20% off</ins>" in page
    assert form.rule.code == "percent"
    promotions.submit(offers.own(lin).get(code=code), by=lin, now=cast.now)
    client.get(one_time_path("chen"))
    read = client.get(f"/reviews/{reviews.latest(lin, 'promotion', code).pk}/").content.decode()
    assert "<del>15% off</del>" in read and "<ins>20% off</ins>" in read
    client.get(one_time_path("lin"))
    fresh = client.get("/offers/new/?rule=type:percent&kind=promotion").content.decode()
    assert 'id="changes"' not in fresh, "what was never out differs from nothing"
