"""A campaign as text: exported, read as a difference, applied through the same review."""

from __future__ import annotations

import threading
from contextlib import suppress
from copy import deepcopy

import pytest

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import next_version
from festoon.campaigns import queries as themes
from festoon.composition import actions as composition
from festoon.composition.applying import apply
from festoon.composition.difference import changes
from festoon.composition.paper import paper
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.offers import actions as offers
from festoon.offers import queries
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Invalid
from festoon.records.viewer import SYSTEM
from tests.desk import CHEN, LATER, LIN, NOW, coupon, in_the_app, spend_and_save
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole(theme):
    """Double 12 with a promotion, a coupon, an exclusion, a distribution, a goal and a budget."""
    one = promotions.create(spend_and_save(), by=LIN, now=NOW)
    other = coupons.create(coupon(expires="2026-12-20T00:00"), by=LIN, now=NOW)
    distributions.create(in_the_app(), by=LIN, now=NOW)
    offers.exclude(one, other, grain="line", by=LIN, now=NOW)
    campaigns.set_goals(theme, [{"metric": "gmv", "target": 10_000_000}], by=LIN, now=NOW)
    campaigns.add_budget_line(
        theme, kind="discount", payer="platform", amount=500_000, name=Words("Discounts", "补贴"), by=LIN, now=NOW
    )
    return theme


def told(written):
    return [(change.part, change.code, change.path, change.after) for change in changes(LIN, written, now=NOW)]


def audited():
    return records.visible(SYSTEM).count()


def test_what_was_exported_changes_nothing(whole):
    written = paper(LIN, whole)
    before = audited()
    assert apply(written, by=LIN, now=LATER) == []
    assert audited() == before


def test_the_difference_names_each_field(whole):
    written = paper(LIN, whole)
    promotion = next(each for each in written["offers"] if each["code"] == "d12-300-less-50")
    promotion["with"]["tiers"] = [{"at": 30000, "off": 6000}]
    written["campaign"]["ends_at"] = "2026-12-16T00:00"
    assert told(written) == [
        ("campaign", "double-12", "ends_at", "2026-12-16T00:00"),
        ("offers", "d12-300-less-50", "with.tiers", [{"at": 30000, "off": 6000}]),
    ]
    apply(written, by=LIN, now=LATER)
    assert told(written) == []
    assert queries.offer(LIN, "d12-300-less-50").draft["with"]["tiers"] == [{"at": 30000, "off": 6000}]


def test_a_paper_makes_the_same_campaign_elsewhere_and_it_goes_through_review(whole):
    written = paper(LIN, whole)
    copied = composition.copy(whole, code="double-12-next", shift_days=365, by=LIN, now=LATER)
    again = paper(LIN, copied)
    assert [each["code"] for each in again["offers"]] == [
        "double-12-next-d12-shop-30",
        "double-12-next-d12-300-less-50",
    ]
    assert again["campaign"]["starts_at"] == "2027-12-08T00:00"
    assert {each["window"]["start"][:4] for each in again["offers"]} == {"2027"}
    assert again["budget"] == [], "money is set aside by a person, not by a copy"
    states = composition.submit(copied, by=LIN, now=LATER)
    assert set(states.values()) == {"in_review"}
    assert paper(LIN, whole) == written


@pytest.mark.parametrize("code", ["next-d12-300-less-50", "next-d12-app"])
def test_a_copy_takes_nothing_that_has_a_code_already(whole, code):
    """Fails when a copy writes over a draft of another campaign that happens to have the code one of its parts would get."""
    campaigns.create(
        {"code": "other", "name": Words("O", "O").to_data(), "starts_at": "2026-12-08", "ends_at": "2026-12-15"}, by=LIN,
        now=NOW,
    )  # fmt: skip
    made = {"code": code, "campaign": "other"}
    if code.endswith("app"):
        distributions.create(in_the_app(**made), by=LIN, now=NOW)
    else:
        promotions.create(spend_and_save(priority=7, **made), by=LIN, now=NOW)
    before = paper(LIN, themes.campaign(LIN, "other"))
    with pytest.raises(Conflict, match="taken"):
        composition.copy(whole, code="next", shift_days=365, by=LIN, now=LATER)
    assert paper(LIN, themes.campaign(LIN, "other")) == before
    assert not themes.visible(SYSTEM).filter(code="next").exists()


