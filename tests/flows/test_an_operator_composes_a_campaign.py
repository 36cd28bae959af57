"""Lin Yue plans a night of black tea, her colleagues agree, shoppers pay less, and she can stop it at once."""

import pytest

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.checkout import actions as checkout
from festoon.composition import actions as composition
from festoon.demo.cast import world
from festoon.distribution import actions as distributions
from festoon.offers import actions as offers
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Refusal
from tests.flows.counter import priced, verdicts

TEA = ("t-06", 2)


@pytest.fixture
def night(cast):
    """A campaign with one promotion, its money and its way to the people; nobody has agreed yet."""
    lin, now = cast.person("lin"), cast.now
    starts_at, ends_at = world.instants([0, 2], world.today(now))
    campaign = campaigns.create(
        {
            "code": "black-tea-night",
            "name": {"en": "A night of black tea", "zh": "红茶之夜"},
            "starts_at": starts_at,
            "ends_at": ends_at,
            "zone": world.ZONE,
        },
        by=lin,
        now=now,
    )
    campaigns.add_budget_line(
        campaign, kind="discount", payer="platform", amount=2_000, name=Words("Discounts", "优惠"), by=lin, now=now
    )
    promotions.create(
        {
            "code": "black-tea-10",
            "campaign": campaign.code,
            "name": {"en": "10% off black tea", "zh": "红茶九折"},
            "type": "percent",
            "with": {"basis_points": 1_000},
            "scope": {"category": ["black-tea"]},
            "payers": [{"payer": "platform", "basis_points": 10_000}],
        },
        by=lin,
        now=now,
    )
    distributions.create(
        {
            "code": "black-tea-app",
            "campaign": campaign.code,
            "name": {"en": "In the app", "zh": "应用内"},
            "channels": ["app"],
        },
        by=lin,
        now=now,
    )
    composition.submit(campaign, by=lin, now=now)
    return campaign


def test_nothing_is_sold_before_the_last_colleague_agreed(cast, night):
    assert priced(cast, TEA).payable == 15_800
    composition.approve(night, by=cast.person("chen"), now=cast.now)
    assert night.state == "in_review", "finance has not said a word yet"
    composition.approve(night, by=cast.person("he"), now=cast.now)
    assert night.state == "approved"
    assert priced(cast, TEA).payable == 14_220


def test_nobody_agrees_to_what_they_wrote_and_nobody_without_the_right(cast, night):
    for code in ("lin", "zhou", "ye"):
        with pytest.raises((Conflict, Forbidden, Refusal)):
            composition.approve(night, by=cast.person(code), now=cast.now)
    assert priced(cast, TEA).payable == 15_800


def test_stopped_it_grants_nothing_more_not_even_what_was_quoted(cast, night):
    for code in ("chen", "he"):
        composition.approve(night, by=cast.person(code), now=cast.now)
    app, quote = cast.machine("demo-app"), priced(cast, TEA)

    offers.stop("offer", "black-tea-10", why="The price was printed wrongly", by=cast.person("lin"), now=cast.now)

    with pytest.raises(Refusal) as refused:
        checkout.hold(quote.token, by=app, now=cast.now, key="late")
    assert refused.value.status == 409
    after = priced(cast, TEA)
    assert (after.payable, verdicts(after)["black-tea-10"]) == (15_800, "stopped")

    offers.lift("offer", "black-tea-10", by=cast.person("lin"), now=cast.now)
    assert priced(cast, TEA).payable == 14_220


def test_the_budget_ends_and_the_discount_with_it(cast, night):
    for code in ("chen", "he"):
        composition.approve(night, by=cast.person(code), now=cast.now)
    app = cast.machine("demo-app")
    first = checkout.hold(priced(cast, TEA).token, by=app, now=cast.now, key="n-1")
    assert first.payable == 14_220
    assert priced(cast, TEA).payable == 15_800 - 420, "20.00 were set aside, 15.80 are held"
    checkout.cancel(first.hold, by=app, now=cast.now)
    assert priced(cast, TEA).payable == 14_220


def test_what_was_sent_back_is_mended_and_agreed_to(cast):
    from festoon.offers import queries as seen

    lin, chen, now = cast.person("lin"), cast.person("chen"), cast.now
    perfume = seen.offer(lin, "d12-rain-perfume")
    assert priced(cast, ("b-10", 1)).payable == 32_900 - 5_000

    promotions.send_back(perfume, by=chen, now=now, comment="Make it 80, we said so")
    mended = {name: value for name, value in perfume.draft.items() if name != "terms"}
    perfume = promotions.edit(perfume, {**mended, "with": {"off": 8_000}}, by=lin, now=now)
    perfume = promotions.submit(perfume, by=lin, now=now)
    promotions.approve(perfume, by=chen, now=now)

    # 329.00 less 80.00 is below 300.00: the 50.00 no longer apply.
    assert priced(cast, ("b-10", 1)).payable == 24_900
    said = [entry.verb for entry in records.history(lin, "promotion", "d12-rain-perfume")]
    assert said[-4:] == ["offers.send_back", "promotions.edit", "offers.submit", "offers.approve"]
