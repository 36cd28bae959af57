"""A campaign started from a template is whole: it can be submitted as it is."""

from datetime import UTC, datetime

import pytest

from festoon.base.words import Words
from festoon.composition import actions as composition
from festoon.composition import queries, templates
from festoon.composition.paper import paper
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.offers import queries as offers
from festoon.offers.actions import exclude
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW, coupon, in_the_app, spend_and_save

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


def test_what_has_a_code_already_is_not_written_over_by_a_template(theme):
    """Fails when a campaign that begins from a template takes an offer out of the one it is in."""
    first = templates.start("great-sale", data(code="first"), by=LIN, now=NOW)
    code = offers.visible(SYSTEM).filter(campaign=first)[0].code.replace("first", "second", 1)
    promotions.create(spend_and_save(code), by=LIN, now=NOW)
    with pytest.raises(Conflict, match="taken"):
        templates.start("great-sale", data(code="second"), by=LIN, now=NOW)
    assert offers.offer(LIN, code).campaign == theme


NAMED = Words(en="Every winter", zh="每年冬天")


@pytest.fixture
def kept(theme):
    how = {"by": LIN, "now": NOW}
    save = promotions.create(spend_and_save(window={"start": "2026-12-09T00:00", "end": "2026-12-12T00:00"}), **how)
    ticket = coupons.create(coupon(), **how)
    distributions.create(in_the_app(), **how)
    exclude(save, ticket, grain="line", reason=Words(en="One saving", zh="只享一项"), **how)
    return templates.keep(theme, name=NAMED, about=Words(en="", zh=""), **how)


def test_a_campaign_is_kept_and_begun_again_with_other_codes_and_later(kept):
    mine = templates.known(LIN)["own:double-12"]
    assert (mine.name, mine.days, [each.en for each in mine.offers]) == (NAMED, 7, ["30 off 200", "50 off 300"])
    made = templates.start("own:double-12", data(), by=LIN, now=NOW)
    written = paper(LIN, made)
    assert (written["campaign"]["starts_at"], written["campaign"]["ends_at"]) == (
        "2027-01-01T08:00",
        "2027-01-08T08:00",
    )
    codes = ["again-d12-shop-30", "again-d12-300-less-50"]
    assert [each["code"] for each in written["offers"]] == codes
    assert written["offers"][1]["window"]["start"] == "2027-01-02T08:00"
    assert sorted(written["exclusions"][0]["between"]) == sorted(codes)
    assert [each["campaign"] for each in written["distributions"]] == ["again"]
    assert set(composition.submit(made, by=LIN, now=NOW).values()) <= {"in_review", "released"}


def test_kept_again_it_is_what_the_campaign_is_now_and_gone_it_is_offered_no_more(kept, theme, ye):
    templates.keep(theme, name=Words(en="Winter", zh="冬天"), about=Words(en="", zh=""), by=LIN, now=NOW)
    assert [row.name_en for row in queries.kept_templates(LIN)] == ["Winter"]
    with pytest.raises(NotFound):
        templates.start("own:double-12", data(), by=ye, now=NOW)
    with pytest.raises(NotFound):
        templates.drop("double-12", by=ye, now=NOW)
    with pytest.raises(Invalid) as raised:
        templates.keep(theme, name=Words(en="x", zh=" "), about=Words(en="", zh=""), by=LIN, now=NOW)
    assert raised.value.field == "name_zh"
    templates.drop("double-12", by=LIN, now=NOW)
    assert "own:double-12" not in templates.known(LIN)
    with pytest.raises(NotFound):
        templates.drop("double-12", by=LIN, now=NOW)
