"""Refund policies on a database: claw back with what is owed, coupons that come back, gifts, several policies at once."""

from collections import Counter
from typing import Any

import pytest

from festoon.catalog.models import Merchant
from festoon.checkout import invariants, queries
from festoon.checkout.actions import hold, quote, redeem, refund
from festoon.checkout.answers import RedeemAnswer
from festoon.coupons.models import Coupon
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.offers.models import Live
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, refusal, standing
from tests.checkout.world import NOW, SHOP, cart, later
from tests.racing import in_one_group, race

pytestmark = pytest.mark.django_db
PLATFORM = "budget:double-12:discount:platform"
CLAW: dict[str, Any] = {"refund": {"claw_back": {}}}
FROM_200 = {"type": "spend_and_save", "with": {"tiers": [{"at": 20000, "off": 3000}]}}
HALF_FROM_130 = {"type": "spend_and_save", "with": {"tiers": [{"at": 13000, "basis_points": 5000}]}}


def sold(*lines: tuple[str, int, int], key: str = "k", **more: object) -> RedeemAnswer:
    token = quote(cart(*lines, **more), by=SHOP, now=NOW).token
    made = hold(token, by=SHOP, now=NOW, key=key)
    return redeem(made.hold, order="o-1", by=SHOP, now=NOW, key=key)


def back(done: RedeemAnswer, key: str, minutes: int = 1, **units: int | list[int]):
    return refund(done.redemption, units, by=SHOP, now=later(minutes=minutes), key=key)


def sound() -> None:
    """Whatever must always be true of this database is."""
    assert {i.code: found.problems for i in invariants.every() if (found := i.check(later(minutes=5))).problems} == {}


def test_what_is_kept_is_judged_again_and_what_is_withheld_goes_to_who_paid() -> None:
    world.offer("a", **FROM_200, **CLAW)
    world.budget("platform", 10_000)
    done = sold(("t-01", 3, 9900), shipping=800)
    assert (done.paid, standing(PLATFORM)) == (29700 - 3000 + 800, (10_000, 0, 3000))
    one = back(done, "f1", a=2)
    assert (one.amount, one.payers, one.offers, one.owed) == (16800, {"platform": 3000}, {"a": {"platform": 3000}}, 0)
    assert standing(PLATFORM) == (10_000, 0, 0)
    last = back(done, "f2", a=1)
    assert (last.amount, last.shipping, last.payers, last.refunded) == (10700, 800, {}, done.paid)
    sound()


def test_what_is_owed_is_kept_lowers_the_next_refund_and_is_never_charged() -> None:
    world.offer("a", **HALF_FROM_130, **CLAW)
    world.budget("platform", 100_000)
    done = sold(("t-01", 1, 9900), ("t-02", 1, 3333))
    one = back(done, "f1", b=1)
    assert (done.paid, one.amount, one.payers, one.owed) == (6616, 0, {"platform": 3333}, 3284)
    assert queries.redemption(SYSTEM, done.redemption).refunded == 0
    last = back(done, "f2", a=1)
    assert (last.amount, last.owed, last.refunded) == (6616, 0, done.paid)
    assert standing(PLATFORM) == (100_000, 0, 0)
    sound()


def test_judged_by_the_releases_it_was_sold_with_whatever_is_released_stopped_or_recalled_since() -> None:
    world.offer("a", **FROM_200, **CLAW)
    done = sold(("t-01", 3, 9900))
    live = Live.objects.get(code="a")
    generous = {**live.release.data, "with": {"tiers": [{"at": 1, "off": 9000}]}, "refund": {"keep": {}}}
    live.delete()
    world.Release.objects.create(
        merchant=Merchant.objects.get(id=1), kind="offer", code="a", version=2, data=generous, digest="2", review_id=0,
        released_at=NOW, released_by="person:chen",
    )  # fmt: skip
    world.stop("offer", "a")
    world.changed()
    world.forget()
    one = back(done, "f1", minutes=60 * 24 * 40, a=2)
    assert (one.amount, one.payers) == (16800, {"platform": 3000})


