"""What is about everybody is the platform's: no merchant's people reach it, whatever their roles, by whatever door."""

from datetime import timedelta

import pytest
from django.urls import reverse

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Goal
from festoon.catalog import queries as catalog
from festoon.catalog.people import viewer_of
from festoon.checkout import auditing
from festoon.checkout.queries import orders, redemptions
from festoon.composition import actions as composition
from festoon.composition import results
from festoon.demo.town import switch
from festoon.offers import caution
from festoon.promotions import actions as promotions
from festoon.records import jobs
from festoon.records.refusal import Forbidden, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import flows, queries
from festoon.review.levels import Step
from tests.rights.asking import rows
from tests.rights.test_twins import signed_in
from tests.rights.world import NOW, A, B, P, offer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
ANYBODY = Step(Words("Anybody", "任何人"), ["role:reviewer"])
POSTS = [
    ("review-settings", {"do": "flow"}, {}),
    ("review-settings", {"do": "ceiling", "role": "merchant", "measure": "percent", "then": "role:reviewer"}, {}),
    ("policy", {"on": "no"}, {"code": caution.COUPON}),
    ("town", {"to": "start"}, {}),
    ("health-check", {}, {}),
]


def everything(twins):
    """Somebody of a merchant with every role its people may have: as a browser, and as a viewer."""
    client = signed_in()
    return client, viewer_of(catalog.people(SYSTEM).get(code=f"{A}-all").user)


def test_no_merchant_says_who_agrees_nor_orders_what_is_about_everybody(twins):
    client, by = everything(twins)
    before = rows()
    for act in (
        lambda: flows.set_flow("promotion", [], by=by, now=NOW),
        lambda: flows.set_ceiling("operator", "percent", 0, then=ANYBODY, by=by, now=NOW),
        lambda: caution.set_policy(caution.COUPON, on=False, by=by, now=NOW),
        lambda: auditing.ask(by=by, now=NOW),
        lambda: jobs.enqueue("town", {}, by=by, now=NOW),
        lambda: switch.start(by=by, now=NOW),
    ):
        with pytest.raises(Forbidden):
            act()
    for name, body, known in POSTS:
        assert client.post(reverse(f"console:{name}", kwargs=known), body).status_code == 403, name
    assert rows() == before


def test_a_merchants_people_give_away_their_own_work_and_see_no_others_who_did(twins):
    _, by = everything(twins)
    until = {"since": NOW, "until": LATER, "now": NOW}
    of_the_platform = flows.delegate("chief", f"{A}-mate", by=SYSTEM, **until)
    with pytest.raises(Forbidden):
        flows.delegate(f"{A}-boss", f"{A}-mate", by=by, **until)
    own = flows.delegate(f"{A}-all", f"{A}-mate", by=by, **until)
    assert list(queries.delegations(by)) == [own]
    with pytest.raises(NotFound):
        flows.end_delegation(of_the_platform.pk, by=by, now=NOW)
    flows.end_delegation(own.pk, by=by, now=NOW)


def test_what_was_kept_of_a_campaign_is_its_owners(twins):
    """Fails when a merchant that took part reads everybody's offers, drafts, payers and figures in the archive."""
    for each in twins:
        promotions.create(
            offer(each, "joins", "percent", {"basis_points": 500}, campaign="market-days"), by=each.person, now=NOW
        )
    theme = campaigns.campaign(SYSTEM, "market-days")
    kept = composition.archive(theme, by=SYSTEM, now=NOW + timedelta(days=30))
    assert campaigns.archive(SYSTEM, theme) == kept
    assert all(f"{mark}-joins" in kept.text for mark in (A, B))
    client, by = everything(twins)
    assert campaigns.archive(by, theme) is None
    for page in ("/campaigns/market-days/", "/campaigns/market-days/text/", "/campaigns/market-days/text/?download=1"):
        told = client.get(page).content.decode()
        assert B not in told
        assert f"{P}-" not in told  # who made the campaign is called by it, and may be known
        assert f"{A}-joins" in told


def test_what_a_merchants_campaign_brought_is_what_its_own_shops_sold(twins):
    """Fails when the archive of a merchant's campaign, which is made for SYSTEM, adds up what everybody sold."""
    theme = campaigns.campaign(SYSTEM, f"{A}-theme")
    own = redemptions(SYSTEM).filter(merchant_id=theme.merchant_id, at__gte=theme.starts_at, at__lt=theme.ends_at)
    others = redemptions(SYSTEM).exclude(merchant_id=theme.merchant_id).filter(at__gte=theme.starts_at)
    sold = results.kept(SYSTEM, theme, [])["sold"]
    assert others.exists()
    assert sold["orders"] == own.count() > 0
    assert sold["gmv"] == sum(row.paid - row.refunded for row in own)
    buyers = {row.hold.shopper_id for row in own if row.hold.shopper_id}
    known = set(orders(SYSTEM).filter(placed_at__lt=theme.starts_at).values_list("shopper_id", flat=True))
    goal = Goal(campaign=theme, metric="new_buyers", target=5)
    assert results.kept(SYSTEM, theme, [goal])["goals"][0]["reached"] == len(buyers - known)
    whole = results.sales_of(SYSTEM, campaigns.campaign(SYSTEM, "market-days"))
    assert whole.orders > sold["orders"]
    client, _ = everything(twins)
    assert 'id="results"' not in client.get("/campaigns/market-days/").content.decode(), "nor does who took part"
