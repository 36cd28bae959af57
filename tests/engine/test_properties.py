"""What holds for every cart and every offers file, whatever the rules."""

import copy
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.money import MODES, rounded, share, share_within
from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.play import Play
from festoon.engine.price import price
from festoon.engine.quote import Quote
from festoon.engine.ties import Ties
from festoon.engine.turn import sure, turn
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import line, world

SEEDS = st.integers(min_value=0, max_value=2**32)


def quoted(data: dict, cart: dict) -> dict:
    return price(read_book(data), read_facts(cart)).to_data()


def paid_by_unit(quote: dict) -> list[int]:
    return sorted(unit["payable"] for line in quote["lines"] for unit in line["units"])


@pytest.mark.prove("engine")
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_parts_sum_to_the_whole(amount, weights):
    parts = share(amount, weights)
    assert sum(parts) == (amount if any(weights) else 0)
    for part, weight in zip(parts, weights, strict=True):
        exact = amount * weight / sum(weights) if any(weights) else 0
        assert part in (int(exact), int(exact) + 1) or abs(part - exact) <= 1
        assert weight or not part


@pytest.mark.prove("engine")
@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)), min_size=1, max_size=9))
def test_parts_stay_within_their_rooms(amount, pairs):
    weights, rooms = [w for w, _ in pairs], [r for _, r in pairs]
    parts = share_within(amount, weights, rooms)
    assert sum(parts) == min(amount, sum(rooms))
    assert all(part <= room for part, room in zip(parts, rooms, strict=True))


def test_less_than_nothing_is_not_shared():
    with pytest.raises(ValueError, match="cannot share -1"):
        share_within(-1, [1, 2], [5, 5])


@given(st.integers(0, 10**9), st.integers(1, 10**5), st.sampled_from(MODES))
def test_rounding_is_by_less_than_one(numerator, denominator, mode):
    value = rounded(numerator, denominator, mode)
    assert abs(value * denominator - numerator) < denominator
    assert numerator % denominator or value == numerator // denominator


@pytest.mark.prove("engine")
@given(SEEDS)
def test_every_sum_is_exact(seed):
    data, cart = world(random.Random(seed), 8)
    quote = quoted(data, cart)
    totals = quote["totals"]
    by_offer: dict[str, int] = {}
    for row in quote["lines"]:
        assert row["list"] - row["discount"] == row["payable"] == sum(u["payable"] for u in row["units"])
        assert row["discount"] == sum(s["amount"] for s in row["shares"])
        for one in row["shares"]:
            by_offer[one["offer"]] = by_offer.get(one["offer"], 0) + one["amount"]
            assert sum(one["payers"].values()) == one["amount"]
            of_units = [s for unit in row["units"] for s in unit["shares"] if s["offer"] == one["offer"]]
            assert sum(s["amount"] for s in of_units) == one["amount"]
            for payer, amount in one["payers"].items():
                assert sum(s["payers"].get(payer, 0) for s in of_units) == amount
    for one in quote["shipping"]["shares"]:
        by_offer[one["offer"]] = by_offer.get(one["offer"], 0) + one["amount"]
    assert {o["offer"]: o["amount"] for o in quote["offers"] if o["amount"]} == by_offer
    assert totals["discount"] == sum(by_offer.values()) == totals["list"] - totals["payable"]
    assert totals["payable"] == sum(row["payable"] for row in quote["lines"]) + quote["shipping"]["payable"]


@pytest.mark.prove("engine")
@given(SEEDS)
def test_payers_bear_their_weight(seed):
    rng = random.Random(seed)
    data, cart = world(rng, 8)
    weights = {}
    for offer in data["offers"]:
        cut = sorted(rng.sample(range(1, 10_000), 2))
        weights[offer["code"]] = [cut[0], cut[1] - cut[0], 10_000 - cut[1]]
        offer["payers"] = [{"payer": f"p{i}", "basis_points": w} for i, w in enumerate(weights[offer["code"]])]
    for offer in quoted(data, cart)["offers"]:
        assert sum(offer["payers"].values()) == offer["amount"]
        for i, weight in enumerate(weights[offer["offer"]]):
            exact = offer["amount"] * weight
            slack = 10_000 if i < 2 else 20_000  # the last has what rounding left of the two before it
            assert abs(offer["payers"].get(f"p{i}", 0) * 10_000 - exact) < slack


