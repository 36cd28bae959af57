"""Claiming: from the stock, within the limit, once for each key, and each refusal says its one reason."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon
from festoon.distribution import claimable
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.records import audit, events
from festoon.records.refusal import Forbidden, Invalid, KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

AMOUNT = {"type": "amount", "with": {"off": 3000, "at": 20000}}
pytestmark = pytest.mark.django_db


def reason(offer: str, shopper: str, key: str, **given: object) -> str:
    try:
        claim(offer, shopper, **{"by": SHOP, "now": NOW, "key": key, **given})
    except Refusal as refusal:
        return refusal.code
    return "granted"


def test_a_claimed_coupon_is_in_the_wallet_and_in_the_books() -> None:
    world.coupon("shop-30", stock=10, **AMOUNT)
    claimed = claim("shop-30", "mei", by=SHOP, now=NOW, key="k1")
    [coupon] = coupons.wallet(SYSTEM, "mei", now=NOW)
    assert (coupon.id, coupon.n, coupon.state) == (claimed.coupon, 1, "claimed")
    assert coupon.expires_at == claimed.expires_at
    assert claimed.expires_at is not None
    assert claimed.expires_at.isoformat() == "2026-12-19T16:00:00+00:00", "the end of the 19th in Shanghai"
    assert accounts.balance("stock:shop-30") == 9
    told = [event for _, batch in events.read_after(0, 10) for event in batch]
    assert [(event["kind"], event["offer"], event["shopper"]) for event in told] == [
        ("coupon.claimed", "shop-30", "mei")
    ]
    assert audit.walk_all() == []


def test_five_hundred_rush_for_fifty() -> None:
    world.coupon("flash", stock=50, per_shopper=2, **AMOUNT)

    def rush(first: int) -> list[str]:
        return [reason("flash", f"town-{(first * 4 + n) % 40:03}", f"{first}-{n}") for n in range(50)]

    answers = [answer for given in race(10, rush) if isinstance(given, list) for answer in given]
    assert len(answers) == 500
    assert Counter(answers)["granted"] == 50
    assert {"granted", "sold_out"} <= set(answers) <= {"granted", "sold_out", "limit_reached"}
    assert coupons.visible(SYSTEM).count() == 50
    assert accounts.balance("stock:flash") == 0
    assert max(Counter(coupons.visible(SYSTEM).values_list("shopper", flat=True)).values()) <= 2


def test_the_same_key_gets_the_same_coupon_also_when_nothing_is_left_or_the_window_is_over() -> None:
    window = {"start": "2026-12-10T00:00", "end": "2026-12-13T00:00", "zone": "Asia/Shanghai"}
    world.coupon("one", stock=1, window=window, **AMOUNT)
    first = claim("one", "mei", by=SHOP, now=NOW, key="k1")
    assert claim("one", "mei", by=SHOP, now=NOW, key="k1") == first
    assert reason("one", "tao", "k2") == "sold_out"
    late = NOW + timedelta(days=2)
    assert reason("one", "tao", "k3", now=late) == "not_open"
    assert claim("one", "mei", by=SHOP, now=late, key="k1") == first


@pytest.mark.parametrize("scene", ["s" * 33, "a\0b"])
def test_a_scene_no_row_can_hold_is_refused_by_its_name(scene: str) -> None:
    world.coupon("one", stock=5, **AMOUNT)
    with pytest.raises(Invalid) as refused:
        claim("one", "mei", scene=scene, by=SHOP, now=NOW, key="k")
    assert (refused.value.code, refused.value.field) == ("not_text", "scene")
    assert accounts.balance("stock:one") == 5


def test_replays_in_one_group_are_one_claim() -> None:
    world.coupon("one", stock=5, per_shopper=5, **AMOUNT)
    answers = race(8, lambda _: claim("one", "mei", by=SHOP, now=NOW, key="same"))
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert accounts.balance("stock:one") == 4


def test_the_same_key_with_another_body_is_refused_and_of_another_merchant_is_another_key() -> None:
    world.coupon("one", stock=5, **AMOUNT)
    claim("one", "mei", by=SHOP, now=NOW, key="k1")
    with pytest.raises(KeyReused):
        claim("one", "tao", by=SHOP, now=NOW, key="k1")
    other = Viewer("key:willow", 2, frozenset({"*"}), channel="app")
    assert reason("one", "tao", "k1", by=other) == "granted"


def test_a_refusal_does_not_drag_along_those_who_heard_it_before() -> None:
    world.coupon("one", stock=5, **AMOUNT)
    assert reason("one", "mei", "first") == "granted"

    def frames(key: str) -> int:
        with pytest.raises(Refusal) as refused:
            claim("one", "mei", by=SHOP, now=NOW, key=key)
        return len(refused.traceback)

    assert len({frames(str(n)) for n in range(5)}) == 1


def test_each_refusal_says_its_reason() -> None:
    world.coupon("one", stock=5, **AMOUNT)
    world.distribution("d-1", offers=["one"], segments=["gold"], claim_channels=["app"])
    assert reason("nothing", "mei", "a") == "no_such_coupon"
    assert reason("one", "nobody", "b") == "no_such_coupon"
    assert reason("one", "tao", "c") == "not_for_you"
    assert reason("one", "mei", "d", by=world.TILL) == "not_for_channel"
    assert reason("one", "mei", "e") == "granted"
    assert reason("one", "mei", "f") == "limit_reached"


def test_what_is_no_coupon_is_remembered_only_so_long_and_nothing_for_another_book(monkeypatch) -> None:
    monkeypatch.setattr(claimable, "STRANGE", 3)
    world.coupon("c", stock=5, **AMOUNT)
    world.coupon("d", stock=5, **AMOUNT)
    for offer in ("c", *(f"no-{n}" for n in range(9)), "d", "no-8"):
        claimable.claimable(SHOP, offer)
    assert list(claimable._kept) == ["c", "no-6", "no-7", "no-8", "d"]
    world.changed()
    assert claimable.claimable(SHOP, "d") is not None
    assert list(claimable._kept) == ["d"]


@pytest.mark.parametrize("key", [" ", "a\0b", "k" * 256])
def test_bad_calls_name_the_field_or_the_right(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        claim("one", "mei", by=SHOP, now=NOW, key=key)
    assert refused.value.field == "key"
    with pytest.raises(Forbidden):
        claim("one", "mei", by=Viewer("key:x", 1, frozenset()), now=NOW, key="k")


@pytest.mark.parametrize(("kind", "code"), [("offer", "one"), ("campaign", "double-12"), ("all", "")])
def test_nothing_is_granted_from_the_commit_of_a_stop_on_though_the_process_has_not_heard_of_it(
    kind: str, code: str
) -> None:
    world.coupon("one", stock=5, per_shopper=5, **AMOUNT)
    assert reason("one", "mei", "a") == "granted"
    world.stop(kind, code)
    assert reason("one", "mei", "b") == "stopped"
    assert coupons.visible(SYSTEM).count() == 1


def test_a_claim_writes_five_indexes_and_none_that_nobody_asks() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Coupon._meta.db_table)
    kept = (each for each in found.values() if each["index"] or each["unique"] or each["primary_key"])
    indexes = [tuple(each["columns"]) for each in kept]
    wanted = [("code",), ("id",), ("key_owner", "key"), ("shopper_id", "state"), ("template_id", "shopper_id", "n")]
    assert sorted(indexes) == wanted
