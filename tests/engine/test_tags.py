"""A price tag is the quote of one unit: its price, its words, and how long it holds."""

import random
from copy import copy

import pytest

from festoon.base.windows import instant, moment_text
from festoon.engine.price import price
from festoon.engine.tags import alone, tag
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import world

NOON = "2026-12-12T12:00:00+08:00"
TEN_PERCENT = {"type": "percent", "with": {"basis_points": 1000}}


def book(*offers: dict, **more):
    return read_book({"festoon": 1, "currency": "CNY", "zone": "Asia/Shanghai", "offers": list(offers), **more})


def unit(unit_price: int = 10_000, **more):
    """The facts of one unit of tea; `more` may be a tag floor, a wallet, a buyer."""
    goods = {name: more.pop(name) for name in ("tag_floor", "category") if name in more}
    line = {"id": "1", "sku": "t-01", "quantity": 3, "unit_price": unit_price, **goods}
    facts = read_facts({"currency": "CNY", "moment": NOON, "lines": [line], "shipping": 900, **more})
    return alone(facts, facts.rows[0], {})


def at(text: str) -> int:
    return instant(text, "Asia/Shanghai")


def window(start: str, end: str) -> dict:
    return {"start": start, "end": end, "zone": "Asia/Shanghai"}


def later(facts, edge: int):
    moved = copy(facts)
    moved.at, moved.moment = edge, moment_text(edge)
    return moved


@pytest.mark.prove("engine")
def test_a_tag_is_the_quote_of_one_unit(rounds):
    """In any world: the same promotions, the same best coupons, and nothing changes before it says so."""
    for seed in rounds(small=150, large=20_000):
        rng = random.Random(seed)
        data, cart = world(rng)
        for offer in data["offers"]:
            if rng.random() < 0.4:
                start, end = sorted(rng.sample(range(1, 29), 2))
                offer["window"] = window(f"2026-12-{start:02}T00:00", f"2026-12-{end:02}T00:00")
        read, facts = read_book(data), read_facts(cart)
        for row in facts.rows:
            one = alone(facts, row, facts.availability)
            made, plain = tag(read, one), copy(one)
            plain.wallet = ()
            assert (made.listed, made.now) == (row.unit_price, price(read, plain).payable), seed
            balances = {o.code for o in read.offers if o.benefit.balance}
            freed = copy(one)
            freed.best, freed.wallet = True, tuple(h for h in one.wallet if h.offer not in balances)
            assert made.best == min(made.now, price(read, freed).payable), seed
            if made.changes is None:
                assert made.same(tag(read, later(one, one.at + 10**15))), seed
            else:
                assert made.changes > one.at
                assert made.same(tag(read, later(one, made.changes - 1))), seed


def test_the_tag_of_what_nothing_is_about():
    made = tag(book({"code": "z", "scope": {"sku": ["other"]}, **TEN_PERCENT}), unit())
    assert (made.sku, made.listed, made.now, made.best, made.coupons) == ("t-01", 10_000, 10_000, 10_000, [])
    assert (made.label.en, made.label.zh, made.changes) == ("", "", None)


def test_it_says_who_reduced_it_and_until_when():
    named = {"name": {"en": "Tea days", "zh": "茶叶节"}, "window": window("2026-12-10T00:00", "2026-12-15T00:00")}
    made = tag(book({"code": "tea", **named, **TEN_PERCENT}), unit())
    assert (made.now, made.label.en, made.label.zh) == (9000, "Tea days", "茶叶节")
    assert made.changes == at("2026-12-15T00:00")


def test_an_offer_without_a_name_says_what_it_gives():
    made = tag(book({"code": "tea", **TEN_PERCENT}), unit())
    assert (made.label.en, made.label.zh) == ("10% off", "9折")


def test_a_promotion_that_wants_more_is_promised():
    spend = {"type": "spend_and_save", "with": {"tiers": [{"at": 30_000, "off": 5000}]}}
    made = tag(book({"code": "s", "name": {"en": "50 off 300", "zh": "满300减50"}, **spend}), unit())
    assert (made.now, made.label.zh) == (10_000, "满300减50")


