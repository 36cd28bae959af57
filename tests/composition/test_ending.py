"""How a campaign changes and ends: its next version, its recall, and being thrown away once it is over."""

from datetime import timedelta

import pytest
from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries
from festoon.checkout import quotes
from festoon.checkout.invariants import moves
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.composition import actions as composition
from festoon.config.jobs import Handlers
from festoon.coupons import actions as coupons
from festoon.coupons import queries as wallets
from festoon.coupons.recalling import ORDERS_END, VoidCoupons
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread_queries
from festoon.distribution.claims import claim
from festoon.offers import actions as offer_actions
from festoon.offers import exclusions
from festoon.offers import queries as offers
from festoon.offers.actions import lift
from festoon.offers.numbers.queries import book_number
from festoon.promotions import actions as promotions
from festoon.records import audit, jobs
from festoon.records.models import Job, Outbox
from festoon.records.refusal import Conflict, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.storefront import queries as storefront
from tests.desk import CHEN, HE, LATER, LIN, NOW, REVIEWER, coupon, double_12, in_the_app, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
APP = Viewer("key:app", 1, frozenset({"*"}), channel="app")
OVER = NOW + timedelta(days=30)
LONGER = {"name": {"en": "Double 12", "zh": "双十二"}, "starts_at": "2026-12-08", "ends_at": "2026-12-20"}


@pytest.fixture
def running(theme):
    """Double 12 with a promotion, a coupon and a distribution, agreed on; Mei has claimed her coupon."""
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    coupons.create(coupon(), by=LIN, now=NOW)
    distributions.create(in_the_app(), by=LIN, now=NOW)
    agree(theme)
    claim("d12-shop-30", "mei", by=APP, now=LATER, key="mei")
    return theme


def agree(theme):
    composition.submit(theme, by=LIN, now=NOW)
    composition.approve(theme, by=CHEN, now=LATER)
    if theme.state != "approved":
        composition.approve(theme, by=HE, now=LATER)


def live():
    return {release.code for kind in ("offer", "distribution") for release in offers.live_releases(SYSTEM, kind)}


@pytest.mark.parametrize("end", ["recall", "archive"])
def test_a_campaign_that_ends_hides_what_was_released_in_it_and_is_worked_on_in_another(theme, ye, end):
    """Nothing of it is live by the drafts; yet it leaves the book, and all that has it in memory has to look anew."""
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    agree(theme)
    double_12(code="new-year")
    promotions.edit(offers.own(LIN).get(), spend_and_save(campaign="new-year"), by=LIN, now=LATER)
    seen, number = set(offers.visible(ye).values_list("code", flat=True)), book_number(SYSTEM)
    assert seen == live() == {"d12-300-less-50"}
    if end == "recall":
        composition.recall(theme, outstanding="void", why="too dear", by=CHEN, now=LATER, key="r")
    else:
        composition.archive(theme, by=LIN, now=OVER)
    assert not live() and not offers.visible(ye).exists()
    assert book_number(SYSTEM) != number, "the engine's book too"


def saved(now=LATER):
    """What Mei saves on two boxes of oolong with her coupon."""
    (row,) = wallets.visible(SYSTEM).filter(shopper__code="mei", template__offer__code="d12-shop-30")
    lines = [LineRequest(id="1", sku="t-04", quantity=2, unit_price=15900)]
    request = QuoteRequest(lines=lines, buyer="mei", chosen=[row.id])
    return quotes.quote(request, by=APP, now=now).price["totals"]["discount"]


def work(now=LATER):
    handlers = Handlers()
    while jobs.run_next(handlers, worker="test", now=now):
        pass


def states():
    return sorted(wallets.visible(SYSTEM).values_list("template__offer__code", "shopper__code", "state"))