def test_the_budget_only_grows(whole):
    written = paper(LIN, whole)
    written["budget"][0]["amount"] += 1
    apply(written, by=LIN, now=LATER)
    assert paper(LIN, whole)["budget"][0]["amount"] == 500_001
    written["budget"][0]["amount"] = 5
    with pytest.raises(Invalid) as raised:
        apply(written, by=LIN, now=LATER)
    assert raised.value.field == "budget[0].amount"


def test_two_papers_at_once_set_aside_what_is_written_once(whole, monkeypatch):
    """Both have read how much there is before either puts anything in, unless one waits for the other."""
    written, lines, both = paper(LIN, whole), next_version.budget, threading.Barrier(2)
    written["budget"][0]["amount"] += 100

    def read(*given):
        found = lines(*given)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("festoon.composition.applying.next_version.budget", read)
        race(2, lambda _: apply(written, by=LIN, now=LATER))
    assert paper(LIN, whole)["budget"][0]["amount"] == 500_100


def spoilt(written, change):
    made = deepcopy(written)
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda p: p.update(festoon=2), "festoon"),
        (lambda p: p.update(prizes=[]), "prizes"),
        (lambda p: p["offers"].append(p["offers"][0]), "offers[2].code"),
        (lambda p: p["offers"][1]["with"]["tiers"][0].update(off=-1), "offers[1].with.tiers[0].off"),
        (lambda p: p["offers"][0].update(stock=0), "offers[0].stock"),
        (lambda p: p["exclusions"][0].update(between=["a", "a"]), "exclusions[0].between"),
        (lambda p: p["distributions"][0].update(stores=["nowhere"]), "distributions[0].stores[0]"),
    ],
)
def test_what_does_not_hold_together_is_refused_where_it_stands_and_nothing_is_written(whole, change, field):
    written, before = paper(LIN, whole), audited()
    with pytest.raises(Invalid) as raised:
        apply(spoilt(written, change), by=LIN, now=LATER)
    assert raised.value.field == field
    assert (audited(), paper(LIN, whole)) == (before, written)


def test_what_is_in_review_is_changed_by_no_paper(whole):
    written = paper(LIN, whole)
    composition.submit(whole, by=LIN, now=NOW)
    assert apply(written, by=LIN, now=LATER) == []
    written["offers"][0]["priority"] = 7
    with pytest.raises(Conflict) as raised:
        apply(written, by=LIN, now=LATER)
    assert raised.value.field == "offers[0].state"


def test_a_merchant_exports_what_it_sees_and_applies_only_its_own(whole, ye):
    written = paper(LIN, whole)
    written["offers"][0]["priority"] = 7
    with pytest.raises(Exception, match="not_found|forbidden|Forbidden"):
        apply(written, by=ye, now=LATER)
    assert themes.campaign(LIN, "double-12").name_en == "Double 12"


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ({"offers": None}, "offers"),
        ({"offers": 5}, "offers"),
        ({"offers": ["d12"]}, "offers[0]"),
        ({"offers": [{"code": ["d12"]}]}, "offers[0].code"),
        ({"offers": [{"code": "new", 5: "five", "kind": ["coupon"]}]}, "offers[0].kind"),
        ({"goals": [7]}, "goals[0]"),
        ({"goals": [{"metric": ["gmv"], "target": 5}]}, "goals[0].metric"),
        ({"budget": {"amount": 5}}, "budget"),
        ({"budget": [{"amount": "abc"}]}, "budget[0].amount"),
        ({"budget": [{"amount": -1}]}, "budget[0].amount"),
        ({"budget": [{"amount": 900_000, "name": {"en": "x", "fr": "y"}}]}, "budget[0].name"),
        ({"budget": [{"amount": 900_000, "kind": ["discount"]}]}, "budget[0].kind"),
        ({"exclusions": [{"between": [{}, {}]}]}, "exclusions[0].between"),
        ({"exclusions": [{"between": ["d12-300-less-50", "d12-shop-30", 5]}]}, "exclusions[0].between"),
        ({5: "five"}, "5"),
    ],
)
def test_what_is_no_paper_is_refused_at_its_place_and_nothing_is_written(whole, bad, place):
    written, before = {**paper(LIN, whole), **bad}, audited()
    with pytest.raises(Invalid) as refused:
        apply(written, by=LIN, now=LATER)
    assert refused.value.field.startswith(place)
    assert audited() == before


