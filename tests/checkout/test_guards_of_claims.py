"""Claims: stops, recalls, sessions, codes and guesses. Each guard is taken away, and the same case breaks."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from festoon.catalog.models import Merchant
from festoon.coupons import guessing, pools, sessions
from festoon.coupons.models import Coupon, DeviceClaim, PoolCode, Template
from festoon.distribution import by_code
from festoon.distribution.by_code import claim_by_code
from festoon.distribution.claims import begin, claim
from festoon.ledger.store import group, movement, writer
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.plan import Move, Plan
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.records import Chain
from festoon.ledger.store.statement import table
from festoon.offers import guards
from festoon.offers.actions import stop
from festoon.offers.models import BookVersion, Live, Stop
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_guards import broken, no_room, tried
from tests.checkout.test_hold import OFF_5
from tests.checkout.unguarded import without, without_constraint, without_limit, without_words
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")


def test_what_was_recalled_is_read_by_the_claim_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    claim("c", "mei", by=SHOP, now=NOW, key="before")
    Live.objects.filter(code="c").delete()  # this process was not told yet
    assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="after")) == 0
    weaker = replace(table["offers.live"], sqlite="SELECT 0", postgres=f"SELECT _n FROM {_given('offers.live')}")
    monkeypatch.setitem(table, "offers.live", weaker)
    assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="after")) == 1


def test_what_gives_it_out_is_asked_by_the_claim_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recalled by another process: this one hears of it when it looks at the book again, its claims at once."""
    world.coupon("c", stock=9, **OFF_5)
    world.distribution("leaflets", offers=["c"])
    assert claim("c", "mei", by=SHOP, now=NOW, key="before").coupon
    Live.objects.filter(code="leaflets").delete()
    assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="after")) == 0
    without(monkeypatch, "distributions.live", ") = 1", ") >= 0")
    assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="after")) == 1
    assert Coupon.objects.get(shopper__code="tao").distribution == "leaflets", "given by what is out no longer"


def _given(name: str) -> str:
    """The rows that PostgreSQL is given."""
    text = table[name].postgres
    return text[text.index("(SELECT r._n") : text.index(" AS given") + len(" AS given")]


def test_the_check_keeps_the_stock_of_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    template = Template.objects.get(offer__code="c")
    terms = [{"start": "2026-12-12T10:00", "stock": 1}]
    template.offer.draft["terms"] = {"sessions": sessions.read(terms)}
    template.offer.ends_at = NOW + timedelta(hours=9)
    with transaction.atomic():
        sessions.settle([template], {template.pk: Merchant.objects.get(code="lantern").zone}, NOW)
    world.changed()

    def claims(name: str) -> int:
        return tried(lambda: claim("c", name, by=SHOP, now=NOW, key=name))

    assert [claims("mei"), claims("tao")] == [1, 0]
    with without_limit(monkeypatch):
        no_room(monkeypatch)
        assert claims("tao") == 1
        assert "never_overspent" in broken()


def flyer() -> None:
    world.coupon("c", stock=9, **OFF_5)
    pools.take_codes("c", ["FLYER001"], batch="flyer", by=SHOP, now=NOW, key="flyer")


def taken(shopper: str) -> int:
    """The plan of somebody who read the code while it was free."""
    row = PoolCode.objects.get()

    def put(plan: Plan) -> Any:
        return writer.submit(by_code._bearing(plan, row.code, plan.body))

    offer = row.template.offer.code
    return tried(lambda: begin(offer, shopper, by=SHOP, now=NOW, key=shopper, put=put).result())


def test_a_code_of_a_pool_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    flyer()
    assert [taken("mei"), taken("tao")] == [1, 0]
    with without_constraint(Coupon, "coupon_code"):
        assert taken("tao") == 0, "the pool's own row says so"
        without(monkeypatch, "pool.take", ' AND "coupons_poolcode"."coupon_id" IS NULL')
        assert taken("tao") == 1
        assert Coupon.objects.filter(code="FLYER001").count() == 2


def test_no_two_coupons_bear_one_code(monkeypatch: pytest.MonkeyPatch) -> None:
    flyer()
    without(monkeypatch, "pool.take", ' AND "coupons_poolcode"."coupon_id" IS NULL')
    assert [taken("mei"), taken("tao")] == [1, 0]
    with without_constraint(Coupon, "coupon_code"):
        assert taken("tao") == 1
        assert Coupon.objects.filter(code="FLYER001").count() == 2


def guesses(count: int) -> list[str]:
    def guess(_: int) -> str:
        try:
            guessing.guarded([("shopper", "mei")], NOW, lambda: None)
        except Refusal as refusal:
            return refusal.code
        return "found"

    return [str(each) for each in race(count, guess)]