def test_a_change_of_what_is_in_force_waits_for_its_review(running):
    """Fails when the change is at once what shoppers see, or when the offers stop meanwhile."""
    campaigns.edit(running, LONGER, by=LIN, now=NOW)
    campaigns.set_goals(running, [{"metric": "orders", "target": 5}], by=LIN, now=NOW)
    money = {"kind": "discount", "payer": "platform", "amount": 700, "name": Words(en="More", zh="追加")}
    assert campaigns.add_budget_line(running, **money, by=LIN, now=NOW, key="more") is None
    assert campaigns.add_budget_line(running, **money, by=LIN, now=NOW, key="more") is None
    found = queries.campaign(LIN, "double-12")
    assert (found.state, found.ends_at.day, list(queries.budget(LIN, found)), found.version) == ("draft", 14, [], 1)
    assert live() == {"d12-300-less-50", "d12-shop-30", "d12-app"}
    assert saved() == 8000
    agree(found)
    found = queries.campaign(LIN, "double-12")
    assert (found.state, found.ends_at.day, found.version, found.next) == ("approved", 19, 2, None)
    assert [goal.target for goal in queries.goals(LIN, found)] == [5]
    assert [line.account.granted for line in queries.budget(LIN, found)] == [700]
    assert audit.walk_all() == []


def test_recalled_and_void_nothing_of_it_may_be_used(running):
    composition.recall(running, outstanding="void", why="wrong price", by=CHEN, now=LATER, key="r")
    composition.recall(running, outstanding="void", why="wrong price", by=CHEN, now=LATER, key="r")
    assert (running.state, running.in_force, live(), saved()) == ("recalled", False, set(), 0)
    with pytest.raises(Refusal):
        claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    with pytest.raises(Conflict, match="not_in_force"):
        composition.recall(running, outstanding="void", why="again", by=CHEN, now=LATER, key="r2")
    work()
    assert states() == [("d12-shop-30", "mei", "void")]
    campaigns.reopen(running, by=LIN, now=LATER)
    assert (running.state, live()) == ("draft", set()), "only a new review brings it back"


def test_recalled_and_honoured_what_is_out_may_be_used(running):
    """Fails when coupons that are out stop serving, or when one more is given."""
    composition.recall(running, outstanding="honour", why="too dear", by=CHEN, now=LATER, key="r")
    assert (running.state, live()) == ("recalled", {"d12-shop-30", "d12-app"})
    assert saved() == 3000, "the coupon, without the promotion"
    with pytest.raises(Conflict, match="stopped"):
        claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    with pytest.raises(Conflict, match="stopped"):
        coupons.issue(offers.offer(LIN, "d12-shop-30"), ["tao"], by=LIN, now=LATER, key="tao")
    with pytest.raises(Conflict, match="honoured"):
        campaigns.reopen(running, by=LIN, now=LATER)
    with pytest.raises(NotFound):
        storefront.campaign(APP, "double-12")
    work()
    assert states() == [("d12-shop-30", "mei", "claimed")]


def next_version(code, room, data):
    """The next version of an offer that is out, in review."""
    room.submit(room.edit(offers.offer(LIN, code), data, by=LIN, now=LATER), by=LIN, now=LATER)
    return offers.offer(LIN, code)


def test_no_more_is_given_until_a_new_version_is_agreed_on(running):
    """Fails when an honoured recall ends by lifting a stop, by a review that was open before, or never."""
    waiting = next_version("d12-shop-30", coupons, coupon(stock=200))
    coupons.recall("d12-shop-30", outstanding="honour", why="too dear", by=CHEN, now=LATER, key="r")
    with pytest.raises(Conflict, match="already_withdrawn"):
        coupons.approve(waiting, by=CHEN, now=LATER)
    with pytest.raises(Conflict, match="needs_review"):
        lift("claims", "d12-shop-30", by=LIN, now=LATER)
    with pytest.raises(Conflict, match="stopped"):
        claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    waiting = next_version("d12-shop-30", coupons, coupon(stock=200))
    with pytest.raises(Conflict, match="stopped"):
        claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    coupons.approve(waiting, by=CHEN, now=LATER)
    claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    assert states() == [("d12-shop-30", "mei", "claimed"), ("d12-shop-30", "tao", "claimed")]
    assert broken() == []


def broken():
    return [problem for each in moves.INVARIANTS for problem in each.check(LATER).problems]


