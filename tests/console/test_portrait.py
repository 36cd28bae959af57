"""The portrait of a campaign: who claimed and bought beside everybody, for whom it is, and as a file without formulas."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import lake
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.checkout import actions as checkout
from festoon.checkout.models import Order
from festoon.composition import portrait as people
from festoon.console import portrait_page
from festoon.distribution.claims import claim
from festoon.records.viewer import SYSTEM
from tests.flows.counter import priced

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/double-12/portrait/"


@pytest.fixture
def came(cast, settings, tmp_path):
    """Mei and Nan claim in a hall, Mei uses hers; Rui buys by promotions alone; the lake is up to date."""
    settings.FESTOON_VAR = tmp_path
    portrait_page.forget()
    app, till = cast.machine("demo-app"), replace(cast.machine("demo-app"), store="willow-west")
    for shopper in ("mei", "nan"):
        claim("d12-shop-30", shopper, scene="hall", by=till, now=cast.now, key=shopper)
    claim("d12-shop-30", "tao", scene="=cmd", by=app, now=cast.now, key="tao")
    for n, (buyer, sku) in enumerate([("mei", "t-04"), ("rui", "t-04"), ("rui", "s-05")]):
        at = cast.now + timedelta(minutes=n)
        held = checkout.hold(priced(cast, (sku, 3), buyer=buyer).token, by=app, now=at, key=f"h{n}")
        checkout.redeem(held.hold, order=f"A-{n}", by=app, now=at, key=f"r{n}")
    export(lake())
    yield cast
    portrait_page.forget()


def told(client):
    answer = client.get(f"{PAGE}?export=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return {(trait, value, group): count for trait, value, group, count, _ in rows[1:]}


def test_who_came_beside_everybody(came, at):
    lin = at("lin")
    found = told(lin)
    gold = catalog.shoppers(SYSTEM).filter(level="gold").count()
    assert found["Level", "Gold", "Claimed"] == "2"
    assert found["Level", "Gold", "All shoppers"] == str(gold)
    assert found["Level", "Gold", "Bought with it"] == "1"
    assert found["Channel", "App", "All baskets"] == "3"
    assert found["What is in it", "Tea", "Baskets with it"] == "6"
    west = next(value for trait, value, _ in found if trait == "Scene and store" and value.startswith("hall"))
    assert (found["Scene and store", west, "Coupons given"], "West Lake" in west) == ("2", True)
    page = lin.get(PAGE).content.decode()
    assert "trait-level" in page
    assert "Show as table" in page
    assert 'id="to-portrait"' in lin.get("/campaigns/double-12/").content.decode()


def test_no_cell_of_the_file_is_a_formula(came, at):
    scenes = [value for trait, value, _ in told(at("lin")) if trait == "Scene and store"]
    assert any(value.startswith("'=cmd") for value in scenes)
    assert not any(value.startswith("=") for value in scenes)


def test_it_is_for_its_owner_and_who_reads_figures(came, at):
    assert at("zhou").get(PAGE).status_code == 200
    assert at("ye").get(PAGE).status_code == 404, "the platform's campaign is not a merchant's to look into"
    assert at("gu").get(PAGE).status_code == 403


def test_new_or_returning_is_asked_of_the_viewers_own_shops(cast):
    """Who bought at one house before is new at another; the platform knows of all."""
    campaign, rui = campaigns.campaign(SYSTEM, "double-12"), catalog.shopper(SYSTEM, "rui")
    willow = catalog.merchant(SYSTEM, "willow")
    before = campaign.starts_at - timedelta(days=1)
    Order.objects.create(merchant=willow, shopper=rui, code="W-1", placed_at=before, paid=1, lines=b"")
    everybody = catalog.shoppers(SYSTEM).filter(code__in=["rui", "nan"]).order_by()
    everybody.update(orders_placed=0)
    houses = [replace(SYSTEM, merchant_id=catalog.merchant(SYSTEM, code).pk) for code in ("willow", "kite", "lantern")]
    assert [people.returning(house, everybody, campaign) for house in houses] == [1, 0, 1]
    everybody.filter(code="nan").update(orders_placed=3)
    assert [people.returning(house, everybody, campaign) for house in houses] == [1, 0, 2], (
        "what the shop says is of all houses"
    )


def test_before_it_begins_there_is_nobody(came, at):
    lin = at("lin")
    lin.post("/campaigns/double-12/copy/", {"new": "next-12", "days": "364"})
    assert "has not begun yet" in lin.get("/campaigns/next-12/portrait/").content.decode()


def test_of_few_people_nothing_is_told_to_who_may_not_know_them():
    told = portrait_page._lines({"gold": (4, 90), "silver": (40, 100)}, (44, 190), str, 5)
    assert [(line.value, line.counts) for line in told] == [("silver", (40, 100)), ("gold", (None, 90))]
    assert portrait_page._cell(told[1], 0) == "too few to tell"
    assert told[0].index == 17_271, "40 of 44 beside 100 of 190"
    assert told[1].index == 0


@pytest.mark.parametrize(
    ("counts", "shown"),
    [((40, 4), ()), ((40, 20, 4), (40,)), ((40, 3, 3), (40,)), ((10, 6, 0), (10, 6)), ((44,), (44,)), ((3, 1), ())],
)
def test_nor_is_it_left_when_the_others_are_taken_from_the_whole(counts, shown):
    values = {f"level-{n}": (count,) for n, count in enumerate(counts)}
    told = portrait_page._lines(values, (sum(counts),), str, 5, parts=True)
    assert tuple(line.counts[0] for line in told if line.counts[0] is not None) == shown
    every = portrait_page._lines(values, (sum(counts),), str, 0, parts=True)
    assert [line.counts[0] for line in every] == list(counts), "who may know shoppers is told all"