def test_the_best_coupon_of_the_wallet_and_what_it_makes_of_the_price():
    coupons = [
        {"code": code, "kind": "coupon", "type": "amount", "with": {"off": off, **more}}
        for code, off, more in (("five", 500, {}), ("twenty", 2000, {}), ("far", 9000, {"at": 50_000}))
    ]
    wallet = [
        {"id": "w5", "offer": "five"},
        {"id": "w20", "offer": "twenty", "expires": "2026-12-13T00:00:00+08:00"},
        {"id": "wf", "offer": "far"},
    ]
    tied = [{"code": "x", "between": ["five", "twenty"]}]
    read = book({"code": "ten", "name": {"en": "Ten", "zh": "九折"}, **TEN_PERCENT}, *coupons, exclusions=tied)
    made = tag(read, unit(wallet=wallet))
    assert (made.now, made.best, made.coupons) == (9000, 7000, ["w20"])
    assert (made.label.en, made.label.zh) == ("Ten; ¥70 with your coupon", "九折；券后 ¥70")
    assert made.changes == at("2026-12-13T00:00")
    assert tag(read, unit()).best == 9000


def test_a_coupon_that_costs_a_dearer_gift_is_left_in_the_wallet():
    """With 10 off, 95 are too few for a gift worth 30: the price says so, and the tag says the same."""
    gift = {"code": "g", "type": "gift", "with": {"sku": "cup", "quantity": 1, "value": 3000, "at": 9500}}
    coupon = {"code": "c", "kind": "coupon", "stage": "item", "type": "amount", "with": {"off": 1000}}
    one = unit(wallet=[{"id": "w", "offer": "c"}])
    made, freed = tag(book(gift, coupon), one), copy(one)
    freed.best = True
    assert (made.now, made.best, made.coupons) == (10_000, price(book(gift, coupon), freed).payable, [])


def test_a_balance_is_money_and_no_price():
    envelope = {"code": "e", "kind": "coupon", "type": "red_envelope", "with": {"amount": 500, "divisible": True}}
    made = tag(book(envelope), unit(wallet=[{"id": "w", "offer": "e", "balance": 500}]))
    assert (made.now, made.best, made.coupons) == (10_000, 10_000, [])


def test_floors_hold_on_the_tag():
    made = tag(book({"code": "half", "type": "percent", "with": {"basis_points": 5000}}), unit(tag_floor=8000))
    assert made.now == 8000


def test_for_whom_and_where():
    gold = {"code": "gold", "when": [{"segment": {"any": ["gold"]}}, {"channel": {"any": ["app"]}}], **TEN_PERCENT}
    assert tag(book(gold), unit(buyer={"id": "mei", "segments": ["gold"]}, channel="app")).now == 9000
    assert tag(book(gold), unit(buyer={"id": "mei", "segments": ["gold"]}, channel="web")).now == 10_000
    assert tag(book(gold), unit(buyer={"id": "tao"}, channel="app")).now == 10_000


def test_what_begins_later_changes_it_and_what_would_change_nothing_does_not():
    small = {"code": "small", "type": "flash_price", "with": {"price": 9500}}
    flash = {"code": "flash", "type": "flash_price", "with": {"price": 5000}}
    read = book(
        {**flash, "window": window("2026-12-12T20:00", "2026-12-12T22:00")},
        {**small, "code": "a", "window": window("2026-12-12T13:00", "2026-12-20T00:00")},
        {**small, "code": "b", "with": {"price": 9000}, "window": window("2026-12-01T00:00", "2026-12-31T00:00")},
    )
    made = tag(read, unit())
    assert (made.now, made.changes) == (9000, at("2026-12-12T20:00"))
    begun = tag(read, later(unit(), made.changes))
    assert (begun.now, begun.changes) == (5000, at("2026-12-12T22:00"))