@pytest.mark.prove("engine")
@given(SEEDS)
def test_nothing_falls_below_its_floor(seed):
    data, cart = world(random.Random(seed), 8)
    floors = {row["id"]: min(row.get("tag_floor", 0), row["unit_price"]) for row in cart["lines"]}
    for row in quoted(data, cart)["lines"]:
        assert all(unit["payable"] >= floors[row["id"]] for unit in row["units"])


@pytest.mark.prove("engine")
@given(SEEDS)
def test_the_merchant_keeps_its_floor(seed):
    rng = random.Random(seed)
    data, cart = world(rng, 8)
    for offer in data["offers"]:
        offer["payers"] = rng.choice([
            [{"payer": "merchant", "basis_points": 10_000}],
            [{"payer": "platform", "basis_points": 3000}, {"payer": "merchant:willow", "basis_points": 7000}],
            [{"payer": "merchant:willow", "basis_points": 3333}, {"payer": "maker", "basis_points": 6667}],
        ])  # fmt: skip
    for row in cart["lines"]:
        row["net_floor"] = row["unit_price"] * rng.randrange(11) // 10
    floors = {row["id"]: row["net_floor"] for row in cart["lines"]}
    owners = {row["id"]: row["merchant"] for row in cart["lines"]}
    by_goods: dict = {}
    for row in quoted(data, cart)["lines"]:
        own, goods = owners[row["id"]], repr((row["sku"], row["unit_price"], owners[row["id"]]))
        paid = sum(share["payers"].get(f"merchant:{own}", 0) for share in row["shares"])
        kept, floor = by_goods.get(goods, (0, 0))
        by_goods[goods] = (
            kept + row["list"] - paid,
            floor + floors[row["id"]] * row["quantity"],
        )
    assert all(kept >= floor for kept, floor in by_goods.values())


@pytest.mark.prove("engine")
@given(SEEDS)
def test_the_order_of_a_request_means_nothing(seed):
    rng = random.Random(seed)
    data, cart = world(rng, 8)
    shuffled, other = copy.deepcopy(data), copy.deepcopy(cart)
    for rows in (shuffled["offers"], shuffled["exclusions"], other["lines"], other["wallet"]):
        rng.shuffle(rows)
    one, two = quoted(data, cart), quoted(shuffled, other)
    assert one["book"] == two["book"]
    one.pop("quote"), two.pop("quote")
    assert one == two


@pytest.mark.prove("engine")
@given(SEEDS)
def test_five_lines_of_one_cost_what_one_line_of_five_costs(seed):
    data, cart = world(random.Random(seed), 8)
    apart = copy.deepcopy(cart)
    apart["lines"] = [
        {**row, "id": f"{row['id']}-{n}", "quantity": 1} for row in cart["lines"] for n in range(row["quantity"])
    ]  # fmt: skip
    names = {row["id"]: [f"{row['id']}-{n}" for n in range(row["quantity"])] for row in cart["lines"]}
    renamed = copy.deepcopy(data)
    for offer in renamed["offers"]:
        for scope in (offer["scope"], offer["scope"].get("except", {})):
            if "line" in scope:
                scope["line"] = [new for old in scope["line"] for new in names.get(old, [old])]
    one, many = quoted(data, cart), quoted(renamed, apart)
    assert one["totals"] == many["totals"]
    assert paid_by_unit(one) == paid_by_unit(many)
    assert one["verdicts"] == many["verdicts"]


@pytest.mark.prove("engine")
@given(SEEDS)
def test_offers_for_other_goods_change_nothing(seed):
    data, cart = world(random.Random(seed), 8)
    one = quoted(data, cart)
    more = [{**offer, "code": f"else-{offer['code']}", "scope": {"sku": ["not-here"]}} for offer in data["offers"]]
    two = quoted({**data, "offers": data["offers"] + more}, cart)
    for name in ("quote", "book"):
        one.pop(name), two.pop(name)
    assert one == two