def test_an_exclusion_between_applied_offers_still_holds_when_they_are_judged() -> None:
    world.offer("a", **OFF_5, **CLAW)
    world.offer(
        "b",
        type="percent",
        scope={"sku": ["t-01"]},
        priority=50,
        stage="store",
        **{"with": {"basis_points": 1000}},
        **CLAW,
    )
    world.release(
        "exclusion", "x", {"code": "x", "between": ["a", "b"], "grain": "line", "reason": {"en": "x", "zh": "x"}},
        Merchant.objects.get(id=1),
    )  # fmt: skip
    done = sold(("t-01", 2, 9900), ("t-02", 2, 3333))
    assert done.paid == 19800 - 1980 + 6666 - 500
    one = back(done, "f1", b=1)
    assert one.amount == 3333, "the amount stays on the line it was for"


def test_a_coupon_is_in_the_wallet_again_once_nothing_enjoys_it_and_serves_again() -> None:
    world.coupon("c", stock=1, refund={"convert": {}}, **OFF_5)
    world.budget("platform", 10_000)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="c").coupon
    done = sold(("t-02", 2, 3333), buyer="mei", chosen=[mine])
    assert back(done, "f1", a=1).coupons == []
    assert Coupon.objects.get().state == "redeemed"
    last = back(done, "f2", a=1)
    assert [each.coupon for each in last.coupons] == [mine]
    assert last.coupons[0].expires_at is not None
    assert Coupon.objects.get().state == "claimed"
    assert back(done, "f2", minutes=3, a=1) == last, "asked again, the same answer"
    sound()
    again = sold(("t-02", 1, 3333), buyer="mei", chosen=[mine], key="k2")
    assert again.paid == 3333 - 500
    assert Coupon.objects.get().state == "redeemed"
    sound()


def test_a_coupon_that_ended_meanwhile_comes_back_with_new_days_or_not_at_all() -> None:
    for code, policy in (("c", {}), ("d", {"days": 3})):
        world.coupon(code, stock=1, refund={"convert": policy}, **OFF_5)
        mine = claim(code, "mei", by=SHOP, now=NOW, key=code).coupon
        done = sold(("t-02", 1, 3333), buyer="mei", chosen=[mine], key=code)
        given = back(done, f"f{code}", minutes=60 * 24 * 20, a=1)
        assert [each.coupon for each in given.coupons] == ([mine] if policy else [])
        assert Coupon.objects.get(id=mine).state == ("claimed" if policy else "redeemed")
    sound()


def test_a_coupon_comes_back_once_however_many_refunds_race() -> None:
    world.coupon("c", stock=1, refund={"convert": {}}, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="c").coupon
    done = sold(("t-02", 3, 3333), buyer="mei", chosen=[mine])
    answers = race(6, lambda n: back(done, f"f{n}", a=1))
    given = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(given) == 3
    assert sum(len(answer.coupons) for answer in given) == 1
    assert sum(answer.amount for answer in given) == done.paid
    sound()


def test_refunds_that_race_under_claw_back_end_at_exactly_what_was_paid() -> None:
    world.offer("a", **FROM_200, **CLAW)
    world.offer("b", type="percent", **{"with": {"basis_points": 1000}})
    world.budget("platform", 100_000)
    done = sold(("t-01", 4, 9900), ("t-02", 2, 3333), shipping=800)
    answers = race(8, lambda n: back(done, f"f{n}", **({"a": 1} if n % 2 else {"b": 1})))
    given = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} <= {"already_refunded"}
    assert sum(answer.amount for answer in given) == done.paid
    assert max(answer.refunded for answer in given) == done.paid
    payers = sum((Counter(answer.payers) for answer in given), Counter[str]())
    assert standing(PLATFORM) == (100_000, 0, 0)
    assert payers["platform"] > 0
    sound()


def test_refunds_that_meet_in_one_group_end_at_exactly_what_was_paid_also_where_nothing_goes_back() -> None:
    """The first of them gives nothing, so the sum of what came back does not tell that it came between."""
    world.offer("a", **HALF_FROM_130, **CLAW)
    world.budget("platform", 100_000)
    done = sold(("t-01", 1, 9900), ("t-02", 2, 1700))
    with in_one_group(2):
        answers = race(2, lambda n: back(done, f"f{n}", b=[n + 1]))
    first, second = sorted(each.owed for each in answers if not isinstance(each, BaseException))
    assert (done.paid, first, second) == (6650, 3250, 4950)
    with in_one_group(2):
        answers += race(2, lambda n: back(done, f"g{n}", a=1))
    given = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert [answer.amount for answer in given] == [0, 0, done.paid]
    assert standing(PLATFORM) == (100_000, 0, 0)
    sound()