def test_guesses_of_one_moment_are_counted_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    count = guessing.queries.tries_since

    def slowly(*asked: Any) -> int:
        found = count(*asked)
        time.sleep(0.02)
        return found

    monkeypatch.setattr(guessing.queries, "tries_since", slowly)
    assert guesses(14).count("no_such_code") == guessing.MOST["shopper"]
    guessing.forget(NOW + timedelta(hours=1))
    monkeypatch.setattr(guessing, "wait_for", lambda _: None)
    monkeypatch.setattr(guessing, "transaction", SimpleNamespace(atomic=nullcontext))
    assert guesses(14).count("no_such_code") > guessing.MOST["shopper"]


def test_a_guesser_is_stopped_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    flyer()

    def wrong(n: int) -> str:
        try:
            return claim_by_code(f"WRONG{n:03}", "mei", by=SHOP, now=NOW, key=f"w{n}").coupon
        except Refusal as refusal:
            return refusal.code

    monkeypatch.setattr(guessing, "STEP", 1)
    assert [wrong(n) for n in range(11)][-1] == "too_many_tries"
    monkeypatch.setitem(guessing.MOST, "shopper", 99)
    assert wrong(12) == "no_such_code", "and so through all codes"


@contextmanager
def opened(count: int) -> Iterator[list[Any]]:
    """Connections of the store, each as another process has it."""
    found = [connect(connection.settings_dict) for _ in range(count)]
    try:
        yield found
    finally:
        for each in found:
            each.close()


def crossed() -> int:
    """Two groups of two processes name two accounts the other way round, while both are taken; how many get them."""
    plans = [
        Plan("test", "system", 1, NOW, "", (), moves=[Move(f"stock:{code}", "spend", 1) for code in codes])
        for codes in ("ab", "ba")
    ]
    with opened(4) as (first, second, *holders):
        for holder, code in zip(holders, "ab", strict=True):
            holder.begin(together=False)
            holder.ask(movement.LOCK.now, [{"account": f"stock:{code}"}])

        def act(number: int) -> str:
            if number == 2:
                for holder in holders:  # first one account, then the other: both groups wait for something by then
                    time.sleep(0.2)
                    holder.commit()
                return "let go"
            mine = (first, second)[number]
            mine.begin(together=False)
            try:
                group._lock(mine, [plans[number]])
            finally:
                mine.rollback()
            return "locked"

        return race(3, act).count("locked")


@on_postgresql
def test_accounts_are_locked_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("a", stock=9, **OFF_5)
    world.coupon("b", stock=9, **OFF_5)
    assert crossed() == 2
    known = table["accounts.lock"]
    as_named = known.postgres.replace('ORDER BY "ledger_account"."code"', "ORDER BY given._n")
    assert as_named != known.postgres
    monkeypatch.setitem(table, "accounts.lock", replace(known, postgres=as_named))
    monkeypatch.setattr(group, "sorted", lambda codes: list(dict.fromkeys(codes)), raising=False)
    without_words(monkeypatch, group._lock, "sorted({move.account for plan in plans for move in plan.moves})",
                  "sorted(move.account for plan in plans for move in plan.moves)")  # fmt: skip
    assert crossed() == 1, "PostgreSQL ends one of two that wait for each other"


def granted(shopper: str) -> int:
    """Two claims of one shopper that come in one group; how many are granted."""
    plans: list[Plan] = []

    def keep(plan: Plan) -> Promise[Any]:
        plans.append(plan)
        return Promise()

    for key in ("one", "two"):
        begin("c", shopper, by=SHOP, now=NOW, key=f"{shopper}-{key}", put=keep)
    with opened(1) as (mine,):
        return sum(outcome.written for outcome in group.commit(mine, plans, (), Chain()))


@on_postgresql
def test_claims_of_one_shopper_at_one_moment_are_numbered_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    assert granted("mei") == 1
    monkeypatch.setattr(group, "_apart", lambda waiting: waiting)
    assert granted("tao") == 1, "the index on numbers says so"
    with without_constraint(Coupon, "coupon_nth"):
        assert granted("town-001") == 2
        assert broken() == {"per_shopper"}


def test_the_limit_of_a_period_is_asked_by_the_claim_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, per_shopper=9, **OFF_5)
    world.limit("c", most=2)
    assert [mine("mei", n) for n in range(3)] == [1, 1, 0]
    without(monkeypatch, "claims.in_period", ") < :most", ") < 99")
    assert mine("mei", 3) == 1
    assert broken() == {"per_period"}


def mine(shopper: str, number: int) -> int:
    """One more claim on the same device; whether it was granted."""
    key = f"{shopper}-{number}"
    return tried(lambda: claim("c", shopper, device="phone", by=SHOP, now=NOW, key=key))