@pytest.mark.prove("engine")
@given(SEEDS)
def test_no_cart_is_dearer_than_without_offers(seed):
    data, cart = world(random.Random(seed), 8)
    quote = quoted(data, cart)
    assert 0 <= quote["totals"]["payable"] <= quote["totals"]["list"]


@pytest.mark.prove("engine")
@given(SEEDS)
def test_one_verdict_for_every_offer_that_meets_the_cart(seed):
    data, cart = world(random.Random(seed), 8)
    book, facts = read_book(data), read_facts(cart)
    quote = price(book, facts)
    met = [book.offers[rank].code for rank in sorted(book.meet(facts.parted(book.lines)))]
    assert [v.offer for v in quote.verdicts] == met
    applied = {offer.code for offer, _ in quote.applied()}
    for verdict in quote.verdicts:
        assert (verdict.code == "applied") == (verdict.offer in applied)
        if verdict.code in ("excluded", "beaten"):
            assert set(verdict.by) <= applied
            offer = next(one for one in data["offers"] if one["code"] == verdict.offer)
            assert verdict.by or offer.get("steps_aside") or (facts.best and offer["kind"] == "coupon")
        assert verdict.words("CNY").en
        assert verdict.words("CNY").zh


@pytest.mark.prove("engine")
@given(SEEDS)
def test_what_is_missing_is_what_is_told(seed):
    """Alone on a cart of one line: buy what the distance says, and the offer applies."""
    rng = random.Random(seed)
    row = {**line(rng, 0), "unit_price": 1, "quantity": rng.randrange(1, 50)}
    row.pop("tag_floor", None)
    at = rng.randrange(1, 100)
    offer: dict = rng.choice([
        {"type": "spend_and_save", "with": {"tiers": [{"at": at, "off": 1}]}},
        {"type": "amount", "with": {"off": 1, "at": at}},
        {"type": "percent", "with": {"basis_points": 10_000}, "when": [{"least_quantity": {"quantity": at}}]},
        {"type": "buy_x_get_y", "with": {"buy": at}},
    ])  # fmt: skip
    data = {"festoon": 1, "currency": "CNY", "offers": [{"code": "o", **offer}]}
    cart = {"currency": "CNY", "moment": "2026-12-12T10:00:00Z", "lines": [row]}
    verdict = quoted(data, cart)["verdicts"][0]
    if verdict["code"] == "not_met":
        gap = verdict["distance"]["gap"]
        assert (
            quoted(data, {**cart, "lines": [{**row, "quantity": row["quantity"] + gap - 1}]})["verdicts"][0]["code"]
            != "applied"
        )
        assert (
            quoted(data, {**cart, "lines": [{**row, "quantity": row["quantity"] + gap}]})["verdicts"][0]["code"]
            == "applied"
        )
    else:
        assert verdict["code"] == "applied"


@pytest.mark.prove("engine")
@given(SEEDS)
def test_with_few_steps_the_bound_holds(seed):
    data, cart = world(random.Random(seed), 10)
    book, facts = read_book(data), read_facts(cart)
    best, hasty = price(book, facts), price(book, facts, steps=1)
    assert hasty.play.amounts.saved + hasty.bound >= best.play.amounts.saved


@pytest.mark.prove("engine")
@given(SEEDS)
def test_no_offer_takes_more_than_its_bound(seed):
    """What an offer takes is within what it said at every turn before its own, on whatever was taken in between."""
    rng = random.Random(seed)
    data, cart = world(rng, 10)
    met = Cart(read_book(data), read_facts(cart))
    ties = Ties(met)
    for _ in range(5):
        members = rng.getrandbits(10) if rng.random() < 0.8 else -1
        stood = [Amounts(met.gross, met.start.kept, {})]
        for k, offer in enumerate(met.offers):
            at = stood[-1]
            after = turn(met, k, ties.open_rows(k, at), at)
            if isinstance(after, No) or not members >> k & 1:
                continue
            worth = after.drawn - at.drawn if offer.balance else after.saved - at.saved
            for earlier in stood:
                assert worth <= offer.benefit.most(View(met, k, offer, met.rows[k], earlier)), offer.code
            stood.append(after)


