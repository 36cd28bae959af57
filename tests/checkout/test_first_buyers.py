"""An offer for the first buyers serves so many orders: a quote sees when they are gone, a hold counts them."""

import pytest
from django.db import transaction

from festoon.checkout.actions import cancel, hold, quote
from festoon.checkout.facts.availability import Left
from festoon.ledger import accounts
from festoon.ledger.queries import standing
from festoon.offers import stock
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart

pytestmark = pytest.mark.django_db
TWO = {"type": "amount", "with": {"off": 500}, "when": [{"first_buyers": {"number": 2}}]}


@pytest.fixture
def offer():
    made = world.offer("early", **TWO)
    settle(made)
    return made


def settle(offer) -> None:
    """As the verb that releases it does, in its transaction."""
    with transaction.atomic():
        stock.settle_first_buyers([offer], at=NOW)


def bought(key: str) -> str:
    found = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    return hold(found.token, by=SHOP, now=NOW, key=key).hold


def left() -> int | None:
    return Left(standing(SYSTEM, [accounts.buyers("early")])).free(accounts.buyers("early"))


def test_so_many_orders_have_it_and_the_next_does_not(offer):
    first = bought("a")
    assert left() == 1
    bought("b")
    found = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    assert found.payable == 9900
    (verdict,) = found.price["verdicts"]
    assert (verdict["code"], verdict["reason"]) == ("limit", "first_buyers")
    cancel(first, by=SHOP, now=NOW)
    assert (left(), quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).payable) == (1, 9400)


def test_a_quote_promises_no_place(offer):
    slow = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    bought("a"), bought("b")
    with pytest.raises(Refusal) as refused:
        hold(slow.token, by=SHOP, now=NOW, key="slow")
    assert refused.value.code == "quote_changed"
    assert left() == 0


def test_one_order_takes_one_place_however_many_units(offer):
    found = quote(cart(("t-01", 3, 9900), ("t-02", 2, 3333)), by=SHOP, now=NOW)
    hold(found.token, by=SHOP, now=NOW, key="many")
    assert left() == 1


def test_the_number_may_be_raised_and_never_lowered(offer):
    offer.draft = {**offer.draft, "when": [{"first_buyers": {"number": 5}}]}
    settle(offer)
    assert left() == 5
    offer.draft = {**offer.draft, "when": [{"first_buyers": {"number": 4}}]}
    with pytest.raises(Refusal) as refused:
        settle(offer)
    assert (refused.value.code, refused.value.field) == ("lower", "when")
