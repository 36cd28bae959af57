"""A campaign: drafted, given goals and money, submitted and agreed on as a whole."""

from dataclasses import replace

import pytest

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries
from festoon.catalog.colleagues import add_person
from festoon.composition import actions as composition
from festoon.composition.queries import waiting_for
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution.claims import claim
from festoon.offers import queries as offers
from festoon.offers.book import book_data
from festoon.offers.numbers.queries import book_number
from festoon.presets import actions as presets
from festoon.promotions import actions as promotions
from festoon.records import audit
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows
from festoon.review import queries as reviews
from tests.desk import CHEN, HE, LATER, LIN, NOW, coupon, double_12, in_the_app, person, spend_and_save
from tests.presets.test_presets import VIP
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
APP = Viewer("key:app", 1, frozenset({"*"}), channel="app")
MONEY = Words(en="Discounts", zh="优惠")


@pytest.fixture
def composed(theme):
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    coupons.create(coupon(), by=LIN, now=NOW)
    distributions.create(in_the_app(), by=LIN, now=NOW)
    return theme


def live():
    return {release.code for kind in ("offer", "distribution") for release in offers.live_releases(SYSTEM, kind)}


def test_all_of_it_is_submitted_and_agreed_on_at_once(composed):
    states = composition.submit(composed, by=LIN, now=NOW)
    assert set(states.values()) == {"in_review"}
    assert len(states) == 4
    assert live() == set()
    outcomes = composition.approve(composed, by=CHEN, now=LATER)
    assert outcomes.pop("double-12") == "open"
    assert set(outcomes.values()) == {"passed"}
    assert live() == {"d12-app"}, "the offers wait for the campaign"
    assert composition.approve(composed, by=HE, now=LATER) == {"double-12": "passed"}
    assert composed.state == "approved"
    assert live() == {"d12-300-less-50", "d12-shop-30", "d12-app"}
    assert audit.walk_all() == []


@pytest.mark.parametrize(
    ("create", "reads", "data"),
    [
        (promotions.create, "festoon.offers.desk.draft", spend_and_save()),
        (distributions.create, "festoon.distribution.actions.draft", in_the_app()),
        (presets.create, "festoon.presets.actions._read", VIP),
    ],
)
def test_the_same_key_answers_the_same_draft_though_it_would_be_refused_by_now(theme, monkeypatch, create, reads, data):
    def refuse(*_, **__):
        raise Invalid("unknown", MONEY, field="scope")

    first = create(data, by=LIN, now=NOW, key="k")
    monkeypatch.setattr(reads, refuse)
    assert create(data, by=LIN, now=LATER, key="k") == first
    with pytest.raises(Invalid):
        create(data, by=LIN, now=LATER, key="another")


def test_what_is_agreed_on_already_is_left_as_it_is(composed):
    composition.submit(composed, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="nothing_to_submit"):
        composition.submit(composed, by=LIN, now=NOW)
    composition.approve(composed, by=CHEN, now=LATER)
    with pytest.raises(Conflict, match="nothing_to_decide"):
        composition.approve(composed, by=CHEN, now=LATER)
    promotions.create(spend_and_save("late"), by=LIN, now=LATER)
    assert composition.submit(composed, by=LIN, now=LATER) == {"late": "in_review"}


def test_only_what_was_shown_is_agreed_on(composed):
    """Fails when the decision is on the last review of each part, whichever was shown."""
    composition.submit(composed, by=LIN, now=NOW)
    shown = [each.pk for each in waiting_for(CHEN, composed, LATER)]
    offer = promotions.withdraw(offers.offer(LIN, "d12-300-less-50"), by=LIN, now=NOW)
    dear = promotions.edit(offer, spend_and_save(**{"with": {"tiers": [{"at": 100, "off": 90}]}}), by=LIN, now=NOW)
    promotions.submit(dear, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="already_withdrawn"):
        composition.approve(composed, by=CHEN, now=LATER, read=shown)
    assert live() == set()
    promotions.create(spend_and_save("late"), by=LIN, now=NOW)
    shown = [each.pk for each in waiting_for(CHEN, composed, LATER)]
    composition.submit(composed, by=LIN, now=NOW)
    assert set(composition.approve(composed, by=CHEN, now=LATER, read=shown)) == {
        "double-12", "d12-300-less-50", "d12-shop-30", "d12-app",
    }  # fmt: skip
    assert offers.offer(LIN, "late").state == "in_review"


