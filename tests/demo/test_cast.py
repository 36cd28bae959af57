"""The cast on stage: live today, reviewed by its people, and put back for each test as it was."""

import time
from datetime import timedelta

import pytest

from festoon.campaigns.models import BudgetLine, Campaign
from festoon.demo.cast import load
from festoon.distribution.models import Distribution
from festoon.offers.models import Exclusion, Offer, Release
from festoon.records import audit, queries
from festoon.records.viewer import SYSTEM
from festoon.review.models import Decision, Review


def test_both_campaigns_are_live_and_their_parts_released(cast):
    for campaign in Campaign.objects.all():
        assert campaign.starts_at <= cast.now < campaign.ends_at
        assert campaign.state == "approved"
    assert Campaign.objects.count() == 2
    assert {offer.code for offer in Offer.objects.exclude(state="released")} == {"d12-rain-perfume"}
    assert {d.state for d in Distribution.objects.all()} == {"released"}
    assert {e.state for e in Exclusion.objects.all()} == {"released"}


def test_something_waits_for_chen_bo_and_for_nobody_else(cast):
    open_now = Review.objects.get(state="open")
    assert (open_now.subject, open_now.opened_by) == ("d12-rain-perfume", "person:lin")
    assert open_now.expected["with"]["payable"] < open_now.expected["without"]["payable"]


def test_everything_was_decided_by_those_whose_business_it_is(cast):
    assert set(Decision.objects.filter(review__subject_kind="campaign").values_list("by", flat=True)) == {
        "person:chen",
        "person:he",
    }
    assert set(Decision.objects.filter(review__subject_kind="exclusion").values_list("by", flat=True)) == {
        "person:chen"
    }
    assert Offer.objects.get(code="d12-west-lake-20").author == "person:ye"


def test_the_budget_lies_in_accounts(cast):
    line = BudgetLine.objects.get(campaign__code="double-12", kind="discount", payer="platform")
    assert (line.account.granted, line.account.spent) == (12_000_000, 0)


def test_every_chain_of_the_audit_walks(cast):
    for chain in queries.chains(SYSTEM):
        assert audit.walk(chain) == []


def test_staged_again_nothing_happens(cast):
    releases, rows = Release.objects.count(), queries.visible(SYSTEM).count()
    assert load.load(now=cast.now + timedelta(days=3), password="another") is False
    assert (Release.objects.count(), queries.visible(SYSTEM).count()) == (releases, rows)


@pytest.mark.django_db
@pytest.mark.parametrize("stop_at", ["people and their keys", "Women's Day"])
def test_left_half_way_it_is_finished_the_next_time(stop_at):
    from datetime import UTC, datetime

    now = datetime.now(UTC)

    def say(what):
        if what == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load.load(now=now, password="made up", say=say)
    started = time.monotonic()
    assert load.load(now=now, password="made up")
    assert time.monotonic() - started < 20
    assert Offer.objects.filter(state="released").count() == 15
    assert Review.objects.get(state="open").subject == "d12-rain-perfume"


@pytest.mark.django_db
def test_left_between_two_reviewers_the_second_is_asked(monkeypatch):
    from datetime import UTC, datetime

    from festoon.demo.cast import campaigns

    agree = campaigns._agree

    def only_chen(campaign, *, by, now):
        if by.name != "person:chen":
            raise KeyboardInterrupt
        agree(campaign, by=by, now=now)

    now = datetime.now(UTC)
    with monkeypatch.context() as patched:
        patched.setattr(campaigns, "_agree", only_chen)
        with pytest.raises(KeyboardInterrupt):
            load.load(now=now, password="made up")
    assert load.load(now=now, password="made up")
    assert {campaign.state for campaign in Campaign.objects.all()} == {"approved"}
    assert Review.objects.get(state="open").subject == "d12-rain-perfume"
