"""The town on a product that is really served: its shoppers, its flash sale, its switch."""

import time
from datetime import datetime

import pytest

from tests.faults import checks
from tests.faults.product import Product

SOON = {"seed": 7, "a_second": 0, "flash_after": 2}


def job(database):
    (*_, row) = database.rows(
        "SELECT state, done, cursor, args, error FROM records_job WHERE kind = 'town' ORDER BY id"
    )
    return row


def wait_for(condition, database, patience=90):
    until = time.monotonic() + patience
    while not condition(found := job(database)):
        assert not found["error"], found
        assert time.monotonic() < until, found
        time.sleep(0.1)
    return found


def settled(count, patience=90):
    """The count once it has stood still for two seconds: who was under way when the switch fell has come home."""
    until, before = time.monotonic() + patience, -1
    while (now := count()) != before:
        assert time.monotonic() < until, now
        before = now
        time.sleep(2)
    return now


@pytest.fixture
def town(product: Product):
    """A served product with its town awake and in a hurry."""
    product.start()
    product.enqueue("town", SOON)
    with product.beside("town", "--url", product.url):
        yield product


def test_five_hundred_rush_fifty_units_and_everybody_is_told(town, database):
    found = wait_for(lambda row: "granted" in database.json(row["cursor"]).get("flash", {}), database)
    flash = database.json(found["cursor"])["flash"]

    assert flash["came"] == 500
    assert flash["granted"] == flash["units"] == 50
    assert flash["refused"] == {"sold_out": 430, "not_for_you": 20}
    issued = database.rows(
        "SELECT c.claimed_at, c.shopper_id FROM coupons_coupon c JOIN coupons_template t ON t.id = c.template_id"
        f" JOIN offers_offer o ON o.id = t.offer_id WHERE o.code = '{flash['offer']}'"
    )
    assert len({row["shopper_id"] for row in issued}) == len(issued) == 50
    opened = datetime.fromisoformat(flash["opens_at"])
    assert all(database.moment(row["claimed_at"]) >= opened for row in issued), "nobody was early"
    checks.counters_agree_with_rows(database)


@pytest.mark.once
def test_switched_off_nobody_comes_any_more(town, database):
    wait_for(lambda row: row["done"] >= 3, database)
    town.hand("town-off")
    came = settled(lambda: database.number("SELECT count(*) FROM records_outbox"))
    time.sleep(2)
    assert database.number("SELECT count(*) FROM records_outbox") == came
    assert job(database)["state"] == "cancelled"


@pytest.mark.once
def test_with_its_server_gone_the_town_waits_and_goes_on(town, database):
    wait_for(lambda row: row["done"] >= 2, database)
    town.kill()
    time.sleep(2)
    before = job(database)["done"]
    town.start()
    assert wait_for(lambda row: row["done"] > before + 1, database)["state"] == "running"
    checks.counters_agree_with_rows(database)
