"""The book: what is live, stopped, pending, recalled; and who may use it where."""

import pytest

from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution.claims import claim
from festoon.engine.price import price
from festoon.offers import actions as offers
from festoon.offers import queries
from festoon.offers.book import book_data
from festoon.offers.numbers.queries import book_number
from festoon.offers.overlap import overlapping
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.desk import CHEN, LATER, LIN, NOW, REVIEWER, coupon, in_the_app, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
APP = Viewer("key:app", 1, frozenset({"*"}), channel="app")


def draft(room=promotions, data=None):
    return room.create(data or spend_and_save(), by=LIN, now=NOW)


def release(room, thing):
    room.submit(thing, by=LIN, now=NOW)
    room.approve(thing, by=CHEN, now=LATER)
    return thing


def states():
    return {offer["code"]: offer.get("state", "live") for offer in book_data()["offers"]}


def number():
    return book_number(SYSTEM)


def test_every_release_moves_the_number_and_the_hash_is_of_the_set(theme):
    offer = release(promotions, draft())
    first, version = number(), read_book(book_data()).version
    assert read_book(book_data()).version == version
    release(coupons, draft(coupons, coupon()))
    assert number() > first
    assert read_book(book_data()).version != version
    assert queries.live_of(SYSTEM, "offer", offer.code) is not None


def test_a_stop_stands_until_it_is_lifted(theme):
    offer = release(promotions, draft())
    with pytest.raises(Invalid, match="missing"):
        offers.stop("offer", offer.code, why="", by=CHEN, now=LATER)
    first = offers.stop("offer", offer.code, why="a wrong price", by=CHEN, now=LATER)
    assert offers.stop("offer", offer.code, why="again", by=CHEN, now=LATER).pk == first.pk
    assert states() == {offer.code: "stopped"}
    offers.lift("offer", offer.code, by=CHEN, now=LATER)
    assert states() == {offer.code: "live"}
    with pytest.raises(Conflict, match="not_stopped"):
        offers.lift("offer", offer.code, by=CHEN, now=LATER)


def test_a_campaign_or_everything_can_be_stopped(theme, ye):
    release(promotions, draft())
    offers.stop("campaign", "double-12", why="a wrong price", by=CHEN, now=LATER)
    assert set(states().values()) == {"stopped"}
    offers.lift("campaign", "double-12", by=CHEN, now=LATER)
    offers.stop("all", "all", why="an alarm", by=CHEN, now=LATER)
    assert set(states().values()) == {"stopped"}
    for kind, code in (("campaign", "double-12"), ("offer", "d12-300-less-50")):
        with pytest.raises(NotFound):
            offers.stop(kind, code, why="mine?", by=ye, now=LATER)


def test_what_is_recalled_is_out_and_comes_back_only_by_review(theme):
    offer = release(promotions, draft())
    offers.recall("offer", offer.code, why="over", by=CHEN, now=LATER)
    assert states() == {}
    with pytest.raises(Conflict, match="not_live"):
        offers.recall("offer", offer.code, why="over", by=CHEN, now=LATER)
    found = queries.offer(LIN, offer.code)
    assert found.state == "recalled"
    with pytest.raises(Conflict, match="in_review"):
        promotions.edit(found, spend_and_save(), by=LIN, now=LATER)
    edited = promotions.edit(promotions.reopen(found, by=LIN, now=LATER), spend_and_save(), by=LIN, now=LATER)
    release(promotions, edited)
    assert queries.live_releases(SYSTEM, "offer").get().version == 2


def test_an_exclusion_waits_until_both_its_ends_are_live(theme):
    one, other = release(promotions, draft()), draft(coupons, coupon())
    made = offers.exclude(one, other, grain="order", by=LIN, now=NOW)
    assert (made.state, queries.pending(LIN, made), book_data()["exclusions"]) == ("released", True, [])
    release(coupons, other)
    (told,) = book_data()["exclusions"]
    assert (sorted(told["between"]), queries.pending(LIN, made)) == (["d12-300-less-50", "d12-shop-30"], False)
    read_book(book_data())


def test_the_same_exclusion_is_there_once_whichever_is_named_first(theme):
    one, other = draft(), draft(coupons, coupon())
    made = offers.exclude(one, other, grain="line", by=LIN, now=NOW)
    assert offers.exclude(other, one, grain="line", by=LIN, now=LATER).pk == made.pk
    assert offers.exclude(other, one, grain="order", by=LIN, now=LATER).pk != made.pk
    with pytest.raises(Invalid, match="same"):
        offers.exclude(one, one, by=LIN, now=NOW)
    with pytest.raises(Invalid, match="choice"):
        offers.exclude(one, other, grain="basket", by=LIN, now=NOW)


def test_an_exclusion_with_levels_waits_for_its_reviewer(theme):
    from festoon.offers import exclusions

    flows.set_flow("exclusion", [REVIEWER], by=SYSTEM, now=NOW)
    one, other = release(promotions, draft()), release(coupons, draft(coupons, coupon()))
    made = offers.exclude(one, other, by=LIN, now=NOW)
    assert (made.state, book_data()["exclusions"]) == ("in_review", [])
    with pytest.raises(Conflict, match="in_review"):
        offers.exclude(one, other, by=LIN, now=NOW)
    exclusions.approve(made, by=CHEN, now=LATER)
    assert len(book_data()["exclusions"]) == 1