@pytest.mark.parametrize(
    ("hours", "until"),
    [
        ({"start": "18:00", "end": "22:00"}, "2026-12-12T18:00"),
        ({"start": "09:00", "end": "24:00"}, "2026-12-13T00:00"),
        ({"start": "22:00", "end": "02:00"}, "2026-12-12T22:00"),
        ({"days": ["mon"], "start": "08:00", "end": "09:00"}, "2026-12-14T08:00"),
        ({"days": ["sat", "sun"]}, "2026-12-14T00:00"),
    ],
)
def test_hours_begin_and_end(hours, until):
    made = tag(book({"code": "h", "when": [{"hours": {**hours, "zone": "Asia/Shanghai"}}], **TEN_PERCENT}), unit())
    assert made.changes == at(until)


@pytest.mark.parametrize("word", ["exclusive", "steps_aside"])
def test_a_gift_ends_that_kept_a_price_away(word):
    """The gift takes nothing from the price, and while it lasts nothing else does: the tag says until when."""
    lasts = window("2026-12-10T00:00", "2026-12-16T00:00")
    gift = {"code": "g", "always": True, "type": "gift", "with": {"sku": "cup", "value": 3000, "at": 9500}}
    off = {"code": "o", "stage": "item", word: True, "type": "amount", "with": {"off": 1000}}
    made = tag(book(gift | {"window": lasts}, off), unit())
    assert (made.now, made.changes) == (10_000, at("2026-12-16T00:00"))
    assert tag(book(gift | {"window": lasts}, off), later(unit(), made.changes)).now == 9000


def test_hours_of_a_part_of_the_year_begin_on_its_first_evening():
    """This evening the part has not begun yet, and in the morning it begins the hours are over: the evening counts."""
    part = {"window": window("2026-12-14T10:00", "2026-12-20T00:00")}
    evening = {"hours": {"start": "18:00", "end": "22:00", "zone": "Asia/Shanghai"}}
    read = book({"code": "h", "when": [part, evening], **TEN_PERCENT})
    made = tag(read, unit())
    assert (made.now, made.changes) == (10_000, at("2026-12-14T18:00"))
    assert tag(read, later(unit(), made.changes)).now == 9000


def test_always_open_hours_never_change():
    made = tag(book({"code": "h", "when": [{"hours": {"zone": "Asia/Shanghai"}}], **TEN_PERCENT}), unit())
    assert (made.now, made.changes) == (9000, None)


def test_a_window_of_a_condition_and_a_birthday():
    part = window("2026-12-12T14:00", "2026-12-12T16:00")
    assert tag(book({"code": "w", "when": [{"window": part}], **TEN_PERCENT}), unit()).changes == at("2026-12-12T14:00")
    born = {"code": "b", "when": [{"birthday_month": {"zone": "Asia/Shanghai"}}], **TEN_PERCENT}
    made = tag(book(born), unit(buyer={"id": "mei", "birthday_month": 12}))
    assert (made.now, made.changes) == (9000, at("2027-01-01T00:00"))


def test_a_distribution_and_an_exclusion_end_too():
    campaign = {"code": "c", "campaign": "d12", **TEN_PERCENT}
    given = {"code": "d", "campaign": "d12", "window": window("2026-12-01T00:00", "2026-12-13T00:00")}
    made = tag(book(campaign, distributions=[given]), unit())
    assert (made.now, made.changes) == (9000, at("2026-12-13T00:00"))
    tied = {"code": "x", "between": ["a", "b"], "window": window("2026-12-01T00:00", "2026-12-14T00:00")}
    both = [{"code": "a", **TEN_PERCENT}, {"code": "b", "type": "amount", "with": {"off": 100}}]
    made = tag(book(*both, exclusions=[tied]), unit())
    assert (made.now, made.changes) == (9000, at("2026-12-14T00:00"))
    assert tag(book(*both, exclusions=[tied]), later(unit(), made.changes)).now == 8900