def test_who_stands_in_for_a_reviewer_agrees_on_all_of_it(composed):
    """Fails when the inbox lists what the campaign's own page does not let them agree on."""
    for code, role in (("chen", "reviewer"), ("zhou", "analyst")):
        add_person(code, merchant="lantern", name=Words(code, code), roles=[role], by=SYSTEM, now=NOW)
    zhou = person("zhou", 1, "analyst")
    flows.delegate("chen", "zhou", since=NOW, until=LATER, by=CHEN, now=NOW)
    composition.submit(composed, by=LIN, now=NOW)
    waiting = inbox(zhou, NOW)
    assert len(waiting) == 4
    assert set(waiting_for(zhou, composed, NOW)) == set(waiting)
    with pytest.raises(Conflict, match="nothing_to_decide"):
        composition.approve(composed, by=zhou, now=LATER)
    assert set(composition.approve(composed, by=zhou, now=NOW)) == {each.subject for each in waiting}


def test_whoever_changed_a_draft_does_not_agree_on_it(composed):
    """Fails when the author is who began it: then somebody sets money aside, a colleague submits, and they agree, or
    somebody in their place."""
    for code, roles in (("both", ["operator", "reviewer"]), ("zhou", ["analyst"])):
        add_person(code, merchant="lantern", name=Words(code, code), roles=roles, by=SYSTEM, now=NOW)
    both = person("both", 1, "operator", "reviewer")
    campaigns.add_budget_line(
        composed, kind="discount", payer="platform", amount=9_000_000, name=MONEY, by=both, now=NOW
    )
    composition.submit(composed, by=LIN, now=NOW)
    theme = queries.campaign(both, "double-12")
    assert "double-12" not in {each.subject for each in waiting_for(both, theme, NOW)}
    with pytest.raises(Conflict, match="own_submission"):
        campaigns.approve(theme, by=both, now=LATER)
    flows.delegate("both", "zhou", since=NOW, until=LATER, by=both, now=NOW)
    with pytest.raises(Forbidden):
        campaigns.approve(theme, by=person("zhou", 1, "analyst"), now=NOW)
    assert campaigns.approve(theme, by=CHEN, now=LATER) == "open"


def test_the_same_key_answers_the_same(composed):
    first = composition.submit(composed, by=LIN, now=NOW, key="k")
    assert composition.submit(composed, by=LIN, now=NOW, key="k") == first


def test_one_part_that_cannot_be_submitted_holds_back_all(composed, monkeypatch):
    def fails(*_, **__):
        raise Conflict("changed", MONEY)

    monkeypatch.setattr(distributions, "WAY", replace(distributions.WAY, submission=fails))
    with pytest.raises(Conflict):
        composition.submit(composed, by=LIN, now=NOW)
    assert reviews.visible(SYSTEM).count() == 0
    assert queries.campaign(LIN, "double-12").state == "draft"


def test_reviewers_see_the_parts_the_profit_and_the_worst_stack_of_a_campaign(composed):
    composition.submit(composed, by=LIN, now=NOW)
    review = reviews.latest(CHEN, "campaign", "double-12")
    shown = reviews.expected(CHEN, review)
    assert shown["parts"] == {"promotion": 1, "coupon": 1, "distribution": 1}
    assert [(each["offer"], each["verdict"]) for each in shown["offers"]] == [
        ("d12-300-less-50", "applied"), ("d12-shop-30", "applied"),
    ]  # fmt: skip
    assert shown == reviews.expected(HE, review)
    assert shown["offers"][0]["costs"]["profit_with"] > 0
    deepest = shown["worst"][0]
    assert {each["offer"] for each in deepest["offers"]} == {"d12-300-less-50", "d12-shop-30"}
    assert deepest["depth"] == review.measures.get("percent", deepest["depth"])
    operators = reviews.expected(LIN, review)
    assert "costs" not in operators["offers"][0]
    assert "costs" not in operators["worst"][0]


def test_an_overview_holds_everything_of_it(composed):
    composition.submit(composed, by=LIN, now=NOW)
    seen = composition.overview(CHEN, composed)
    assert ([offer.code for offer in seen.offers], [each.code for each in seen.distributions], len(seen.waiting)) == (
        ["d12-300-less-50", "d12-shop-30"], ["d12-app"], 4,
    )  # fmt: skip