def test_a_distribution_is_released_like_an_offer_and_names_only_what_is_live(theme):
    one, other = release(promotions, draft()), draft(coupons, coupon())
    app = distributions.create(in_the_app(offers=[one.code, other.code], claim_channels=["app"]), by=LIN, now=NOW)
    assert book_data()["distributions"] == []
    release(distributions, app)
    (told,) = book_data()["distributions"]
    assert (told["offers"], told["channels"], told["claim_channels"]) == ([one.code], ["app"], ["app"])
    release(coupons, other)
    assert book_data()["distributions"][0]["offers"] == [one.code, other.code]
    read_book(book_data())
    distributions.recall(app, why="over", by=CHEN, now=LATER)
    (over,) = book_data()["distributions"]
    assert (over["code"], over["offers"], app.state) == ("(none)", [one.code, other.code], "recalled")
    read_book(book_data())


def priced(segments=()):
    line = {"id": "1", "sku": "t-04", "quantity": 2, "unit_price": 15900, "category": ["tea", "oolong"]}
    cart = {"currency": "CNY", "moment": NOW.isoformat(), "channel": "app", "lines": [line]}
    return price(read_book(book_data()), read_facts({**cart, "buyer": {"id": "x", "segments": list(segments)}}))


def claimed(offer, shopper, key):
    try:
        return claim(offer.code, shopper, by=APP, now=LATER, key=key).offer
    except Refusal as refusal:
        return refusal.code


def test_what_was_distributed_and_is_recalled_is_for_nobody(theme):
    """Fails when an offer without a distribution is for everybody, also after its only one was recalled."""
    staff, ticket = release(promotions, draft()), release(coupons, draft(coupons, coupon()))
    assert (priced().payable, claimed(ticket, "tao", "k0")) == (26800, ticket.code), "never distributed: for everybody"
    given = release(distributions, distributions.create(in_the_app(segments=["gold"]), by=LIN, now=NOW))
    assert (priced().payable, priced(["gold"]).payable) == (31800, 26800)
    assert (claimed(ticket, "rui", "k1"), claimed(ticket, "mei", "k2")) == ("not_for_you", ticket.code)
    distributions.recall(given, why="it went too far", by=CHEN, now=LATER)
    for segments in ((), ["gold"]):
        quote = priced(segments)
        assert quote.payable == 31800
        assert {said.offer: said.code for said in quote.verdicts}[staff.code] == "not_live"
    assert {claimed(ticket, code, f"again-{code}") for code in ("rui", "nan")} == {"not_open"}
    distributions.reopen(given, by=LIN, now=LATER)
    distributions.edit(given, in_the_app(), by=LIN, now=LATER)
    release(distributions, given)
    assert (priced().payable, claimed(ticket, "rui", "k3")) == (26800, ticket.code)


def test_an_offer_that_its_distribution_stops_naming_is_for_nobody(theme):
    """Fails when only recalled distributions are looked at, not the earlier releases of live ones."""
    one, other = release(promotions, draft()), release(promotions, draft(data=spend_and_save("second", priority=500)))
    app = release(distributions, distributions.create(in_the_app(offers=[one.code, other.code]), by=LIN, now=NOW))
    assert priced().payable == 21800
    release(distributions, distributions.edit(app, in_the_app(offers=[one.code]), by=LIN, now=LATER))
    assert priced().payable == 26800


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stores": ["nowhere"]}, "stores[0]"),
        ({"segments": ["gold", "nobody"]}, "segments[1]"),
        ({"buyers": ["nobody"]}, "buyers[0]"),
        ({"offers": ["nothing"]}, "offers[0]"),
        ({"campaign": "nothing"}, "campaign"),
        ({"window": {"start": "soon"}}, "window.start"),
        ({"name": "In the app"}, "name"),
    ],
)
def test_a_distribution_that_does_not_hold_together_names_the_field(theme, wrong, field):
    with pytest.raises((Invalid, NotFound)) as raised:
        distributions.create(in_the_app(**wrong), by=LIN, now=NOW)
    assert raised.value.field == field


def test_a_merchant_gives_out_only_its_own_offers_of_anothers_campaign(theme, ye):
    draft()
    with pytest.raises(Invalid, match="missing"):
        distributions.create(in_the_app(), by=ye, now=NOW)
    with pytest.raises(Invalid, match="unknown"):
        distributions.create(in_the_app(offers=["d12-300-less-50"]), by=ye, now=NOW)


def test_offers_that_share_goods_are_found_when_they_are_live_or_in_review(theme, ye):
    tea, everything = release(promotions, draft()), draft(coupons, coupon())
    sport = release(promotions, draft(data=spend_and_save("d12-run", scope={"category": ["sport"]})))

    def met(viewer, offer):
        return {each.other.code: each.count for each in overlapping(viewer, offer, NOW)}

    assert met(LIN, tea) == {}
    coupons.submit(everything, by=LIN, now=NOW)
    assert met(LIN, tea) == {everything.code: 3}
    assert met(LIN, everything) == {tea.code: 3, sport.code: 2}
    own = spend_and_save("w-10", scope={"all": True}, payers=[{"payer": "merchant:willow", "basis_points": 10000}])
    mine = promotions.create(own, by=ye, now=NOW)
    assert met(ye, mine) == {tea.code: 3}, "of others a merchant sees what is live of the platform's"
    offers.recall("offer", sport.code, why="over", by=CHEN, now=LATER)
    assert met(LIN, everything) == {tea.code: 3}
