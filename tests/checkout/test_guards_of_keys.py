"""Keys: a retry is answered again and done once. Each guard is taken away, and the same retry has a second effect."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.db.models import Model

from festoon.checkout import held, holding, holds, promised, queries, redeeming, refunds, returned
from festoon.checkout.actions import hold, quote
from festoon.checkout.models import Hold, Redemption, Refund
from festoon.distribution.claims import claim
from festoon.ledger.store import wave, writer
from festoon.ledger.store.hopes import Hopes
from festoon.ledger.store.plan import Again, Plan
from festoon.records.refusal import KeyReused
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_guards import sold_two_units, tried
from tests.checkout.test_hold import OFF_5, refusal
from tests.checkout.unguarded import without, without_constraint, without_words
from tests.checkout.world import NOW, SHOP, TILL, cart

pytestmark = pytest.mark.django_db
Plans = Iterator[Plan]


def two_holds() -> Plans:
    world.offer("a", **OFF_5)
    for n in (1, 2):
        token = quote(cart(("t-01", n, 9900)), by=SHOP, now=NOW).token
        found = promised.today(promised.read(token, by=SHOP), by=SHOP, now=NOW, fresh=False)
        yield holding.plan(found, by=SHOP, now=NOW, key="same", body=f"{n}")[0]


def two_redemptions() -> Plans:
    world.offer("a", **OFF_5)
    for n in (1, 2):
        made = hold(quote(cart(("t-01", n, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key=f"h{n}")
        row = queries.hold(SYSTEM, made.hold)
        posting = redeeming.Posting("", "", SHOP, NOW, "same", f"{n}", late=False, price=holds.price_of(row))
        yield redeeming.in_time(held.read(row), posting)


def two_refunds() -> Plans:
    redemption = sold_two_units()
    for n in (1, 2):
        row = queries.redemption(SYSTEM, redemption)
        given = returned.returned(row, held.read(row.hold), {"a": [n]}, by=SHOP)
        yield refunds._plan(row, held.read(row.hold), given, by=SHOP, now=NOW, key="same", body=f"{n}")


KEYED = [
    ("hold.recall", Hold, "hold_key", two_holds),
    ("redemption.recall", Redemption, "redemption_key", two_redemptions),
    ("refund.recall", Refund, "refund_key", two_refunds),
]
keyed = pytest.mark.parametrize(("recall", "model", "index", "plans"), KEYED, ids=[each[2] for each in KEYED])


def done(plan: Plan) -> int:
    return tried(lambda: writer.submit(plan).result())


@keyed
def test_the_recall_of_a_key_answers_a_retry(
    recall: str, model: type, index: str, plans: Callable[[], Plans], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(plans())
    assert done(first) == 1
    assert isinstance(writer.submit(first).result(), Again)
    without(monkeypatch, recall, " WHERE ", " WHERE 1 = 0 AND ")
    assert done(first) == 0, "what was done is refused"


@keyed
def test_the_index_on_keys_keeps_a_key_to_one_effect(
    recall: str, model: type[Model], index: str, plans: Callable[[], Plans], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plans()
    assert done(next(made)) == 1
    second = next(made)
    without(monkeypatch, recall, " WHERE ", " WHERE 1 = 0 AND ")
    assert done(second) == 0
    with without_constraint(model, index):
        assert done(second) == 1
        assert model._default_manager.filter(key="same").count() == 2


@keyed
def test_a_key_answers_only_the_body_it_was_used_with(
    recall: str, model: type[Model], index: str, plans: Callable[[], Plans], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plans()
    first = next(made)
    assert done(first) == 1
    second = next(made)
    assert isinstance(refusal(lambda: writer.submit(second).result()), KeyReused)
    without_words(monkeypatch, wave.recalled, "row[1] != plan.recall.body", "False")
    assert writer.submit(second).result() == Again(first.row), "what was never asked for"


def test_a_key_is_its_merchants_own(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, per_shopper=9, **OFF_5)
    claim("c", "mei", by=SHOP, now=NOW, key="same")
    assert tried(lambda: claim("c", "tao", by=TILL, now=NOW, key="same")) == 1
    without(monkeypatch, "coupon.recall", '"coupons_coupon"."key_owner" = :key_owner AND ')
    monkeypatch.setattr(Hopes, "now", lambda _: False)  # a group in hope does not ask for the keys of claims
    other = replace(TILL, merchant_id=3)
    assert isinstance(refusal(lambda: claim("c", "town-001", by=other, now=NOW, key="same")), KeyReused)
