"""What ends with a campaign: everything that is live in it, wherever it is worked on, whosever it is, whatever locks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from festoon.campaigns import actions as campaigns
from festoon.campaigns.models import Campaign
from festoon.checkout.invariants import moves
from festoon.composition import actions as composition
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread
from festoon.offers import queries as offers
from festoon.offers.actions import stop
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from tests.desk import CHEN, HE, LATER, LIN, NOW, coupon, double_12, in_the_app, spend_and_save
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
OVER = NOW + timedelta(days=30)
WILLOW = [{"payer": "merchant:willow", "basis_points": 10000}]


def agree(theme: Campaign, by: Viewer = LIN) -> None:
    composition.submit(theme, by=by, now=NOW)
    composition.approve(theme, by=CHEN, now=LATER)
    if theme.state != "approved":
        composition.approve(theme, by=HE, now=LATER)


def released(room: Any, code: str, by: Viewer = LIN) -> None:
    room.submit(offers.offer(by, code), by=by, now=NOW)
    room.approve(offers.offer(SYSTEM, code), by=CHEN, now=LATER)


def broken() -> list[str]:
    return [problem for each in moves.INVARIANTS for problem in each.check(OVER).problems]


def live() -> set[str]:
    return {row.code for row in offers.live(SYSTEM) if row.kind != "exclusion"}


@pytest.fixture
def next_year(theme: Campaign) -> Campaign:
    """Double 12 runs; of what is live in it a promotion and a distribution are worked on for the New Year by now."""
    promotions.create(spend_and_save("last"), by=LIN, now=NOW)
    coupons.create(coupon(), by=LIN, now=NOW)
    distributions.create(in_the_app(), by=LIN, now=NOW)
    agree(theme)
    made: Campaign = double_12(code="new-year")
    promotions.edit(offers.offer(LIN, "last"), spend_and_save("last", campaign="new-year"), by=LIN, now=LATER)
    app = spread.distribution(LIN, "d12-app")
    distributions.edit(app, in_the_app(campaign="new-year"), by=LIN, now=LATER)
    return made


def test_honoured_coupons_leave_nothing_else_of_it_live(theme: Campaign, next_year: Campaign) -> None:
    """Fails when a promotion goes on being given, because its next version is meant for another campaign."""
    promotions.submit(offers.offer(LIN, "last"), by=LIN, now=LATER)
    composition.recall(theme, outstanding="honour", why="too dear", by=CHEN, now=LATER, key="r")
    assert live() == {"d12-shop-30", "d12-app"}, "the coupon, and where and for whom it is used"
    assert offers.offer(LIN, "last").state == "recalled"
    with pytest.raises(Conflict, match="already_withdrawn"):
        promotions.approve(offers.offer(CHEN, "last"), by=CHEN, now=LATER)


def test_opened_again_it_brings_nothing_back_that_was_not_reviewed(theme: Campaign, next_year: Campaign) -> None:
    composition.recall(theme, outstanding="void", why="too dear", by=CHEN, now=LATER, key="r")
    assert (live(), spread.distribution(LIN, "d12-app").state) == (set(), "recalled")
    theme.refresh_from_db()
    campaigns.reopen(theme, by=LIN, now=LATER)
    agree(theme)
    assert live() == set()
    promotions.reopen(offers.offer(LIN, "last"), by=LIN, now=LATER)
    agree(next_year)
    assert live() == {"last"}, "in the campaign it was meant for"
    assert broken() == []


def test_thrown_away_it_keeps_what_is_on_its_way_into_another(theme: Campaign, next_year: Campaign) -> None:
    composition.archive(theme, by=LIN, now=OVER)
    assert live() == set()
    states = {offer.code: offer.state for offer in offers.visible(SYSTEM)}
    assert states == {"last": "recalled", "d12-shop-30": "archived"}
    assert broken() == []


@pytest.mark.parametrize("end", ["recall", "archive"])
def test_what_is_live_in_another_campaign_goes_on_there(theme: Campaign, next_year: Campaign, end: str) -> None:
    """Fails when the end of the New Year ends what Double 12 is giving, for being planned for both."""
    promotions.create(spend_and_save("first", campaign="new-year"), by=LIN, now=NOW)
    agree_only(next_year, "first")
    if end == "recall":
        composition.recall(next_year, outstanding="void", why="too dear", by=CHEN, now=LATER, key="r")
    else:
        composition.archive(next_year, by=LIN, now=OVER)
    assert live() == {"last", "d12-shop-30", "d12-app"}
    assert offers.offer(LIN, "last").state == "draft"
    assert broken() == []


def agree_only(theme: Campaign, code: str) -> None:
    campaigns.submit(theme, by=LIN, now=NOW)
    campaigns.approve(theme, by=CHEN, now=NOW)
    campaigns.approve(theme, by=HE, now=NOW)
    released(promotions, code)


@pytest.mark.parametrize("end", ["recall", "archive"])
def test_a_merchant_ends_its_own_campaign_with_what_the_platform_put_into_it(shop: None, ye: Viewer, end: str) -> None:
    """Fails when the merchant may not touch what it did not make, and so cannot end its campaign at all."""
    mine = campaigns.create(
        {"code": "w", "name": {"en": "W", "zh": "W"}, "starts_at": "2026-12-08", "ends_at": "2026-12-15"},
        by=ye,
        now=NOW,
    )
    promotions.create(spend_and_save("help", campaign="w"), by=LIN, now=NOW)
    coupons.create(coupon("help-too", campaign="w"), by=LIN, now=NOW)
    agree(mine, ye)
    released(promotions, "help")
    released(coupons, "help-too")
    assert live() == {"help", "help-too"}
    if end == "recall":
        composition.recall(mine, outstanding="void", why="sold out", by=ye, now=LATER, key="r")
    else:
        composition.archive(mine, by=ye, now=OVER)
    assert live() == set()
    with pytest.raises(NotFound):
        stop("offer", "help", why="x", by=ye, now=OVER)
    assert broken() == []


def test_a_merchant_makes_up_for_its_coupons_with_nobody_elses(shop: None, ye: Viewer) -> None:
    mine = campaigns.create(
        {"code": "w", "name": {"en": "W", "zh": "W"}, "starts_at": "2026-12-08", "ends_at": "2026-12-15"},
        by=ye,
        now=NOW,
    )
    coupons.create(coupon("theirs", campaign=None), by=LIN, now=NOW)
    agree(mine, ye)
    issuer = Viewer(ye.name, ye.merchant_id, ye.rights | {"coupons.issue"})
    with pytest.raises(NotFound):
        composition.recall(mine, outstanding="void", why="x", compensation="theirs", by=issuer, now=LATER, key="r")


def test_who_may_not_lift_a_lock_may_throw_the_campaign_away_that_it_locks(theme: Campaign, ye: Viewer) -> None:
    """Fails when an operator cannot archive a campaign beside which a merchant has a coupon on the same goods."""
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    agree(theme)
    coupons.create(coupon("w-tea", scope={"category": ["tea"]}, payers=WILLOW), by=ye, now=NOW)
    released(coupons, "w-tea", by=ye)
    (lock,) = offers.exclusions(SYSTEM)
    assert (lock.lock, lock.state) == ("coupon_other_owners", "released")
    composition.archive(theme, by=LIN, now=OVER)
    assert offers.exclusion_of(SYSTEM, lock.code).state == "archived"
    assert inbox(CHEN, OVER) == []
