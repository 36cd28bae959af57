"""The same call with the same key twice at one moment: the second is answered like the first, not refused for what it did."""

from collections.abc import Callable
from typing import Any

import pytest

from festoon.checkout import promised, queries, till
from festoon.checkout.actions import hold, quote, redeem, refund, verify
from festoon.coupons.models import Coupon
from festoon.distribution.claims import claim
from festoon.records.refusal import KeyReused
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, refusal, token
from tests.checkout.world import NOW, SHOP, TILL, cart
from tests.racing import race

pytestmark = pytest.mark.django_db
Call = Callable[[], Any]


def coupon() -> str:
    world.coupon("c", stock=5, **OFF_5)
    return claim("c", "mei", by=SHOP, now=NOW, key="k").coupon


def holding() -> tuple[Any, str, Call]:
    asked = token("mei", (coupon(),))
    return promised, "today", lambda: hold(asked, by=SHOP, now=NOW, key="same")


def redeeming() -> tuple[Any, str, Call]:
    made = hold(token("mei", (coupon(),)), by=SHOP, now=NOW, key="h").hold
    return queries, "hold", lambda: redeem(made, by=SHOP, now=NOW, key="same")


def refunding() -> tuple[Any, str, Call]:
    made = hold(token("mei", (coupon(),)), by=SHOP, now=NOW, key="h").hold
    sold = redeem(made, by=SHOP, now=NOW, key="r").redemption
    return queries, "redemption", lambda: refund(sold, {"a": 1}, by=SHOP, now=NOW, key="same")


def verifying() -> tuple[Any, str, Call]:
    asked = cart(("t-01", 1, 9900), chosen=[coupon()])
    return till, "_priced", lambda: verify(asked, by=TILL, now=NOW, key="same")


VERBS = [holding, redeeming, refunding, verifying]


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_done_between_its_looks_answers_the_other(
    verb: Callable[[], tuple[Any, str, Call]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, call = verb()
    look, twins, answers = getattr(place, name), iter([call]), list[Any]()

    def looked(*asked: Any, **how: Any) -> Any:
        for twin in twins:
            answers.append(twin())
        return look(*asked, **how)

    monkeypatch.setattr(place, name, looked)
    assert call() == answers[0]


@pytest.mark.parametrize("verb", VERBS)
def test_all_who_race_are_answered_alike(verb: Callable[[], tuple[Any, str, Call]]) -> None:
    _, _, call = verb()
    answers = race(6, lambda _: call())
    assert [answer for answer in answers if answer != answers[0]] == []
    assert not isinstance(answers[0], BaseException)


def test_what_the_key_was_never_used_for_is_refused_still() -> None:
    mine = coupon()
    asked = token("mei", (mine,))
    Coupon.objects.filter(id=mine).update(state="void")
    assert refusal(lambda: hold(asked, by=SHOP, now=NOW, key="same")).code == "quote_changed"
    hold(quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="same")
    with pytest.raises(KeyReused):
        hold(asked, by=SHOP, now=NOW, key="same")