def test_what_was_submitted_before_a_recall_does_not_bring_it_back(running):
    """Fails when the review of the next version stays open: its last approval would put it back."""
    other = offers.offer(LIN, "d12-shop-30")
    waiting = promotions.edit(offers.offer(LIN, "d12-300-less-50"), spend_and_save(priority=7), by=LIN, now=LATER)
    tick = exclusions.tick(waiting, other, by=LIN, now=LATER)
    promotions.submit(waiting, by=LIN, now=LATER)
    spread = distributions.edit(distributed(), in_the_app(channels=["app", "web"]), by=LIN, now=LATER)
    distributions.submit(spread, by=LIN, now=LATER)
    offer_actions.recall("offer", waiting.code, why="wrong", by=CHEN, now=LATER)
    distributions.recall(distributed(), why="wrong", by=CHEN, now=LATER)
    for again in (
        lambda: promotions.approve(offers.offer(CHEN, waiting.code), by=CHEN, now=LATER),
        lambda: promotions.withdraw(offers.offer(LIN, waiting.code), by=LIN, now=LATER),
        lambda: distributions.approve(distributed(), by=CHEN, now=LATER),
        lambda: distributions.withdraw(distributed(), by=LIN, now=LATER),
    ):
        with pytest.raises(Conflict, match="already_withdrawn"):
            again()
    assert (offers.offer(LIN, waiting.code).state, distributed().state) == ("recalled", "recalled")
    assert (live(), offers.exclusion_of(LIN, tick.code).state) == ({"d12-shop-30"}, "draft")
    promotions.reopen(offers.offer(LIN, waiting.code), by=LIN, now=LATER)
    promotions.submit(offers.offer(LIN, waiting.code), by=LIN, now=LATER)
    promotions.approve(offers.offer(CHEN, waiting.code), by=CHEN, now=LATER)
    assert live() == {"d12-shop-30", "d12-300-less-50"}
    assert broken() == []


def test_no_decision_is_taken_on_what_is_not_in_review(running):
    """Fails when an open review alone is enough to put a thing into force."""
    waiting = next_version("d12-300-less-50", promotions, spend_and_save(priority=7))
    offers.own(SYSTEM).filter(code=waiting.code).update(state="recalled")
    with pytest.raises(Conflict, match="cannot_approve"):
        promotions.approve(waiting, by=CHEN, now=LATER)
    with pytest.raises(Conflict, match="cannot_withdraw"):
        promotions.withdraw(waiting, by=LIN, now=LATER)


def distributed():
    return spread_queries.distribution(LIN, "d12-app")


def test_who_held_one_gets_another_for_it(running):
    coupons.create(coupon("sorry-20", campaign=None), by=LIN, now=NOW)
    coupons.submit(offers.offer(LIN, "sorry-20"), by=LIN, now=NOW)
    coupons.approve(offers.offer(CHEN, "sorry-20"), by=CHEN, now=LATER)
    composition.recall(
        running, outstanding="void", why="wrong price", compensation="sorry-20", by=LIN, now=LATER, key="r"
    )
    work(LATER + ORDERS_END)
    assert states() == [("d12-shop-30", "mei", "void"), ("sorry-20", "mei", "claimed")]


@pytest.mark.parametrize(
    ("asked", "field"), [({"outstanding": "burn"}, "outstanding"), ({"compensation": "d12-shop-30"}, "compensation")]
)
def test_a_recall_that_says_nothing_sensible_changes_nothing(running, asked, field):
    with pytest.raises(Invalid) as raised:
        composition.recall(running, **{"outstanding": "void", "why": "x", **asked}, by=LIN, now=LATER, key="r")
    assert raised.value.field == field
    assert (queries.campaign(LIN, "double-12").state, len(live())) == ("approved", 3)


def test_what_is_over_is_thrown_away_whole_and_its_figures_are_kept(running):
    with pytest.raises(Conflict, match="not_over"):
        composition.archive(running, by=LIN, now=LATER)
    kept = composition.archive(running, by=LIN, now=OVER)
    work()
    assert (running.state, live(), states()) == ("archived", set(), [("d12-shop-30", "mei", "void")])
    assert kept.figures["sold"] == {"gmv": 0, "orders": 0, "by_channel": {}}
    assert kept.figures["coupons"] == {"d12-shop-30": {"claimed": 1, "whole": 100, "taken": 1, "reserved": 0}}
    assert "d12-300-less-50" in kept.text
    assert set(offers.visible(SYSTEM).values_list("state", flat=True)) == {"archived"}
    with pytest.raises(NotFound):
        storefront.campaign(APP, "double-12")
    with pytest.raises(Conflict, match="archived"):
        composition.archive(running, by=LIN, now=OVER)
    with pytest.raises(Conflict):
        campaigns.edit(running, LONGER, by=LIN, now=OVER)
    again = composition.copy(running, code="double-12-2027", shift_days=365, by=LIN, now=OVER)
    assert (again.state, again.starts_at.year) == ("draft", 2027)
    assert audit.walk_all() == []
    assert moves.reviewed(OVER).problems == []