def test_where_the_secret_is_gone_nothing_that_must_be_judged_goes_back(settings) -> None:
    world.offer("a", **FROM_200, **CLAW)
    done = sold(("t-01", 3, 9900))
    kept = settings.SECRET_KEY
    settings.SECRET_KEY = "another " + kept
    assert refusal(lambda: back(done, "f1", a=1)).code == "not_judged"
    assert queries.refunds(SYSTEM).count() == 0
    assert back(done, "f2", a=3).amount == done.paid, "of all that was sold nothing is kept, and nothing judged"


GIFT: dict[str, Any] = {"type": "gift", "with": {"sku": "mug", "every": 9900, "value": 1000}}
MUGS, GIFT_BUDGET = "units:g", "budget:double-12:gifts:platform"


def mugs(many: int, money: int, **data: object) -> None:
    """A promotion with so many mugs, and so much money set aside for gifts."""
    world.offer("g", **{**GIFT, **data})
    units = accounts.open_account(MUGS, merchant_id=1, kind="units", unit="piece")
    accounts.fund(units, many, at=NOW)
    account = accounts.open_account(GIFT_BUDGET, merchant_id=1, kind="budget:gifts", unit="CNY")
    accounts.fund(account, money, at=NOW)


def test_gifts_move_their_stock_and_the_gift_budget_and_come_back_with_what_earned_them() -> None:
    mugs(10, 100_000)
    done = sold(("t-01", 3, 9900))
    assert (standing(MUGS), standing(GIFT_BUDGET)) == ((10, 0, 3), (100_000, 0, 3000))
    one = back(done, "f1", a=1)
    assert [(gift.offer, gift.sku, gift.quantity) for gift in one.gifts] == [("g", "mug", 1)]
    assert (standing(MUGS), standing(GIFT_BUDGET)) == ((10, 0, 2), (100_000, 0, 2000))
    back(done, "f2", a=2)
    assert (standing(MUGS), standing(GIFT_BUDGET)) == ((10, 0, 0), (100_000, 0, 0))
    sound()


def test_gifts_the_shopper_keeps_stay_spent() -> None:
    mugs(10, 100_000, refund={"keep": {"keeps_gifts": True}})
    done = sold(("t-01", 2, 9900))
    assert back(done, "f1", a=2).gifts == []
    assert (standing(MUGS), standing(GIFT_BUDGET)) == ((10, 0, 2), (100_000, 0, 2000))
    sound()


def gifts_of(units: int) -> dict[str, int]:
    price = quote(cart(("t-01", units, 9900)), by=SHOP, now=NOW).price
    return {gift["sku"]: gift["quantity"] for gift in price["gifts"]}


@pytest.mark.parametrize(
    ("short", "given"),
    [({"short": "give"}, {"mug": 2}), ({"short": "refuse"}, {}),
     ({"short": "substitute", "instead": "cup"}, {"mug": 2, "cup": 1})],
)  # fmt: skip
def test_when_gifts_are_gone_the_offer_says_what_happens(short: dict[str, str], given: dict[str, int]) -> None:
    mugs(2, 100_000, **{"with": {**GIFT["with"], **short}})
    assert gifts_of(3) == given
    sold(("t-01", 3, 9900))
    assert standing(MUGS) == (2, 0, given.get("mug", 0))
    assert standing(GIFT_BUDGET) == (100_000, 0, 1000 * given.get("mug", 0))
    sound()


def test_a_gift_budget_that_ends_ends_the_gifts() -> None:
    mugs(10, 1999)
    assert gifts_of(3) == {"mug": 1}
    sold(("t-01", 3, 9900))
    assert gifts_of(3) == {}
    assert (standing(MUGS), standing(GIFT_BUDGET)) == ((10, 0, 1), (1999, 0, 1000))
    sound()


def test_the_last_gifts_are_never_given_twice() -> None:
    mugs(3, 100_000)
    answers = race(6, lambda n: sold(("t-01", 1, 9900), key=f"k{n}"))
    assert standing(MUGS)[2] == 3
    assert len([answer for answer in answers if not isinstance(answer, BaseException)]) >= 3
    sound()
