"""Which offers meet which: the index beside a look at every product and every kind of cart."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from festoon.base.windows import since_1970
from festoon.catalog.goods import Goods
from festoon.offers import reach
from festoon.offers.goods_bits import GoodsBits
from festoon.offers.overlap import Board, Overlap
from festoon.offers.standing import Remembered, standing

CATEGORIES = ("tea", "tea/green", "tea/oolong", "sport", "sport/yoga")
BRANDS, SEGMENTS, CHANNELS = ("willow", "kite", ""), ("gold", "new", "old"), ("app", "store", "mini")
DAY0 = datetime(2026, 12, 10, tzinfo=UTC)
NOW = since_1970(DAY0)


def catalogue(rng: random.Random, count: int) -> Goods:
    lines = {
        f"p-{n}": {
            "product": f"p-{n // 2}", "category": rng.choice(CATEGORIES).split("/"), "brand": rng.choice(BRANDS),
            "merchant": rng.choice(("willow", "kite")), "store": "", "tags": rng.sample(["gift", "new"], rng.randint(0, 2)),
        }
        for n in range(count)
    }  # fmt: skip
    return Goods(1, lines, dict.fromkeys(lines, 100), {})


def scope(rng: random.Random, have: Goods):
    skus = sorted(have.lines)
    some = {
        "category": rng.sample(["tea", "green", "oolong", "sport", "yoga"], rng.randint(1, 2)),
        "brand": rng.sample(["willow", "kite"], 1),
        "tag": ["gift"],
        "merchant": [rng.choice(["willow", "kite"])],
        "sku": rng.sample(skus, min(len(skus), rng.choice([1, 3]))),
        "product": [have.lines[rng.choice(skus)]["product"]],
    }
    names = rng.sample(sorted(some), rng.choice([0, 1, 1, 1, 2, 2]))
    made: dict[str, Any] = {name: some[name] for name in names} or {"all": True}
    if rng.random() < 0.3:
        made["except"] = {(name := rng.choice(sorted(some))): some[name]}
    return made


def offer(rng: random.Random, code: str, have: Goods) -> dict:
    when = [
        *[{"channel": {"any": rng.sample(CHANNELS, rng.randint(1, 2))}} for _ in range(rng.random() < 0.4)],
        *[{"segment": {"any": rng.sample(SEGMENTS, rng.randint(1, 2))}} for _ in range(rng.random() < 0.3)],
        *[{"segment": {"none": rng.sample(SEGMENTS, rng.randint(1, 2))}} for _ in range(rng.random() < 0.3)],
        *[{"nth_order": {"least": least, "most": least + rng.randint(0, 1)}} for least in [rng.randint(1, 4)][: rng.random() < 0.3]],
        *[{"level": {"any": [rng.choice(["l1", "l2"])]}} for _ in range(rng.random() < 0.2)],
    ]  # fmt: skip
    made = {"code": code, "scope": scope(rng, have), "when": when}
    if rng.random() < 0.7:
        start = DAY0 + timedelta(days=rng.randint(-4, 4))
        made["window"] = {"start": start.isoformat(), "end": (start + timedelta(days=rng.randint(1, 4))).isoformat()}
    return made


def distributions(rng: random.Random, codes: list[str]) -> dict:
    return {
        code: [
            {"channels": rng.sample(CHANNELS, rng.randint(0, 1)), "segments": rng.sample(SEGMENTS, rng.randint(0, 1))}
            for _ in range(rng.randint(1, 2))
        ]
        for code in codes
        if rng.random() < 0.3
    }


def admits(data: dict, spread: list[dict], cart: dict) -> bool:
    """Whether an offer is for this cart, said once more and plainly."""
    start, end = (
        (datetime.fromisoformat(data["window"][name]) for name in ("start", "end"))
        if "window" in data
        else (None, None)
    )
    if start and end and not start <= cart["moment"] < end:
        return False
    for (name, asked), *_ in (condition.items() for condition in data["when"]):
        if name in ("channel", "level") and cart[name] not in asked["any"]:
            return False
        if name == "segment" and asked.get("any") and not set(asked["any"]) & cart["segments"]:
            return False
        if name == "segment" and set(asked.get("none", ())) & cart["segments"]:
            return False
        if name == "nth_order" and not asked["least"] <= cart["order"] <= asked["most"]:
            return False
    return not spread or any(
        (not each["channels"] or cart["channel"] in each["channels"])
        and (not each["segments"] or set(each["segments"]) & cart["segments"])
        for each in spread
    )


def every_cart():
    segments = [{name for name, held in zip(SEGMENTS, bits, strict=True) if held} for bits in product((0, 1), repeat=3)]
    moments = [DAY0 + timedelta(days=days) for days in range(9)]
    for moment, channel, held, level, order in product(moments, CHANNELS, segments, ("l1", "l2"), range(1, 6)):
        yield {"moment": moment, "channel": channel, "segments": held, "level": level, "order": order}


CARTS = list(every_cart())


@pytest.mark.prove("overlap")
def test_the_index_says_what_a_look_at_every_product_and_cart_says(rounds):
    for seed in rounds(small=60, large=5000):
        rng = random.Random(seed)
        have = catalogue(rng, rng.choice([1, 6, 12, 600]))
        bits = GoodsBits(have)
        data = [offer(rng, f"o-{n}", have) for n in range(6)]
        spread = distributions(rng, [each["code"] for each in data])
        stood = [standing(each, bits, "UTC", spread, live=True) for each in data]
        board = Board(Remembered("CNY", bits, "UTC", spread, 1, stood, {}), NOW, ())
        reached = {
            each["code"]: {n for n, cart in enumerate(CARTS) if admits(each, spread.get(each["code"], []), cart)}
            for each in data
        }
        for mine in stood:
            found = {one.other.code: one.count for one in board.meeting(mine, stood)}
            slow = {}
            for other in stood:
                shared = [
                    sku for sku in have.lines
                    if have.means(mine.data["scope"], sku) and have.means(other.data["scope"], sku)
                ]  # fmt: skip
                if other.code != mine.code and shared and reached[mine.code] & reached[other.code]:
                    slow[other.code] = len(shared)
                if other.code != mine.code and reached[mine.code] and reached[other.code]:
                    both = board.between(mine, other)
                    assert isinstance(both, Overlap) == (other.code in slow), (seed, mine.data, other.data, both)
            lost = {code for code in found if not reached[mine.code] or not reached[code]}
            assert {code: count for code, count in found.items() if code not in lost} == slow, seed


def test_goods_as_bits_are_the_goods_of_the_scope():
    rng = random.Random(7)
    have = catalogue(rng, 700)
    bits = GoodsBits(have)
    for _ in range(200):
        one, other = scope(rng, have), scope(rng, have)
        both = bits.shared(bits.of(one), bits.of(other))
        wanted = have.within(one) & have.within(other)
        assert bits.count(both) == len(wanted)
        assert bits.first(both, 3) == sorted(wanted)[:3]


def test_hours_of_one_clock_keep_apart_and_the_night_goes_over_midnight():
    def on(**hours):
        return reach.reaches({"when": [{"hours": {"zone": "Asia/Shanghai", **hours}}]}, (), "UTC")

    morning, evening = on(start="08:00", end="12:00"), on(start="18:00", end="23:00")
    friday_night, saturday = on(days=["fri"], start="22:00", end="02:00"), on(days=["sat"], start="00:00", end="24:00")
    assert reach.meet(morning, evening, NOW).reason == "hours"
    assert not isinstance(reach.meet(friday_night, saturday, NOW), reach.Apart)
    assert reach.meet(friday_night, on(days=["sun"]), NOW).reason == "hours"


def test_what_is_over_meets_nothing():
    past = reach.reaches({"window": {"start": "2026-12-01T00:00", "end": "2026-12-02T00:00"}}, (), "UTC")
    assert reach.meet(past, past, NOW).reason == "time"