def by_hand(**more):
    """A paper that says no more than it has to, as people write them."""
    less, ticket, app = spend_and_save("less"), coupon("ticket", kind="coupon"), in_the_app("app")
    for each in (less, ticket, app):
        del each["campaign"]
    for each in (less, ticket):
        del each["payers"]
    return {
        "festoon": 1,
        "campaign": {
            "code": "hand", "name": {"en": "By hand", "zh": "手写"}, "starts_at": "2026-12-08T00:00:00+08:00",
            "ends_at": "2026-12-14T23:59:59",
        },
        "offers": [less, ticket], "distributions": [app], "exclusions": [{"between": ["less", "ticket"]}], **more,
    }  # fmt: skip


def test_a_paper_that_leaves_out_what_is_filled_in_changes_nothing_the_second_time(shop):
    """Fails when what was agreed on is a draft again each time the same file is applied."""
    apply(by_hand(), by=LIN, now=NOW)
    assert told(by_hand()) == []
    composition.submit(themes.campaign(LIN, "hand"), by=LIN, now=NOW)
    assert apply(by_hand(), by=LIN, now=LATER) == [], "in review it would be refused"


def test_an_offer_without_dates_of_its_own_goes_along_with_its_campaign(shop):
    apply(by_hand(), by=LIN, now=NOW)
    longer = by_hand()
    longer["campaign"]["ends_at"] = "2026-12-20T00:00"
    apply(longer, by=LIN, now=LATER)
    assert queries.offer(LIN, "less").draft["window"]["end"] == "2026-12-20T00:00"
    assert told(longer) == []


def test_the_last_second_of_a_day_is_copied_too(shop):
    apply(by_hand(), by=LIN, now=NOW)
    copied = composition.copy(themes.campaign(LIN, "hand"), code="next", shift_days=365, by=LIN, now=LATER)
    assert paper(LIN, copied)["campaign"]["ends_at"] == "2027-12-14T23:59:59"


def test_what_a_paper_takes_out_of_another_campaign_is_said(theme):
    """Fails when a plan calls an offer new that it would write over."""
    promotions.create(spend_and_save("less", priority=7), by=LIN, now=NOW)
    plan = [(each.path, each.before, each.after) for each in changes(LIN, by_hand(), now=NOW) if each.code == "less"]
    assert ("campaign", "double-12", "hand") in plan
    assert ("priority", 7, None) in plan


def test_what_a_paper_says_otherwise_of_an_exclusion_that_is_out_is_refused(whole):
    """Fails when a file that gives an exclusion an end is taken for what is there, and it never ends."""
    written = paper(LIN, whole)
    assert queries.exclusions(SYSTEM).get().state == "released", "by rule"
    written["exclusions"][0]["window"] = {"start": "2026-12-09T00:00", "end": "2026-12-10T00:00"}
    assert [(part, path) for part, _, path, _ in told(written)] == [("exclusions", "window")]
    with pytest.raises(Conflict) as raised:
        apply(written, by=LIN, now=LATER)
    assert (raised.value.code, raised.value.field) == ("released", "exclusions[0].window")
    offers.recall("exclusion", queries.exclusions(SYSTEM).get().code, why="anew", by=CHEN, now=LATER)
    apply(written, by=LIN, now=LATER)
    assert queries.exclusions(SYSTEM).get().window == written["exclusions"][0]["window"]
    assert told(written) == []
