"""The made-up world is sound before anybody stages it."""

from datetime import UTC, datetime

import pytest

from festoon.demo.cast import world
from festoon.demo.cast.campaigns import TERMS
from festoon.rulebook.release import check_release

TODAY = world.today(datetime(2026, 12, 11, 20, 0, tzinfo=UTC))


def offers():
    for name in world.CAMPAIGNS:
        data = world.read(name)
        for row in [*data["offers"], *data.get("waiting", [])]:
            yield pytest.param(data["campaign"], row, id=row["code"])


def test_the_day_is_the_day_of_the_place():
    assert TODAY.isoformat() == "2026-12-12", "eight in the evening of UTC is the next morning in Shanghai"
    assert world.window([-3, 11], TODAY) == {
        "start": "2026-12-09T00:00",
        "end": "2026-12-23T00:00",
        "zone": "Asia/Shanghai",
    }


@pytest.mark.parametrize(("campaign", "row"), list(offers()))
def test_every_offer_holds_together(campaign, row):
    draft = {name: value for name, value in row.items() if name not in TERMS}
    assert check_release({**draft, "window": world.window(campaign["days"], TODAY)}) == []


def test_goods_cost_less_than_they_bring_and_floors_lie_between():
    for row in world.goods():
        assert row["unit_cost"] < row["list_price"], row["sku"]
        assert row["net_floor"] <= row["list_price"], row["sku"]
        assert row["tag_floor"] <= row["list_price"], row["sku"]


def test_the_crowd_is_five_hundred_and_one_in_ten_of_those_who_only_came_for_the_sale_is_no_member():
    members = {row["shopper"] for row in world.memberships() if row["segment"] == "members"}
    crowd = world.group_codes("crowd")
    assert len(world.group_codes("town") + crowd) == 500
    assert len(set(crowd) - members) == 20
    assert set(world.group_codes("town")) <= members


def test_everybody_is_labelled_as_made_up():
    assert {row["source"] for row in world.shoppers()} == {"made up"}


def test_off_is_a_word():
    (first, *_) = world.read("double_12")["offers"]
    assert first["with"]["tiers"][0] == {"at": 30000, "off": 5000}
