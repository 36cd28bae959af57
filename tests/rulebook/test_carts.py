"""A cart that cannot be priced is refused with the field named; nothing is guessed."""

import copy

import pytest

from festoon.engine.price import CurrencyError, price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import FactsError, read_facts

LINE = {"id": "l1", "sku": "tea", "quantity": 1, "unit_price": 1000}
CART = {"currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "lines": [LINE]}


def lines(**change) -> dict:
    return {"lines": [{**LINE, **change}]}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"currency": None}, "currency", "missing"),
        ({"currency": "yuan"}, "currency", "currency"),
        ({"moment": None}, "moment", "missing"),
        ({"moment": "today"}, "moment", "moment"),
        ({"moment": "2026-12-12T10:00:00"}, "moment", "moment"),
        ({"moment": 1765500000}, "moment", "text"),
        ({"only_sum": "yes"}, "only_sum", "flag"),
        ({"only_sum": True, "lines": [LINE, {**LINE, "id": "l2", "unit_price": 7}]}, "lines", "only_sum"),
        ({"only_sum": True, "lines": [{**LINE, "quantity": 2}]}, "lines", "only_sum"),
        ({"only_sum": True, "lines": [{**LINE, "quantity": 1, "category": ["tea"]}]}, "lines[0]", "only_sum"),
        ({"confirmed_by_eye": ["a"]}, "confirmed_by_eye", "only_sum"),
        ({"only_sum": True, "lines": [{**LINE, "quantity": 1}], "confirmed_by_eye": ["a"]}, "confirmed_by", "missing"),
        ({"lines": None}, "lines", "empty"),
        ({"lines": []}, "lines", "empty"),
        ({"lines": {}}, "lines", "rows"),
        ({"lines": [7]}, "lines[0]", "mapping"),
        ({"lines": [{**LINE, "id": f"l{n}"} for n in range(10_000)]}, "lines", "many"),
        ({"lines": [LINE, LINE]}, "lines[1].id", "twice"),
        (lines(id=""), "lines[0].id", "text"),
        (lines(id=7), "lines[0].id", "text"),
        (lines(sku=None), "lines[0].sku", "missing"),
        (lines(quantity=0), "lines[0].quantity", "range"),
        (lines(quantity=-1), "lines[0].quantity", "range"),
        (lines(quantity=1.0), "lines[0].quantity", "whole"),
        (lines(quantity=True), "lines[0].quantity", "whole"),
        (lines(quantity="1"), "lines[0].quantity", "whole"),
        (lines(quantity=10**9), "lines[0].quantity", "range"),
        (lines(unit_price=-1), "lines[0].unit_price", "range"),
        (lines(unit_price=10.5), "lines[0].unit_price", "whole"),
        (lines(unit_price=10**16), "lines[0].unit_price", "range"),
        (lines(unit_price=10**15, quantity=2), "lines[0].unit_price", "overflow"),
        (lines(colour="red"), "lines[0].colour", "unknown"),
        (lines(category=[7]), "lines[0].category[0]", "text"),
        (lines(tags=["a", "a"]), "lines[0].tags", "twice"),
        (lines(tag_floor=-1), "lines[0].tag_floor", "range"),
        ({"shipping": -1}, "shipping", "range"),
        ({"shipping": 0.5}, "shipping", "whole"),
        ({"coupons": []}, "coupons", "unknown"),
        ({"buyer": {"new": "yes"}}, "buyer.new", "flag"),
        ({"buyer": "mei"}, "buyer", "mapping"),
        ({"wallet": [{"id": "c"}]}, "wallet[0].offer", "missing"),
        ({"wallet": [{"id": "c", "offer": "o", "expires": "soon"}]}, "wallet[0].expires", "moment"),
        ({"wallet": [{"id": "c", "offer": "o"}] * 2}, "wallet[1].id", "twice"),
        ({"chosen": ["c", "c"]}, "chosen", "twice"),
        ({"chosen": "c"}, "chosen", "rows"),
        ({"availability": {"o": {"uses": -1}}}, "availability.o.uses", "range"),
        ({"availability": {"o": {"plenty": 1}}}, "availability.o.plenty", "unknown"),
    ],
)  # fmt: skip
def test_a_bad_cart_names_its_field(change, field, code):
    with pytest.raises(FactsError) as found:
        read_facts({**copy.deepcopy(CART), **change})
    assert (found.value.field, found.value.code) == (field, code)
    assert found.value.words.zh


@pytest.mark.parametrize("cart", [None, 7, [], "cart"])
def test_what_is_no_cart_at_all(cart):
    with pytest.raises(FactsError):
        read_facts(cart)


def test_another_currency_is_refused():
    book = read_book({"festoon": 1, "currency": "USD", "offers": []})
    with pytest.raises(CurrencyError):
        price(book, read_facts(CART))


def test_a_buyer_is_loaded_only_for_offers_that_ask():
    offers = [
        {"code": "gold", "type": "amount", "with": {"off": 1}, "when": [{"segment": {"any": ["gold"]}}], "scope": {"sku": ["tea"]}},
        {"code": "new", "type": "amount", "with": {"off": 1}, "when": [{"new_buyer": {}}], "scope": {"sku": ["mug"]}},
    ]  # fmt: skip
    book = read_book({"festoon": 1, "currency": "CNY", "offers": offers})
    assert book.needs(read_facts(CART)) == {"segments"}


def test_the_same_inputs_have_the_same_name():
    book = read_book({"festoon": 1, "currency": "CNY", "offers": []})
    one, two = price(book, read_facts(CART)), price(book, read_facts(copy.deepcopy(CART)))
    other = price(book, read_facts({**CART, "shipping": 1}))
    assert one.id == two.id != other.id
    assert one.to_data() == two.to_data()
