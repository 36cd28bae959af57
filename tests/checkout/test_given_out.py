"""To whom, where and when a distribution gives something out is asked at the quote and again at the till; and by whoever
redeems after the hold has ended, whether anything gives it out still.
"""

import pytest

from festoon.checkout import book, redemptions
from festoon.checkout.actions import expire_due, hold, quote, redeem
from festoon.checkout.explaining import open_order
from festoon.checkout.invariants import every
from festoon.checkout.models import Hold
from festoon.distribution.claims import claim
from festoon.offers import actions as offers
from festoon.offers.models import Release
from festoon.offers.version import watch
from festoon.records.refusal import Conflict, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.test_hold import OFF_5
from tests.checkout.world import NOW, SHOP, cart, later

pytestmark = pytest.mark.django_db
HALL = Viewer("person:gu", 1, frozenset({"*"}), channel="app", store="willow-west")
TERMS = [
    ({"channels": ["app"]}, {"by": Viewer("key:mini", 1, frozenset({"*"}), channel="mini")}),
    ({"scenes": ["hall"]}, {"scene": "street"}),
    ({"stores": ["willow-west"]}, {"by": SHOP}),
]
"""Where it may be used, and who asks elsewhere."""


def coupon(**terms):
    """Mei has a coupon that these distributions give out: by the name of each its terms."""
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    for name, data in (terms or {"d": {}}).items():
        world.distribution(name, offers=["c"], **data)
    return mine


def payable(mine, *, by=HALL, scene="hall", at=NOW, buyer="mei"):
    return quote(cart(("t-01", 1, 9900), buyer=buyer, chosen=[mine], scene=scene), by=by, now=at).payable


def held(mine, key="h", at=NOW):
    token = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=[mine], scene="hall"), by=HALL, now=at).token
    return hold(token, by=HALL, now=at, key=key).hold


def recall(*codes):
    for code in codes:
        offers.recall("distribution", code, why="a test", by=SYSTEM, now=NOW)


def started_anew():
    """Another process, which never had the book of the hold."""
    book.forget()
    watch.forget()


def reason(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code, refused.value.detail.get("gone", "")


def broken():
    return {each.code for each in every() if each.check(NOW).problems}


@pytest.mark.parametrize(("terms", "elsewhere"), TERMS)
@pytest.mark.parametrize("process", ["same", "another"])
def test_where_it_may_be_used_is_asked_at_the_quote_and_at_the_till(terms, elsewhere, process):
    mine = coupon(d=terms)
    assert (payable(mine), payable(mine, **elsewhere)) == (9400, 9900)
    made = held(mine)
    recall("d")
    if process == "another":
        started_anew()
    there = {"by": HALL, "scene": "hall"} | elsewhere
    there["by"] = (
        there["by"] if there["by"].store else Viewer("k", 1, frozenset({"*"}), there["by"].channel, "kite-east")
    )
    assert reason(lambda: redeem(made, now=NOW, key="r", **there))[0] == "not_here"
    assert redeem(made, by=HALL, scene="hall", now=NOW, key="r").paid == 9400, "what was held in time is kept"
    started_anew()
    assert open_order(made, by=SYSTEM, now=NOW).same
    assert broken() == set()


def test_a_hold_from_before_they_were_kept_is_judged_elsewhere_by_those_of_now():
    made = held(coupon(d={"stores": ["willow-west"]}))
    row = Hold.objects.get(id=made)
    kept = Release.objects.filter(kind="distribution").values_list("id", flat=True)
    row.plan = {name: value for name, value in row.plan.items() if name != "ways"}
    row.plan["releases"] = [each for each in row.plan["releases"] if each not in set(kept)]
    row.save()
    started_anew()
    there = Viewer("k", 1, frozenset({"*"}), "app", "kite-east")
    assert reason(lambda: redeem(made, by=there, scene="hall", now=NOW, key="r"))[0] == "not_here"
    assert redeem(made, by=HALL, scene="hall", now=NOW, key="r").paid == 9400


def test_to_whom_and_when_it_is_given_is_asked_at_the_quote():
    mine = coupon(d={"window": {"start": NOW.isoformat(), "end": later(days=1).isoformat()}, "segments": ["gold"]})
    assert (payable(mine), payable(mine, at=later(days=1))) == (9400, 9900)
    world.release(
        "distribution", "e", {"code": "e", "campaign": "double-12", "offers": ["c"], "buyers": ["tao"]}, platform()
    )
    recall("d")
    assert payable(mine) == 9900, "mei is on no list"


def platform():
    from festoon.catalog.models import Merchant

    return Merchant.objects.get(id=1)


def test_swept_it_is_taken_again_as_long_as_one_distribution_that_admitted_it_is_out():
    mine = coupon(d={"channels": ["app"]}, e={"stores": ["willow-west"]}, other={"channels": ["mini"]})
    first = held(mine)
    expire_due(later(minutes=16))
    recall("d", "other")
    done = redeem(first, by=HALL, scene="hall", now=later(minutes=17), key="r")
    assert done.late
    assert broken() == set()


@pytest.mark.parametrize(
    "others", [{}, {"other": {"channels": ["mini"]}}], ids=["the only one", "one never admitted it"]
)
def test_swept_and_recalled_it_is_not_taken_again(others):
    mine = coupon(d={"channels": ["app"]}, **others)
    made = held(mine)
    expire_due(later(minutes=16))
    recall("d")
    assert reason(lambda: redeem(made, by=HALL, scene="hall", now=later(minutes=17), key="r")) == (
        "expired",
        "distribution",
    )
    assert broken() == set()


def test_recalled_between_the_look_and_the_write_it_is_looked_at_again(monkeypatch):
    """The statement is what refuses: without it the coupon is taken by what nobody gives out any more."""
    mine = coupon(d={"channels": ["app"]}, e={"stores": ["willow-west"]})
    made = held(mine)
    expire_due(later(minutes=16))
    look = redemptions.still_out
    times: list[list[str]] = []

    def looked(of):
        found = look(of)
        if not times:
            times.append(found)
            recall(*found)
        return found

    monkeypatch.setattr(redemptions, "still_out", looked)
    assert redeem(made, by=HALL, scene="hall", now=later(minutes=17), key="r").late
    assert times == [["d"]]


def test_a_promotion_nobody_gives_out_any_more_is_not_taken_again():
    world.offer("a", **OFF_5)
    world.distribution("d", offers=["a"])
    made = hold(quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    expire_due(later(minutes=16))
    recall("d")
    with pytest.raises(Conflict, match="expired"):
        redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")
