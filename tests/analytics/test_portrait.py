"""Baskets of a campaign beside all of its time, out of the lake: each once, only its days, nothing of its neighbours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from festoon.analytics import portrait
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.write import write

START = datetime(2026, 12, 10, tzinfo=UTC)
DAY = date(2026, 12, 10)


def basket(number, *campaigns, at=4, paid=9_000, shopper="mei", sku="t-01", merchant="lantern"):
    return {
        "id": f"redeem:{number}", "kind": "order.redeemed", "at": (START + timedelta(hours=at)).isoformat(),
        "merchant": merchant, "campaigns": list(campaigns), "shopper": shopper, "channel": "app", "store": "",
        "money": {"payable": paid}, "lines": [{"sku": sku, "quantity": 2, "unit_price": 100}],
    }  # fmt: skip


def opened(number, scene, store="", campaign="double-12"):
    return {
        "id": f"seen:{number}", "kind": "campaign.opened", "at": START.isoformat(), "merchant": "lantern",
        "campaign": campaign, "scene": scene, "store": store,
    }  # fmt: skip


@pytest.fixture
def lake(tmp_path):
    return Folder(tmp_path)


def counted(lake, campaign="double-12"):
    return portrait.baskets(
        lake, campaign, since=START, until=START + timedelta(days=2), zone="Asia/Shanghai", merchants=["lantern"],
        edges=[5_000, 10_000],
    )  # fmt: skip


def test_baskets_are_counted_once_beside_all(lake):
    rows = [
        basket(1, "double-12", "womens-day"), basket(2, "double-12", at=5, shopper="tao", sku="w-01"), basket(3, paid=20_000),
        basket(4, "double-1", "double-123", shopper="rui"), basket(5, "double-12", merchant="elsewhere"),
    ]  # fmt: skip
    write(lake, DAY, 1, 3, rows)
    write(lake, DAY, 1, 9, rows)
    found = counted(lake)
    assert found.count == (2, 4)
    assert found.traits["hour"] == {12: (1, 3), 13: (1, 1)}, "by the clock of the zone"
    assert found.traits["size"] == {1: (2, 3), 2: (0, 1)}
    assert found.pieces == {"t-01": (2, 6), "w-01": (2, 2)}
    assert (found.buyers, sorted(found.sample)) == (2, ["mei", "tao"])


@pytest.mark.parametrize("code", ["双12", 'the "12"', "a\\b", "d.12"])
def test_a_code_in_any_letters_is_found(lake, code):
    """Fails when a campaign that is called in Chinese seems to have sold nothing."""
    write(lake, DAY, 1, 2, [basket(1, code), basket(2, "d-12"), opened(3, "store", campaign=code)])
    found = counted(lake, code)
    assert (found.count, found.opened) == ((1, 2), {("store", ""): 1})


def test_only_the_days_of_the_campaign_are_read(lake):
    write(lake, DAY, 1, 1, [basket(1, "double-12")])
    write(lake, DAY + timedelta(days=5), 2, 2, [basket(2, "double-12", at=120)])
    (lake.path(DAY + timedelta(days=6), 3, 3)).parent.mkdir()
    lake.path(DAY + timedelta(days=6), 3, 3).write_bytes(b"not a file one can read")
    assert counted(lake).count == (1, 1)
    assert counted(lake, "nothing").count == (0, 1)


def test_a_sample_of_many_buyers_is_always_the_same(lake, monkeypatch):
    monkeypatch.setattr(portrait, "SAMPLE", 3)
    write(lake, DAY, 1, 1, [basket(n, "double-12", shopper=f"s-{n}") for n in range(9)])
    found = counted(lake)
    assert (found.buyers, len(found.sample)) == (9, 3)
    assert counted(lake).sample == found.sample


def test_openings_are_counted_by_scene_and_store(lake):
    write(
        lake,
        DAY,
        1,
        1,
        [opened(1, "hall", "west"), opened(2, "hall", "west"), opened(3, ""), opened(4, "hall", campaign="other")],
    )
    assert counted(lake).opened == {("hall", "west"): 2, ("", ""): 1}


def test_an_empty_lake_is_nobody(lake):
    assert counted(lake).count == (0, 0)
