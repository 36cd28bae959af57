"""A cart of our own goods is made into facts at once: they are what reading and checking its data would give."""

from typing import Any

import pytest

from festoon.catalog import goods
from festoon.catalog.models import Product
from festoon.checkout import book
from festoon.checkout.facts import cart as carts
from festoon.checkout.facts.cart import Known
from festoon.checkout.pricing import priced
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.distribution.claims import claim
from festoon.engine.facts import Facts
from festoon.engine.price import price
from festoon.rulebook.facts import read_facts
from tests.checkout import world
from tests.checkout.world import NOW, SHOP

pytestmark = pytest.mark.django_db
WHEN = [{"segment": {"any": ["gold"]}}, {"new_buyer": {}}]
BASKET = [
    LineRequest("z 排", "t-01", 2, 9900), LineRequest("b", "s-01", 1, 29900), LineRequest("a", "t-01", 1, 9900),
    LineRequest("c", "t-01", 1, 9800), LineRequest('"\\\u2028', "t-02", 3, 0),
]  # fmt: skip


def known(**more: Any) -> Known:
    request = QuoteRequest(lines=BASKET, shipping=700, **more)
    stated = carts.asked(request, by=SHOP, now=NOW)
    assert stated.rows is not None, "these goods are the catalogue's"
    return carts.known(stated, book.current(NOW, "CNY"), by=SHOP)


def told(thing: object) -> Any:
    """Everything a fact says."""
    if isinstance(thing, list | tuple):
        return [told(each) for each in thing]
    if isinstance(thing, dict):
        return {name: told(value) for name, value in thing.items()}
    slots = getattr(type(thing), "__slots__", None)
    return thing if slots is None else {name: told(getattr(thing, name)) for name in slots}


def furnish() -> list[str]:
    """Tags, floors, scarce budgets and uses, a wallet of two with a balance; the ids of its coupons."""
    Product.objects.filter(sku="t-01").update(tags=["new", "eco"], tag_floor=100, net_floor=50, unit_cost=40)
    goods._kept.goods = None
    world.offer("a", benefit={"amount_off": {"amount": 5000}}, when=WHEN)
    world.per_shopper("a", 3)
    world.budget("platform", 4000)
    world.coupon("c", stock=9, benefit={"amount_off": {"amount": 100}})
    world.coupon("e", stock=9, days=None, benefit={"balance_off": {"amount": 100}}, stage="payment")
    return [claim(code, by=SHOP, now=NOW, key=f"k{code}", shopper="mei").coupon for code in ("c", "e")]


def test_facts_made_at_once_are_those_that_are_read() -> None:
    held = furnish()
    found = [
        known(), known(buyer="tao", scene="live", payment="card"), known(buyer="mei"),
        known(buyer="mei", chosen=held), known(buyer="mei", chosen="best"),
    ]  # fmt: skip
    assert found[-1].cart["availability"]["a"] and len(found[-1].cart["wallet"]) == 2
    for each in found:
        read: Facts = read_facts(each.cart)
        assert told(each.facts) == told(read)


def test_the_number_of_a_quote_is_the_engines() -> None:
    furnish()
    loaded = book.current(NOW, "CNY")
    each = known(buyer="mei")
    assert priced(each, loaded).data["quote"] == price(loaded.book, each.facts).id
