"""A promotion's way: drafted, submitted with its worked example, agreed on, released, priced."""

import pytest

from festoon.base.words import Words
from festoon.catalog import actions as catalog
from festoon.engine.price import price
from festoon.ledger import accounts
from festoon.offers import burning
from festoon.offers import queries as offers
from festoon.offers.book import book_data
from festoon.offers.spends import queries as spends
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, KeyReused, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.desk import CHEN, HE, LATER, LIN, NOW, spend_and_save
from tests.review.inbox import inbox

GONE = Words(en="Gone.", zh="没有了。")
HARBOUR = {"code": "harbour", "name_en": "Harbour", "name_zh": "港湾"}
pytestmark = pytest.mark.django_db(transaction=True)


def cart(quantity=2):
    line = {"id": "1", "sku": "t-04", "quantity": quantity, "unit_price": 15900, "category": ["tea", "oolong"]}
    return read_facts({"currency": "CNY", "moment": NOW.isoformat(), "lines": [line]})


def payable():
    return price(read_book(book_data()), cart()).payable


def released(**more):
    offer = promotions.create(spend_and_save(**more), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    promotions.approve(offer, by=CHEN, now=LATER)
    return offer


def test_only_what_was_agreed_on_is_priced(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    assert payable() == 31800
    promotions.submit(offer, by=LIN, now=NOW)
    assert (offer.state, payable()) == ("in_review", 31800)
    assert promotions.approve(offer, by=CHEN, now=LATER) == review.Outcome.PASSED
    assert (offer.state, payable()) == ("released", 26800)


def test_the_release_is_frozen_hashed_and_numbered(theme):
    offer = released()
    (first,) = offers.live_releases(SYSTEM, "offer")
    assert (first.version, len(first.digest), first.released_by) == (1, 64, "person:chen")
    promotions.edit(offer, spend_and_save(**{"with": {"tiers": [{"at": 30000, "off": 6000}]}}), by=LIN, now=LATER)
    assert payable() == 26800, "an edit is a draft; the live release stays"
    edited = offers.offer(LIN, offer.code)
    assert edited.state == "draft"
    promotions.submit(edited, by=LIN, now=LATER)
    promotions.approve(edited, by=CHEN, now=LATER)
    (second,) = offers.live_releases(SYSTEM, "offer")
    assert (second.version, payable()) == (2, 25800)
    assert second.digest != first.digest
    first.refresh_from_db()
    assert first.data["with"]["tiers"][0]["off"] == 5000


def test_the_reviewer_sees_what_goes_in_beside_what_comes_out(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    (waiting,) = inbox(CHEN, NOW)
    assert waiting.content["with"] == {"tiers": [{"at": 30000, "off": 5000}]}
    shown = reviews.expected(CHEN, waiting)
    assert [line["sku"] for line in shown["basket"]] == ["w-01", "t-01"]
    assert shown["without"]["payable"] - shown["with"]["payable"] == 5000
    assert shown["verdict"]["code"] == "applied"
    assert shown["short"]["code"] == "not_met"
    assert "costs" not in shown
    assert reviews.expected(HE, waiting)["costs"]["profit_with"] == shown["with"]["goods"] - 2 * (6200 + 1400)


def test_nobody_decides_on_their_own_and_only_the_role_decides(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="own_submission"):
        promotions.approve(offer, by=LIN, now=NOW)
    with pytest.raises(Forbidden):
        promotions.approve(offer, by=HE, now=NOW)
    assert offers.offer(LIN, offer.code).state == "in_review"


def test_a_second_decision_says_what_the_first_one_was(theme):
    offer = released()
    with pytest.raises(Conflict, match="already_passed") as raised:
        promotions.approve(offer, by=CHEN, now=LATER)
    assert raised.value.detail["by"] == "person:chen"


def test_what_is_sent_back_can_be_mended_and_submitted_again(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    with pytest.raises(Invalid) as raised:
        promotions.send_back(offer, by=CHEN, now=NOW, comment=" ")
    assert raised.value.field == "comment"
    promotions.send_back(offer, by=CHEN, now=NOW, comment="too much")
    assert offer.state == "sent_back"
    promotions.submit(offer, by=LIN, now=NOW)
    promotions.approve(offer, by=CHEN, now=LATER)
    assert payable() == 26800


def test_what_is_withdrawn_is_a_draft_again(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    promotions.withdraw(offer, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="already_withdrawn"):
        promotions.approve(offer, by=CHEN, now=NOW)
    assert offers.offer(LIN, offer.code).state == "draft"


def test_the_example_of_free_shipping_ships_something(theme):
    """Fails when what is about shipping is shown on a basket that has none: then nobody sees what it does."""
    data = {"type": "free_shipping", "with": {"at": 9900}, "scope": {"all": True}}
    made = spend_and_save("d12-free", **data)
    promotions.submit(promotions.create(made, by=LIN, now=NOW), by=LIN, now=NOW)
    shown = reviews.latest(SYSTEM, "promotion", "d12-free").expected
    assert (shown["without"]["payable"] - shown["with"]["payable"], shown["verdict"]["code"]) == (1000, "applied")


def test_a_kind_without_levels_is_approved_by_rule_and_says_so(theme):
    flows.set_flow("promotion", [], by=SYSTEM, now=NOW)
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    assert (offer.state, payable()) == ("released", 26800)
    last = reviews.latest(LIN, "promotion", offer.code)
    assert [(said.decision, said.by, said.level) for said in last.decisions.all()] == [("by_rule", "rule", 0)]


def test_in_review_it_can_neither_be_changed_nor_submitted_again(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="in_review"):
        promotions.edit(offer, spend_and_save(), by=LIN, now=NOW)
    with pytest.raises(Conflict, match="cannot_submit"):
        promotions.submit(offer, by=LIN, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"with": {"tiers": [{"at": 30000, "off": -1}]}}, "with.tiers[0].off"),
        ({"scope": {"category": ["toys"]}}, "scope.category[0]"),
        ({"scope": {"all": True, "except": {"sku": ["t-01", "nothing"]}}}, "scope.except.sku[1]"),
        ({"when": [{"segment": {"any": ["nobody"]}}]}, "when[0].segment.any[0]"),
        ({"payers": [{"payer": "merchant:nobody", "basis_points": 10000}]}, "payers[0].payer"),
        ({"units": 0}, "units"),
        ({"units": 10**15 + 1}, "units"),
        ({"per_shopper": 1_000_001}, "per_shopper"),
        ({"campaign": "womens-day"}, "campaign"),
        ({"kind": "coupon"}, "kind"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_draft_that_does_not_hold_together_names_the_field(theme, wrong, field):
    with pytest.raises((Invalid, NotFound)) as raised:
        promotions.create(spend_and_save(**wrong), by=LIN, now=NOW)
    assert raised.value.field == field
    assert not offers.visible(SYSTEM).exists()


def test_the_same_key_answers_the_same_draft(theme):
    first = promotions.create(spend_and_save(), by=LIN, now=NOW, key="k-1")
    again = promotions.create(spend_and_save(), by=LIN, now=LATER, key="k-1")
    assert (again.pk, offers.visible(SYSTEM).count()) == (first.pk, 1)
    with pytest.raises(KeyReused):
        promotions.create(spend_and_save(code="another"), by=LIN, now=LATER, key="k-1")
    with pytest.raises(Conflict, match="taken"):
        promotions.create(spend_and_save(), by=LIN, now=LATER, key="k-2")


def test_a_batch_keeps_what_holds_together_and_lists_the_rest(theme):
    rows = [
        spend_and_save(),
        spend_and_save(code="bad", scope={"sku": ["nothing"]}),
        spend_and_save(),
        spend_and_save("third"),
    ]
    batch = promotions.create_all(rows, by=LIN, now=NOW, key="k")
    assert (batch.taken, [(row.index, row.field, row.code) for row in batch.refused]) == (
        2, [(1, "scope.sku[0]", "unknown"), (2, "code", "taken")],
    )  # fmt: skip
    assert promotions.create_all(rows, by=LIN, now=NOW, key="k") == batch
    assert records.visible(SYSTEM).filter(verb="promotions.create_all").count() == 1


def test_a_batch_leaves_what_is_there_as_it_is(theme):
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    batch = promotions.create_all([spend_and_save("second"), spend_and_save(priority=1)], by=LIN, now=NOW, key="k")
    assert (batch.taken, [(row.index, row.code) for row in batch.refused]) == (1, [(1, "taken")])
    assert "priority" not in offers.offer(LIN, "d12-300-less-50").draft


def test_a_merchants_offer_is_about_its_own_goods_and_its_own_money(theme, ye):
    mine = {"payers": [{"payer": "merchant:willow", "basis_points": 10000}], "scope": {"all": True}}
    offer = promotions.create(spend_and_save("w-1", **mine), by=ye, now=NOW)
    assert (offer.merchant.code, offer.draft["scope"]) == ("willow", {"merchant": ["willow"]})
    with pytest.raises(Invalid, match="not_your_money"):
        promotions.create(spend_and_save("w-2"), by=ye, now=NOW)
    with pytest.raises(Invalid, match="not_your_goods"):
        promotions.create(spend_and_save("w-3", **{**mine, "scope": {"merchant": ["kite"]}}), by=ye, now=NOW)


def test_another_merchant_sees_and_touches_nothing_of_it(theme, ye, stranger):
    mine = {"payers": [{"payer": "merchant:willow", "basis_points": 10000}]}
    offer = promotions.create(spend_and_save("w-1", **mine), by=ye, now=NOW)
    with pytest.raises(NotFound):
        offers.offer(stranger, "w-1")
    with pytest.raises(NotFound):
        promotions.submit(offer, by=stranger, now=NOW)
    with pytest.raises(NotFound):
        promotions.edit(offer, spend_and_save("w-1"), by=stranger, now=NOW)


def test_the_pieces_of_a_flash_price_are_put_in_when_it_is_released_and_only_grow(theme):
    flash = {"type": "flash_price", "with": {"price": 9900}, "scope": {"sku": ["t-01"]}}
    offer = promotions.create(spend_and_save(units=50, per_shopper=1, **flash), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    promotions.approve(offer, by=CHEN, now=LATER)
    assert (_promotion(offer).units.granted, _promotion(offer).per_shopper) == (50, 1)
    edited = promotions.edit(offer, spend_and_save(units=40, **flash), by=LIN, now=LATER)
    promotions.submit(edited, by=LIN, now=LATER)
    with pytest.raises(Conflict, match="lower"):
        promotions.approve(edited, by=CHEN, now=LATER)
    assert (_promotion(offer).units.granted, offers.offer(LIN, offer.code).state) == (50, "in_review")


def again(offer, **more):
    """The next release of the offer."""
    edited = promotions.edit(offers.offer(LIN, offer.code), spend_and_save(**more), by=LIN, now=LATER)
    promotions.submit(edited, by=LIN, now=LATER)
    promotions.approve(edited, by=CHEN, now=LATER)


def test_a_flash_price_loses_its_limit_and_gets_one_again(theme):
    """Fails when a release without `units` leaves the old limit in force."""
    flash = {"type": "flash_price", "with": {"price": 9900}, "scope": {"sku": ["t-01"]}}
    offer = released(units=2, **flash)
    accounts.take(_promotion(offer).units, 2, at=LATER, refuse=Conflict("gone", GONE))
    assert accounts.balance("units:d12-300-less-50") == 0
    again(offer, **flash)
    assert accounts.balance("units:d12-300-less-50") is None
    accounts.take(_promotion(offer).units, 5, at=LATER, refuse=Conflict("gone", GONE))
    with pytest.raises(Conflict, match="lower"):
        again(offer, units=6, **flash)
    promotions.withdraw(offers.offer(LIN, offer.code), by=LIN, now=LATER)
    again(offer, units=9, **flash)
    assert accounts.balance("units:d12-300-less-50") == 2


def test_an_offer_trades_in_the_currency_of_its_campaign(theme):
    """Fails when cents would draw on a budget of fen."""
    catalog.take_merchants([{**HARBOUR, "currency": "USD", "zone": "UTC"}], by=SYSTEM, now=NOW, key="")
    with pytest.raises(Invalid, match="other_currency") as raised:
        promotions.create(spend_and_save(owner="harbour", scope={"all": True}), by=LIN, now=NOW)
    assert raised.value.field == "campaign"


def test_a_window_without_a_zone_is_its_owners_on_every_screen_and_at_the_till(theme):
    """Fails when the till reads it by the clock of the platform, hours away from what was agreed on."""
    catalog.take_merchants([{**HARBOUR, "currency": "CNY", "zone": "America/New_York"}], by=SYSTEM, now=NOW, key="")
    window = {"start": "2026-12-12T00:00", "end": "2026-12-15T00:00"}
    paid = [{"payer": "merchant:harbour", "basis_points": 10_000}]
    offer = released(owner="harbour", scope={"merchant": ["harbour"]}, payers=paid, window=window)
    assert offer.draft["window"] == {**window, "zone": "America/New_York"}
    assert offer.starts_at.isoformat() == "2026-12-12T05:00:00+00:00"
    (sold,) = read_book(book_data()).offers
    assert sold.opens == offer.starts_at.timestamp() * 1_000_000


def _promotion(offer):
    from festoon.promotions.queries import visible

    return visible(SYSTEM).get(offer__code=offer.code)


def test_an_offer_for_the_first_buyers_has_an_account_of_them_from_its_release_on(theme):
    code = released(when=[{"first_buyers": {"number": 100}}]).code
    assert accounts.balance(accounts.buyers(code)) == 100
    assert accounts.balance(accounts.buyers(released(code="another").code)) is None


def test_what_it_may_cost_is_agreed_on_raised_and_never_lowered(theme):
    made = released(spend_most=100_000, spend_per_day=20_000, late="refuse")
    [row] = spends.spendings(SYSTEM)
    assert (row.offer.code, row.most, row.per_day, row.zone, row.late) == (
        made.code, 100_000, 20_000, "Asia/Shanghai", "refuse",
    )  # fmt: skip
    assert accounts.balance(f"spending:all:{made.code}") == 100_000

    def again(**terms):
        promotions.edit(made, spend_and_save(**terms), by=LIN, now=LATER)
        edited = offers.offer(LIN, made.code)
        promotions.submit(edited, by=LIN, now=LATER)
        promotions.approve(edited, by=CHEN, now=LATER)

    again(spend_most=150_000)
    assert (accounts.balance(f"spending:all:{made.code}"), spends.spendings(SYSTEM).get().per_day) == (150_000, None)
    with pytest.raises(Conflict) as refused:
        again(spend_most=149_999)
    assert (refused.value.code, refused.value.field) == ("lower", "spend_most")


def test_a_burn_rate_watches_what_it_may_cost_only_while_it_is_limited_in_that(theme):
    made = released(spend_most=100_000, units=50)

    def watched():
        return burning.set_rule("offer", made.code, factor=200, per_hour=100, by=LIN, now=NOW).accounts

    assert watched() == [accounts.spending(made.code)]
    promotions.edit(made, spend_and_save(units=50), by=LIN, now=LATER)
    edited = offers.offer(LIN, made.code)
    promotions.submit(edited, by=LIN, now=LATER)
    promotions.approve(edited, by=CHEN, now=LATER)
    assert watched() == [accounts.units(made.code)], "the other account moves no more"


@pytest.mark.parametrize("wrong", [{"spend_most": 0}, {"spend_per_day": 1.5}, {"late": "never"}])
def test_what_it_may_cost_is_read_with_care(theme, wrong):
    with pytest.raises(Invalid) as refused:
        promotions.create(spend_and_save(**wrong), by=LIN, now=NOW)
    assert next(iter(wrong)) in refused.value.field