def test_the_limit_of_a_device_is_asked_by_the_claim_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    world.limit("c", device=1)
    assert [mine("mei", 1), mine("tao", 1)] == [1, 0]
    without(monkeypatch, "claims.on_device", ") < :most", ") < 99")
    assert mine("tao", 2) == 1
    assert broken() == {"per_device"}


def on_one_device(*shoppers: str) -> int:
    """Their claims come in one group from one device; how many are granted."""
    plans: list[Plan] = []

    def keep(plan: Plan) -> Promise[Any]:
        plans.append(plan)
        return Promise()

    for shopper in shoppers:
        begin("c", shopper, device="phone", by=SHOP, now=NOW, key=shopper, put=keep)
    with opened(1) as (mine,):
        return sum(outcome.written for outcome in group.commit(mine, plans, (), Chain()))


def test_claims_on_one_device_at_one_moment_are_done_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    world.limit("c", device=1)
    assert on_one_device("mei", "tao") == 1
    DeviceClaim.objects.all().delete()
    without_words(monkeypatch, group._promising, "(plan.lane, plan.beside)", "(plan.lane,)")
    without_words(monkeypatch, group._apart, "{plan.lane, plan.beside}", "{plan.lane}")
    with without_constraint(DeviceClaim, "device_nth"):
        assert on_one_device("town-001", "town-002") == 2
        assert "per_device" in broken()


@on_postgresql
def test_claims_on_one_device_at_one_moment_are_numbered_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    world.limit("c", device=1)
    assert on_one_device("mei", "tao") == 1
    DeviceClaim.objects.all().delete()
    monkeypatch.setattr(group, "_apart", lambda waiting: waiting)
    monkeypatch.setattr(group, "_promising", lambda plans: False)
    assert on_one_device("town-001", "town-002") == 1, "the index on numbers says so"
    with without_constraint(DeviceClaim, "device_nth"):
        DeviceClaim.objects.all().delete()
        assert on_one_device("town-003", "town-004") == 2
        assert "per_device" in broken()


def stop_and_grant() -> list[str]:
    """A stop comes when a group has passed the gate and is not done; which of them was committed first."""
    order: list[str] = []
    Stop.objects.all().delete()
    with opened(1) as (mine,):
        pass_the_gate(mine)

        def act(number: int) -> None:
            if number:
                time.sleep(0.3)
                order.append("granted")
                mine.commit()
                return
            stop("all", "", why="a test", by=SYSTEM, now=NOW)
            order.append("stopped")

        assert race(2, act) == [None, None]
    return order


@on_postgresql
def test_a_stop_waits_for_the_groups_that_passed_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stop_and_grant() == ["granted", "stopped"]
    monkeypatch.setitem(table, "book.gate", replace(table["book.gate"], postgres="SELECT 1"))
    assert stop_and_grant() == ["stopped", "granted"], "a grant is committed after the stop"


def who_comes_after_a_stop_finds_it() -> bool:
    """A group has passed the gate, a stop waits for it, and another group comes; whether the stop stands for that one."""
    Stop.objects.all().delete()
    passed = Event()
    with opened(2) as (under_way, later):
        pass_the_gate(under_way)

        def act(number: int) -> bool | None:
            if number == 0:
                stop("all", "", why="a test", by=SYSTEM, now=NOW)
            elif number == 1:
                until(lambda: waiting() == 1)
                pass_the_gate(later)
                found = Stop.objects.exists()
                passed.set()
                later.commit()
                return found
            else:
                until(lambda: waiting() == 2 or passed.is_set())
                under_way.commit()
            return None

        answers = race(3, act)
    assert isinstance(answers[1], bool), answers
    return answers[1]


@on_postgresql
def test_who_comes_after_a_stop_waits_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert who_comes_after_a_stop_finds_it()
    shared = f'SELECT 1 FROM "{BookVersion._meta.db_table}" FOR SHARE'  # a lock without a queue
    monkeypatch.setitem(table, "book.gate", replace(table["book.gate"], postgres=shared))
    assert not who_comes_after_a_stop_finds_it(), "it went ahead, and a rush would keep the stop waiting"


def pass_the_gate(group_of: Any) -> None:
    """As a group begins, in a transaction that stays open."""
    group_of.begin(together=False)
    group._lock(group_of, [Plan("test", "system", 1, NOW, "", (), gate=guards.GATE)])


def waiting() -> int:
    """How many on this database wait for a lock that another has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def until(so: Callable[[], bool]) -> None:
    """Look again and again until it is so."""
    for _ in range(1_000):
        if so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")
