"""What few carts decide: coupons that do not fit together, promises that cannot all be kept, steps that run out."""

import random
from typing import Any

import pytest

from festoon.engine.book import Book
from festoon.engine.cart import Cart
from festoon.engine.choice import choose, saved_with
from festoon.engine.facts import Facts
from festoon.engine.price import STEPS, price
from festoon.engine.quote import Quote
from festoon.engine.ties import Ties
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.cases.test_cases import cart_of, offers_of


def off(code: str, amount: int, **more: Any) -> dict:
    return {"code": code, "type": "amount", "with": {"off": amount}, **more}


def coupon(code: str, amount: int, **more: Any) -> dict:
    return off(code, amount, kind="coupon", **more)


def priced(offers: list[dict], apart: str = "", *, steps: int = STEPS, policy: Any = None, **cart: Any) -> Quote:
    """The price of one cart; `apart` are pairs of one-letter codes that exclude each other."""
    exclusions = [{"between": list(pair)} for pair in apart.split()]
    case = {"offers": offers, "exclusions": exclusions, "cart": {"lines": [{"sku": "tea", "price": 5000}], **cart}}
    case |= {"policy": policy} if policy else {}
    return price(read_book(offers_of(case)), read_facts(cart_of(case)), explain="full", steps=steps)


def applied(quote: Quote) -> str:
    return "".join(offer.code for offer, _ in quote.applied())


def worse_by(quote: Quote) -> dict[str, int]:
    return {v.offer: v.worse_by for v in quote.verdicts if v.worse_by is not None}


def test_of_chosen_coupons_one_minor_unit_more_decides():
    assert applied(priced([coupon("a", 200), coupon("b", 201)], "ab", chosen=["a", "b"])) == "b"


@pytest.mark.parametrize(("chosen", "serve"), [("dbc", "d"), ("bcd", "bc"), ("abcd", "abc"), ("adbc", "ad")])
def test_of_chosen_coupons_that_save_the_same_those_serve_that_were_chosen_first(chosen, serve):
    offers = [coupon("b", 100), coupon("c", 200), coupon("d", 300)]
    offers += [coupon("a", 50)] if "a" in chosen else []
    assert applied(priced(offers, "bd cd", chosen=list(chosen))) == serve


def test_where_no_set_keeps_every_promise_the_exclusions_are_kept():
    """The highest priority has it, where it serves: beside the first it would, beside the last it does not."""
    highest = off(
        "b", 20, priority=1, stage="platform", threshold_basis="running", when=[{"least_spend": {"amount": 4500}}]
    )
    offers = [off("a", 10, priority=5, stage="item"), highest, off("c", 1000, priority=9, stage="item")]
    quote = priced(offers, "ab ac", policy={"conflict": "priority"})
    assert (applied(quote), quote.optimal) == ("c", True)


@pytest.mark.parametrize("chosen", [["b", "c"], "best"])
def test_a_coupon_that_is_beaten_is_worse_by_what_the_best_set_with_it_saves_less(chosen):
    """The second leaves too little for the third, which saves more."""
    asks = {"threshold_basis": "running", "when": [{"least_spend": {"amount": 4980}}]}
    offers = [off("a", 10), coupon("b", 100), coupon("c", 300, **asks)]
    quote = priced(offers, chosen=chosen, wallet=[{"id": code, "offer": code} for code in "bc"])
    assert (applied(quote), worse_by(quote)) == ("ac", {"b": 200})


def test_a_promotion_that_is_beaten_is_compared_beside_the_coupon_that_serves():
    offers = [coupon("a", 100), coupon("b", 300), off("c", 50), off("d", 70)]
    quote = priced(offers, "ab cd", chosen=["a", "b"])
    assert (applied(quote), worse_by(quote)) == ("bd", {"c": 20})


def test_without_a_step_nobody_serves_and_all_could_be_gained():
    """What the larger of the two saves, rounded up, and what all offers could save together."""
    quote = priced([off("a", 100, steps_aside=True), off("b", 200)], "ab", steps=0)
    assert (applied(quote), quote.bound, quote.steps) == ("", 201 + 300, 0)


def knot(seed: int) -> tuple[Book, Facts]:
    """Ten promotions and two chosen coupons, of which one can serve, with twelve exclusions between them."""
    rng, codes, pairs = random.Random(seed), "efghijklmn", {("a", "b")}
    offers = [coupon(code, rng.randrange(100, 400)) for code in "ab"]
    for code in codes:
        percent = {"code": code, "type": "percent", "with": {"basis_points": rng.randrange(300, 2500)}}
        kind = rng.choice([percent, off(code, rng.randrange(100, 900))])
        offers.append(kind | {"priority": rng.randrange(9)})
    while len(pairs) < 12:
        one, other = sorted(rng.sample(codes + "ab", 2))
        pairs.add((one, other))
    lines = [{"sku": "tea", "price": 5000}, {"sku": "cup", "price": 2000}]
    exclusions = [{"between": list(pair)} for pair in sorted(pairs)]
    case = {"offers": offers, "exclusions": exclusions, "cart": {"lines": lines, "chosen": ["a", "b"]}}
    return read_book(offers_of(case)), read_facts(cart_of(case))


def test_whatever_was_not_looked_at_is_in_the_bound():
    for seed in range(40):
        book, facts = knot(seed)
        best = price(book, facts).play.amounts.saved
        for steps in (1, 2, 3, 5):
            quote = price(book, facts, steps=steps)
            assert quote.play.amounts.saved + quote.bound >= best, (seed, steps)


def test_by_how_much_an_offer_is_beaten_is_told_exactly_or_not_at_all():
    told = set()
    for seed in range(10):
        cart = Cart(*knot(seed))
        ties = Ties(cart)
        mask = choose(cart, ties, STEPS).mask
        for k in range(len(cart.offers)):
            exact = saved_with(cart, ties, STEPS, mask, k)
            for steps in (0, 1, 2):
                told |= {saved := saved_with(cart, ties, steps, mask, k)}
                assert saved in (exact, None), (seed, k, steps)
    assert None in told
    assert len(told) > 1


def test_branches_are_counted():
    assert priced([off("a", 100), off("b", 200)], "ab").steps == 1


def test_lines_go_to_nobody_who_turns_out_not_to_serve():
    """Below what it asks for, the third gives its lines back, and for that the fourth: one after the other."""

    def percent(code: str, points: int, skus: str, priority: int, least: int = 0) -> dict:
        asks = (
            {"threshold_basis": "running", "when": [{"least_spend": {"amount": least, "of": "order"}}]} if least else {}
        )
        made = {"code": code, "type": "percent", "with": {"basis_points": points}, "scope": {"sku": list(skus)}}
        return made | {"stage": "item", "priority": priority, **asks}

    offers = [
        percent("p", 1000, "rstu", 1), percent("q", 500, "r", 2), percent("a", 2000, "rt", 3, 38_501),
        percent("b", 3000, "s", 4, 38_000),
    ]  # fmt: skip
    case = {
        "offers": offers, "policy": {"conflict": "best_per_line"},
        "exclusions": [{"between": ["p", code], "grain": "line"} for code in "ab"],
        "cart": {"lines": [{"sku": sku, "price": 10_000} for sku in "rstu"]},
    }  # fmt: skip
    quote = price(read_book(offers_of(case)), read_facts(cart_of(case)))
    assert applied(quote) == "pq"