@pytest.mark.prove("engine")
@given(SEEDS)
def test_what_the_engine_takes_by_itself_is_what_the_benefit_would_cut(seed):
    """And where the least is spent that it looks at by itself, the condition holds, and only there."""
    data, cart = world(random.Random(seed), 10)
    met = Cart(read_book(data), read_facts(cart))
    ties, amounts = Ties(met), met.start
    for k, offer in enumerate(met.offers):
        view = View(met, k, offer, met.rows[k], amounts)
        if offer.percent or offer.amount:
            taken = view.percents(offer.percent) if offer.percent else view.spread(offer.amount)
            assert taken == offer.benefit.cut(view), offer.code
        if offer.least:
            reached = view.spend(offer.least_of_order) >= offer.least
            assert reached == (offer.tests[0].check(view) is None), offer.code
        goods = ties.open_rows(k, amounts)
        after = turn(met, k, goods, amounts) if goods else amounts
        amounts = amounts if isinstance(after, No) else after


@pytest.mark.prove("engine")
@given(SEEDS)
def test_who_is_sure_to_serve_serves_on_larger_amounts_too(seed):
    data, cart = world(random.Random(seed), 10)
    met = Cart(read_book(data), read_facts(cart))
    stood = [met.start]
    for k in range(len(met.offers)):
        after = turn(met, k, met.rows[k], stood[-1])
        if not isinstance(after, No):
            stood.append(after)
    for k, offer in enumerate(met.offers):
        for n, amounts in enumerate(stood):
            if sure(View(met, k, offer, met.rows[k], amounts)):
                assert not any(isinstance(turn(met, k, met.rows[k], one), No) for one in stood[: n + 1]), offer.code
                break


@pytest.mark.prove("engine")
@given(SEEDS)
def test_a_play_says_the_same_whether_it_is_taken_over_or_played(seed):
    data, facts = world(random.Random(seed), 10)
    quote = price(read_book(data), read_facts(facts))
    if quote.play.ties is not None:
        played = Quote(Play(quote.play.cart, quote.play.ties, quote.play.mask), quote.bound, quote.steps, True)
        assert quote.to_data(words=True) == played.to_data(words=True)