def test_an_exclusion_in_review_by_itself_goes_with_its_campaign(running):
    """Fails when its review stays open: nobody could decide on it, and it would stand in inboxes for ever."""
    flows.set_flow("exclusion", [REVIEWER], by=SYSTEM, now=NOW)
    two = (offers.offer(LIN, "d12-300-less-50"), offers.offer(LIN, "d12-shop-30"))
    asked = exclusions.exclude(*two, by=LIN, now=LATER)
    assert reviews.latest(SYSTEM, "exclusion", asked.code).state == "open"
    composition.archive(running, by=LIN, now=OVER)
    assert offers.exclusion_of(LIN, asked.code).state == "archived"
    assert reviews.latest(SYSTEM, "exclusion", asked.code).state == "withdrawn"
    assert broken() == []


def test_what_somebody_is_deciding_on_is_withdrawn_and_can_not_pass_later(running):
    """Fails when a part that was in review goes live in a campaign that was recalled."""
    promotions.create(spend_and_save("late"), by=LIN, now=NOW)
    promotions.submit(offers.offer(LIN, "late"), by=LIN, now=NOW)
    composition.recall(running, outstanding="honour", why="x", by=CHEN, now=LATER, key="r")
    with pytest.raises(Conflict):
        promotions.approve(offers.offer(CHEN, "late"), by=CHEN, now=LATER)
    assert offers.offer(LIN, "late").state == "draft"
    with pytest.raises(Conflict, match="campaign_over"):
        promotions.submit(offers.offer(LIN, "late"), by=LIN, now=LATER)
    assert moves.reviewed(LATER).problems == []


def test_what_was_read_before_the_recall_can_not_be_submitted_or_opened_after_it(running):
    """Fails when a verb trusts the row it was handed instead of the one that is there now."""
    promotions.create(spend_and_save("late"), by=LIN, now=NOW)
    late, before = offers.offer(LIN, "late"), queries.campaign(LIN, "double-12")
    spread = distributions.create(in_the_app("late-app"), by=LIN, now=NOW)
    assert late.campaign.state == spread.campaign.state == "approved"
    composition.recall(running, outstanding="honour", why="x", by=CHEN, now=LATER, key="r")
    with pytest.raises(Conflict, match="campaign_over"):
        promotions.submit(late, by=LIN, now=LATER)
    with pytest.raises(Conflict, match="campaign_over"):
        distributions.submit(spread, by=LIN, now=LATER)
    with pytest.raises(Conflict, match="honoured"):
        campaigns.reopen(before, by=LIN, now=LATER)


def test_a_coupon_nobody_was_given_is_nothing_to_honour(theme):
    """Fails when a draft of a coupon keeps a recalled campaign in force."""
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    agree(theme)
    coupons.create(coupon(), by=LIN, now=NOW)
    composition.recall(theme, outstanding="honour", why="x", by=CHEN, now=LATER, key="r")
    assert (theme.state, theme.in_force) == ("recalled", False)


def test_a_coupon_that_is_held_meanwhile_is_not_told_of(running):
    """Fails when the events of a void job name coupons it did not mark."""
    claim("d12-shop-30", "tao", by=APP, now=LATER, key="tao")
    composition.recall(running, outstanding="void", why="x", by=CHEN, now=LATER, key="r")
    job, handler = Job.objects.get(kind="void"), VoidCoupons()
    handler.prepare(job, LATER)
    wallets.visible(SYSTEM).filter(shopper__code="tao").update(state="held")
    with transaction.atomic():
        handler.chunk(job, LATER)
    assert states() == [("d12-shop-30", "mei", "void"), ("d12-shop-30", "tao", "held")]
    assert [row.count for row in Outbox.objects.filter(kind="coupon.void")] == [1]