def test_goals_and_money_are_set_while_it_is_a_draft(theme):
    campaigns.set_goals(theme, [{"metric": "gmv", "channel": "app", "target": 100}], by=LIN, now=NOW)
    campaigns.set_goals(theme, [{"metric": "gmv", "target": 200}], by=LIN, now=NOW)
    assert [goal.target for goal in queries.goals(LIN, theme)] == [200]
    for key in ("a", "a", "b"):
        campaigns.add_budget_line(
            theme, kind="discount", payer="merchant:willow", amount=500, name=MONEY, by=LIN, now=NOW, key=key
        )
    (line,) = queries.budget(LIN, theme)
    assert (line.account.code, line.account.granted) == ("budget:double-12:discount:merchant:willow", 1000)
    campaigns.submit(theme, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="locked"):
        campaigns.set_goals(theme, [], by=LIN, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_at": "2026-12-08T00:00"}, "ends_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"name": {"en": "Double 12"}}, "name"),
        ({"code": ""}, "code"),
        ({"merchant": "nobody"}, "merchant"),
        ({"moon": "full"}, "moon"),
    ],
)
def test_a_campaign_that_does_not_hold_together_names_the_field(shop, wrong, field):
    with pytest.raises((Invalid, NotFound)) as raised:
        double_12(**wrong)
    assert raised.value.field == field
    assert not queries.visible(SYSTEM).exists()


def test_a_draft_can_be_changed_and_one_in_review_cannot(theme):
    longer = {"name": {"en": "Double 12", "zh": "双十二"}, "starts_at": "2026-12-08", "ends_at": "2026-12-20"}
    assert campaigns.edit(theme, longer, by=LIN, now=NOW).ends_at.day == 19, "midnight in Shanghai"
    campaigns.submit(theme, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="locked"):
        campaigns.edit(theme, longer, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="cannot_submit"):
        campaigns.submit(theme, by=LIN, now=NOW)
    campaigns.send_back(theme, by=CHEN, now=LATER, comment="too long")
    assert theme.state == "sent_back"
    campaigns.edit(theme, longer, by=LIN, now=NOW)
    campaigns.submit(theme, by=LIN, now=NOW)
    campaigns.withdraw(theme, by=LIN, now=NOW)
    assert theme.state == "draft"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"kind": "gold"}, "kind"),
        ({"amount": 0}, "amount"),
        ({"amount": 10**15 + 1}, "amount"),
        ({"payer": "merchant:nobody"}, "merchant"),
        ({"payer": "willow"}, "payer"),
        ({"payer": "Platform"}, "payer"),
    ],
)
def test_money_that_is_nobodys_is_refused(theme, line, field):
    given = {"kind": "discount", "payer": "platform", "amount": 5, **line}
    with pytest.raises((Invalid, NotFound)) as raised:
        campaigns.add_budget_line(theme, **given, name=MONEY, by=LIN, now=NOW)
    assert raised.value.field == field


def test_what_is_released_in_a_campaign_waits_until_the_campaign_is_agreed_on(composed):
    """Fails when an offer is live by its own review alone: its campaign's budget would be spent unapproved."""
    composition.submit(composed, by=LIN, now=NOW)
    composition.approve(composed, by=CHEN, now=LATER)
    assert offers.offer(LIN, "d12-shop-30").state == "released"
    before = book_number(SYSTEM)
    assert (book_data()["offers"], book_data()["distributions"]) == ([], [])
    with pytest.raises(Conflict, match="recalled"):
        coupons.issue(offers.offer(LIN, "d12-shop-30"), ["mei"], by=LIN, now=LATER, key="k")
    with pytest.raises(Refusal, match="no_such_coupon"):
        claim("d12-shop-30", "mei", by=APP, now=LATER, key="c-1")
    composition.approve(composed, by=HE, now=LATER)
    assert {offer["code"] for offer in book_data()["offers"]} == {"d12-300-less-50", "d12-shop-30"}
    assert book_number(SYSTEM) > before, "every process reads the book anew"
    assert claim("d12-shop-30", "mei", by=APP, now=LATER, key="c-1").offer == "d12-shop-30"


def test_a_merchant_sees_the_platforms_campaign_but_changes_only_its_own(theme, ye):
    assert queries.open_to(ye).filter(pk=theme.pk).exists(), "it may take part"
    with pytest.raises(NotFound):
        queries.campaign(ye, "double-12")
    with pytest.raises(NotFound):
        campaigns.edit(theme, {"name": {"en": "Mine", "zh": "我的"}}, by=ye, now=NOW)
    own = {"code": "w-1", "name": {"en": "Ours", "zh": "店庆"}, "starts_at": "2026-12-08", "ends_at": "2026-12-09"}
    assert campaigns.create(own, by=ye, now=NOW).merchant.code == "willow"