@given(st.integers(0, 50), st.lists(st.integers(0, 6), min_size=3, max_size=9))
def test_of_equal_remainders_the_earlier_part_is_rounded_up(amount, weights):
    whole, parts = sum(weights), share(amount, weights)
    if whole:
        rests = [(amount * w % whole, -i) for i, w in enumerate(weights)]
        up = sorted(rests, reverse=True)[: amount - sum([amount * w // whole for w in weights])]
        assert parts == [amount * w // whole + (rest in up) for w, rest in zip(weights, rests, strict=True)]


MONEY = {
    "at", "off", "amount", "cap", "price", "additional", "every", "deposit", "counts", "upto", "value", "from", "to",
    "unit_price", "tag_floor", "balance",
}  # fmt: skip
QUARTERS = 4**9
"""Prices are made so large that as many quarters of quarters are taken as there may be offers, and nothing is rounded."""


def scaled(thing, k: int):
    """Every figure of money k times as large."""
    if isinstance(thing, list):
        return [scaled(one, k) for one in thing]
    if not isinstance(thing, dict):
        return thing
    whole = {name for name in thing if isinstance(thing[name], int) and not isinstance(thing[name], bool)}
    money = whole & (MONEY | {"budget", "shipping"})
    return {name: value * k if name in money else scaled(value, k) for name, value in thing.items()}


def fields_of(offer: dict) -> dict:
    """The fields of its type or of its benefit, to be changed in place."""
    if "type" in offer:
        return offer.setdefault("with", {})
    ((code, fields),) = offer["benefit"].items()
    offer["benefit"][code] = fields or {}
    return offer["benefit"][code]


def unrounded(data: dict, cart: dict) -> tuple[dict, dict]:
    """The same with percentages in quarters and a single unit, so that no amount is ever divided unevenly."""
    for offer in data["offers"]:
        offer["when"] = [one for one in offer.get("when", []) if "expression" not in one]
        offer.pop("net_floor", None)  # what a merchant may bear of a cut is rounded up
        fields = fields_of(offer)
        for row in [fields, *fields.get("tiers", []), *fields.get("steps", []), *fields.get("levels", [])]:
            if row.get("basis_points"):
                row["basis_points"] = max(2500, row["basis_points"] // 2500 * 2500)
        for name in ("tiers", "steps"):
            fields[name] = fields.get(name, [])[-1:] or fields.pop(name, None)
        fields.pop("shipping", None)
        for name in ("tiers", "steps"):
            if not fields.get(name):
                fields.pop(name, None)
    line = {**cart["lines"][0], "quantity": 1}
    line.pop("net_floor", None)
    return scaled(data, QUARTERS), scaled({**cart, "lines": [line]}, QUARTERS)


@pytest.mark.prove("engine")
@given(SEEDS, st.integers(2, 50))
def test_k_times_the_money_is_k_times_the_discount(seed, k):
    data, cart = unrounded(*world(random.Random(seed), 6))
    one, many = quoted(data, cart), quoted(scaled(data, k), scaled(cart, k))
    assert {o["offer"]: o["amount"] * k for o in one["offers"]} == {o["offer"]: o["amount"] for o in many["offers"]}
    assert [v["code"] for v in one["verdicts"]] == [v["code"] for v in many["verdicts"]]


@pytest.mark.prove("engine")
@given(SEEDS)
def test_a_cap_holds(seed):
    rng = random.Random(seed)
    data, cart = world(rng, 8)
    caps = {}
    for offer in data["offers"]:
        fields = fields_of(offer)
        kind = offer.get("type") or next(iter(offer["benefit"]))
        if kind in ("percent", "percent_off", "percent_off_units", "n_at_percent", "nth_item", "free_shipping"):
            caps[offer["code"]] = fields["cap"] = rng.choice([1, 10, 99, 500])
    for offer in quoted(data, cart)["offers"]:
        assert offer["amount"] <= caps.get(offer["offer"], 10**15)


def more_of(rng: random.Random, offer: dict) -> dict | None:
    """The offer with a larger discount; None where it has no figure that says so."""
    better = copy.deepcopy(offer)
    fields = fields_of(better)
    rows = [fields, *fields.get("tiers", []), *fields.get("steps", []), *fields.get("levels", [])]
    by, part = rng.choice([1, 50, 400]), rng.choice([1, 500, 3000])
    changed = False
    for row in rows:
        for name in ("off", "amount", "cap", "additional", "counts", "upto"):
            if row.get(name):
                row[name] = min(row[name] + by, row.get("at", 10**9) if name == "off" and row is not fields else 10**9)
                changed = True
        if row.get("basis_points"):
            row["basis_points"] = min(10_000, row["basis_points"] + part)
            changed = True
        if row.get("price"):
            row["price"] = max(0, row["price"] - by)
            changed = True
    return better if changed else None


@pytest.mark.prove("engine")
@given(SEEDS)
def test_a_larger_discount_is_never_dearer(seed):
    """With one offer alone, of which enough is left; among several, what excludes what may change.

    Where floors bind, this is so if what one line cannot take goes to the others. If it is lost, a fen more may by largest
    remainder leave a line that can bear it for one that cannot: then the law is that of a cart without floors.
    """
    rng = random.Random(seed)
    data, cart = world(rng, 4)
    cart.pop("availability", None)
    for offer in data["offers"]:
        better = more_of(rng, offer)
        for change in (unfloored, spilling) if better is not None else ():
            one, two = [
                quoted({**data, "exclusions": [], "distributions": [], "offers": [o]}, c)
                for o, c in (change(offer, cart), change(better, cart))
            ]
            assert two["totals"]["payable"] <= one["totals"]["payable"]


def unfloored(offer: dict, cart: dict) -> tuple[dict, dict]:
    """The same where nothing has a floor."""
    lines = [_without_floors(row) for row in cart["lines"]]
    return _without_floors(offer), {**cart, "lines": lines}


def spilling(offer: dict, cart: dict) -> tuple[dict, dict]:
    """The same where the other lines bear what one cannot."""
    return {**offer, "spill": "others"}, cart


def _without_floors(thing: dict) -> dict:
    return {name: value for name, value in thing.items() if name not in ("tag_floor", "net_floor")}
