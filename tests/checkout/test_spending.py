"""What an offer may cost, in all and on a day: never more, whoever races, and what comes back may be spent again."""

from datetime import datetime, timedelta

import pytest

from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, refund
from festoon.checkout.answers import HoldAnswer
from festoon.checkout.invariants import every
from festoon.ledger import accounts
from festoon.ledger.queries import standing
from festoon.offers.models import Offer, Spending
from festoon.records.refusal import Conflict, Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_hold import OFF_5
from tests.checkout.world import NOW, SHOP, cart, later
from tests.racing import race

pytestmark = pytest.mark.django_db
DAY, NEXT = "spending:2026-12-12:a", "spending:2026-12-13:a"


def limited(*, most: int | None = None, per_day: int | None = None, late: str = "honour", **data: object) -> Offer:
    """An offer of 5.00 that may cost so much. NOW is noon of 12 December in its zone."""
    made = world.offer("a", **{**OFF_5, **data})
    Spending.objects.create(offer=made, most=most, per_day=per_day, zone="Asia/Shanghai", late=late)
    if most:
        accounts.filled("spending:all:a", most, merchant_id=1, kind="spending", unit="CNY", at=NOW)
    world.changed()
    return made


def held(key: str, at: datetime = NOW) -> HoldAnswer:
    return hold(quote(cart(("t-01", 1, 9900)), by=SHOP, now=at).token, by=SHOP, now=at, key=key)


def spent(code: str) -> tuple[int, int, int]:
    found = standing(SYSTEM, [code])[code]
    return found.granted, found.held, found.spent


def off(at: datetime) -> int:
    return 9900 - quote(cart(("t-01", 1, 9900)), by=SHOP, now=at).payable


def broken() -> set[str]:
    return {each.code for each in every() if each.check(NOW).problems}


@pytest.mark.parametrize("limit", [{"most": 1200}, {"per_day": 1200}])
def test_of_many_orders_at_once_none_is_given_beyond_it_and_the_last_gets_what_is_left(limit: dict[str, int]) -> None:
    limited(**limit)
    world.budget("platform", 100_000)
    tokens = [quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).token for _ in range(8)]
    given = race(8, lambda n: hold(tokens[n], accept="lower_or_equal", by=SHOP, now=NOW, key=f"h{n}"))
    assert [answer.payable for answer in given if not isinstance(answer, BaseException)] == [9400, 9400]
    assert {answer.code for answer in given if isinstance(answer, Refusal)} == {"quote_changed"}
    assert off(NOW) == 200, "the rest, as a budget gives it"
    code = DAY if "per_day" in limit else "spending:all:a"
    assert spent(code) == (1200, 1000, 0)
    assert broken() == set()


def test_a_day_is_the_calendars_where_the_offer_is_and_the_next_begins_anew() -> None:
    limited(per_day=500)
    midnight = datetime.fromisoformat("2026-12-13T00:00+08:00")
    held("h1")
    last = midnight - timedelta(microseconds=1)
    assert (off(last), off(midnight)) == (0, 500)
    held("h2", midnight)
    assert (spent(DAY), spent(NEXT)) == ((500, 500, 0), (500, 500, 0))
    assert off(midnight) == 0


def test_what_goes_back_may_be_spent_again_on_its_day() -> None:
    limited(most=600, per_day=600)
    cancel(held("h1").hold, by=SHOP, now=NOW)
    done = redeem(held("h2").hold, by=SHOP, now=NOW, key="r")
    assert spent(DAY) == spent("spending:all:a") == (600, 0, 500)
    back = refund(done.redemption, {"a": 1}, by=SHOP, now=later(days=2), key="b")
    assert back.amount == 9400
    assert spent(DAY) == spent("spending:all:a") == (600, 0, 0)
    assert broken() == set()


@pytest.mark.parametrize("gone", ["spending", "budget"])
@pytest.mark.parametrize("late", ["honour", "refuse"])
def test_an_order_that_comes_too_late_is_honoured_or_refused_as_the_offer_says(late: str, gone: str) -> None:
    limited(most=500 if gone == "spending" else None, late=late)
    world.budget("platform", 500 if gone == "budget" else 100_000)
    short = "spending:all:a" if gone == "spending" else "budget:double-12:discount:platform"
    first = held("h1")
    expire_due(later(minutes=16))
    held("h2", later(minutes=16))
    if late == "refuse":
        with pytest.raises(Conflict) as refused:
            redeem(first.hold, by=SHOP, now=later(minutes=17), key="r")
        assert (refused.value.code, refused.value.detail["gone"]) == ("expired", short)
        return
    assert redeem(first.hold, by=SHOP, now=later(minutes=17), key="r").late
    assert spent(f"overdraft:{short}") == (0, 0, 500)
    assert spent(short)[1:] == (500, 0)
    assert broken() == set()
