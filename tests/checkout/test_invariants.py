"""The audit's own test: over a busy day nothing is found, and whatever is broken on purpose is."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import lake
from festoon.campaigns import actions as campaigns
from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, refund, verify
from festoon.checkout.invariants import every
from festoon.checkout.models import Refund
from festoon.cli import audit
from festoon.distribution.claims import claim
from festoon.offers.actions import stop
from festoon.offers.models import Release
from tests import rows
from tests.checkout import world
from tests.checkout.test_handed_out import hand_out
from tests.checkout.test_hold import OFF_5
from tests.checkout.world import NOW, SHOP, TILL, cart, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def busy_day(small_world: None, settings, tmp_path) -> None:
    """Events in the lake, claims, an open hold, a cancelled one, an order half returned, one sold at the till."""
    rows.begin_with("busy_day", sell, on="small")
    world.goods._kept.goods = None
    world.forget()
    settings.FESTOON_VAR = tmp_path
    export(lake())


def sell() -> None:
    world.coupon("c", stock=5, payers=world.HALVES, **OFF_5)
    world.offer("a", **OFF_5)
    world.budget("platform", 100_000)
    world.budget("merchant:willow", 100_000)
    mei, tao = (claim("c", who, by=SHOP, now=NOW, key=who).coupon for who in ("mei", "tao"))
    tokens = [
        quote(
            cart(("t-02", n, 3333), buyer="mei", chosen=[mei] if n == 3 else [], shipping=800), by=SHOP, now=NOW
        ).token
        for n in (1, 2, 3)
    ]
    hold(tokens[0], by=SHOP, now=NOW, key="open")
    cancel(hold(tokens[1], by=SHOP, now=NOW, key="cancelled").hold, by=SHOP, now=NOW)
    sold = redeem(hold(tokens[2], by=SHOP, now=NOW, key="sold").hold, by=SHOP, now=NOW, key="sold")
    refund(sold.redemption, {"a": 1}, by=SHOP, now=NOW, key="back")
    verify(cart(("t-01", 1, 9900), chosen=[tao]), by=TILL, now=NOW, key="till")
    world.coupon("p", stock=1, type="red_envelope", **{"with": {"amount": 900, "divisible": True}})
    purse = claim("p", "tao", by=SHOP, now=NOW, key="purse").coupon
    verify(cart(("t-01", 1, 9900), chosen=[purse]), by=TILL, now=NOW, key="purse")
    world.coupon("w", stock=5, window={"end": later(days=2).isoformat()}, **OFF_5)
    world.distribution("way", offers=["w"], channels=["store"], claim_channels=["app"], buyers=["tao"])
    Release.objects.filter(kind="distribution").update(released_at=later(days=-1))
    windowed = claim("w", "tao", by=SHOP, now=NOW, key="windowed").coupon
    verify(cart(("t-01", 1, 9900), buyer="tao", chosen=[windowed]), by=TILL, now=NOW, key="windowed")
    world.coupon("l", stock=5, **OFF_5)
    world.limit("l", most=1, device=1)
    claim("l", "mei", device="10.0.0.7", by=SHOP, now=NOW, key="limited")
    hand_out()
    agree()


def agree() -> None:
    """A campaign that somebody drafted and everybody agreed on."""
    told = {"code": "spring", "name": {"en": "Spring", "zh": "春"}, "reason": {"en": "Tea", "zh": "茶"},
            "starts_at": NOW.isoformat(), "ends_at": later(days=9).isoformat()}  # fmt: skip
    campaigns.submit(campaigns.create(told, by=SHOP, now=NOW), by=SHOP, now=NOW)


def found(minutes: int = 1) -> dict[str, list[str]]:
    """What is broken, by invariant."""
    problems = {invariant.code: list(invariant.check(later(minutes=minutes)).problems) for invariant in every()}
    return {code: said for code, said in problems.items() if said}


@contextmanager
def unguarded() -> Iterator[None]:
    """The database lets anything be written, as nobody but this test may."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def run(sql: str) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0


def test_a_busy_day_leaves_nothing_to_find() -> None:
    assert found() == {}
    stop("offer", "a", why="a test", by=SHOP, now=NOW)
    assert min(invariant.check(NOW).cases for invariant in every()) > 0


def test_an_import_of_old_orders_is_swept_by_the_clock_of_today() -> None:
    token = quote(cart(("t-02", 1, 3333), buyer="tao"), by=SHOP, now=NOW).token
    old = hold(token, by=SHOP, now=NOW, key="old").hold
    expire_due(later(days=300))
    assert redeem(old, by=SHOP, now=later(minutes=20), key="old").late
    assert found() == {}


@pytest.mark.parametrize(("seconds", "problems"), [(45, []), (75, ["in_its_time"])])
def test_the_clocks_of_two_machines_may_be_a_minute_apart(seconds: int, problems: list[str]) -> None:
    """One claims, sees its clock ahead of the other's that holds, redeems and gives back: in the order of the database."""
    mine = claim("c", "town-001", by=SHOP, now=later(seconds=seconds), key="ahead").coupon
    token = quote(cart(("t-01", 1, 9900), buyer="town-001", chosen=[mine]), by=SHOP, now=NOW).token
    sold = redeem(hold(token, by=SHOP, now=NOW, key="behind").hold, by=SHOP, now=later(seconds=-20), key="behind")
    refund(sold.redemption, {"a": 1}, by=SHOP, now=later(seconds=-40), key="behind")
    assert list(found()) == problems


def test_a_hold_that_outlives_its_end_is_found() -> None:
    assert list(found(minutes=15)) == []
    assert list(found(minutes=17)) == ["holds_end"]


SOLD_TWICE = """UPDATE checkout_couponuse SET live = (1 = 0), coupon_id = (SELECT id FROM coupons_coupon WHERE key = 'mei')
 WHERE coupon_id = (SELECT id FROM coupons_coupon WHERE key = 'tao')"""
"""Two orders had one coupon, one after the other, and nobody gave it back between them."""
MEI = "(SELECT id FROM catalog_shopper WHERE code = 'mei')"
FAULTS = [
    ("stock", "UPDATE ledger_account SET spent = spent - 1 WHERE code = 'stock:c'"),
    ("per_shopper", "UPDATE coupons_template SET per_shopper = 0"),
    ("per_period", "UPDATE coupons_template SET period_most = 0 WHERE period_most = 1"),
    ("per_device", "UPDATE coupons_template SET per_device = 0 WHERE per_device = 1"),
    ("per_device", "DELETE FROM coupons_deviceclaim"),
    ("one_use", "UPDATE coupons_coupon SET state = 'claimed'"),
    ("merchants", "UPDATE coupons_coupon SET merchant_id = 9999 WHERE key = 'mei'"),
    ("holds_end", "UPDATE checkout_hold SET state = 'redeemed' WHERE key = 'open'"),
    ("fold", "UPDATE ledger_transfer SET amount = amount + 1 WHERE kind = 'post'"),
    ("fold", "UPDATE ledger_account SET granted = granted + 1 WHERE kind = 'budget'"),
    ("two_ends", "UPDATE ledger_transfer SET credit_id = debit_id WHERE kind = 'hold'"),
    ("reserved", "UPDATE checkout_hold SET state = 'cancelled' WHERE key = 'open'"),
    ("paid", "UPDATE checkout_redemption SET paid = paid + 1"),
    ("refunds", "UPDATE checkout_refund SET amount = amount - 1"),
    ("refunds_worked_out", "UPDATE checkout_refund SET amount = amount - 1"),
    ("refunds_worked_out", "UPDATE checkout_refundedunit SET unit = 3"),
    ("balances", "UPDATE coupons_coupon SET balance = 1 WHERE balance IS NOT NULL"),
    (
        "coupons_back",
        "UPDATE checkout_couponuse SET live = (1 = 0) WHERE hold_id IN (SELECT id FROM checkout_hold WHERE key = 'sold')",
    ),
    ("in_its_time", "UPDATE coupons_coupon SET claimed_at = '2027-01-01 00:00:00+00:00' WHERE state = 'redeemed'"),
    ("in_its_time", "UPDATE checkout_hold SET expires_at = '2001-01-01 00:00:00+00:00' WHERE state = 'redeemed'"),
    ("states", "UPDATE checkout_hold SET closed_at = NULL WHERE key = 'cancelled'"),
    ("states", "UPDATE coupons_coupon SET redeemed_at = NULL WHERE state = 'redeemed'"),
    ("states", "UPDATE records_job SET state = 'resting'"),
    ("keys", "UPDATE coupons_coupon SET body = '' WHERE key = 'mei'"),
    ("shares", "UPDATE checkout_hold SET payable = payable - 1 WHERE key = 'cancelled'"),
    ("chains", "UPDATE records_auditentry SET why = 'no reason' WHERE subject_kind = 'group'"),
    ("moves", "UPDATE campaigns_campaign SET state = 'archived' WHERE code = 'spring'"),
    ("moves", "UPDATE records_auditentry SET after = 'rejected' WHERE verb = 'campaigns.create'"),
    ("moves", "UPDATE records_job SET state = 'cancelled'"),
    ("moves", "UPDATE records_auditentry SET after = 'failed' WHERE verb = 'jobs.enqueue'"),
    ("decided", "DELETE FROM review_decision"),
    ("decided", "UPDATE review_review SET asks = 'nobody' WHERE state = 'passed'"),
    ("hold_moves", "UPDATE checkout_hold SET state = 'expired' WHERE key = 'cancelled'"),
    ("hold_moves", "UPDATE records_auditentry SET subject_kind = 'hidden' WHERE verb = 'hold'"),
    ("in_one_order", SOLD_TWICE),
    ("in_one_order", "UPDATE checkout_redemption SET at = '2001-01-01 00:00:00+00:00' WHERE key = 'sold'"),
    ("taken_before_given", "UPDATE ledger_transfer SET amount = amount + 9999 WHERE kind = 'void'"),
    ("owners", "UPDATE checkout_hold SET shopper_id = NULL WHERE key = 'sold'"),
    ("in_window", "UPDATE coupons_coupon SET claimed_at = '2027-01-01 00:00:00+00:00' WHERE key = 'windowed'"),
    ("in_window", "UPDATE checkout_hold SET created_at = '2027-01-01 00:00:00+00:00' WHERE key = 'windowed'"),
    ("claimed_by", "UPDATE coupons_coupon SET channel = 'mini' WHERE key = 'windowed'"),
    ("claimed_by", "UPDATE coupons_coupon SET distribution = 'another' WHERE key = 'windowed'"),
    ("claimed_by", "UPDATE coupons_coupon SET claimed_at = '2025-01-01 00:00:00+00:00' WHERE key = 'windowed'"),
    ("claimed_by", f"UPDATE coupons_coupon SET shopper_id = {MEI} WHERE key = 'windowed'"),
    ("used_by", "UPDATE checkout_redemption SET channel = 'app' WHERE key = 'windowed'"),
    ("as_quoted", "UPDATE checkout_hold SET payable = payable - 1 WHERE key = 'cancelled'"),
    ("marked", "UPDATE offers_offer SET out = (1 = 0) WHERE code = 'c'"),
    ("marked", "UPDATE offers_offer SET sight = 'another' WHERE code = 'c'"),
    ("whole", "UPDATE ledger_account SET unit = 'pounds' WHERE kind = 'budget'"),
    ("told", "UPDATE records_outbox SET kind = 'hidden'"),
    ("audited", "UPDATE records_auditentry SET subject_kind = 'hidden' WHERE subject_kind = 'group'"),
]


@pytest.mark.parametrize(("code", "fault"), FAULTS)
def test_what_is_broken_on_purpose_is_found(code: str, fault: str) -> None:
    run(fault)
    assert code in found()


def test_a_fraction_is_found_wherever_money_is_kept() -> None:
    refunded = Refund.objects.get()
    refunded.answer["owed"] = 0.5
    refunded.save()
    if connection.vendor == "sqlite":  # PostgreSQL has no place for it
        run("UPDATE ledger_transfer SET amount = amount + 0.5 WHERE kind = 'post'")
    assert len(found()["whole"]) == 1 + (connection.vendor == "sqlite")


def test_an_overspent_account_is_found() -> None:
    if connection.vendor == "postgresql":
        run_sql = "ALTER TABLE ledger_account DROP CONSTRAINT account_limit"
        with connection.cursor() as cursor:
            cursor.execute(run_sql)
    try:
        run("UPDATE ledger_account SET spent = granted + 1 WHERE kind = 'budget'")
        assert "never_overspent" in found()
    finally:
        run("UPDATE ledger_account SET spent = 0, held = 0 WHERE kind = 'budget'")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE ledger_account ADD CONSTRAINT account_limit CHECK (NOT limited OR granted >= held + spent)"
                )


def test_a_limit_that_was_exceeded_for_a_while_is_found() -> None:
    """More was spent than granted, and afterwards more was granted: nothing shows it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, granted - spent - held FROM ledger_account WHERE code = 'stock:c'")
        stock, free = cursor.fetchone()
        cursor.execute("SELECT id FROM ledger_account WHERE code LIKE 'used:%' LIMIT 1")
        (used,) = cursor.fetchone()
        for kind, debit, credit in (("spend", stock, used), ("reverse", used, stock)):
            cursor.execute(
                "INSERT INTO ledger_transfer (at, kind, debit_id, credit_id, amount, rows) VALUES (%s, %s, %s, %s, %s, '[]')",
                [str(later(minutes=len(kind))), kind, debit, credit, free + 1],
            )
    assert "never_beyond" in found()
    assert "fold" not in found()


@pytest.mark.parametrize("what", [("offer", "c"), ("campaign", "double-12"), ("all", "")])
def test_what_was_granted_after_a_stop_is_found(what: tuple[str, str]) -> None:
    stop(*what, why="a test", by=SHOP, now=NOW)
    assert "stops" not in found(), "what was claimed before it counts for nothing"
    run("UPDATE offers_stop SET at = '2001-01-01 00:00:00+00:00'")
    problems = found()["stops"]
    assert any("coupon" in problem for problem in problems) and any("hold" in problem for problem in problems)
    run("UPDATE offers_stop SET lifted_at = '2001-01-02 00:00:00+00:00'")
    assert "stops" not in found()


@pytest.mark.parametrize("column", ["shopper_id", "template_id"])
def test_a_coupon_that_names_nobody_is_found(column: str) -> None:
    off, on = (
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
        if connection.vendor == "sqlite"
        else ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            cursor.execute(f"UPDATE coupons_coupon SET {column} = 999999 WHERE key = 'mei'")
        finally:
            cursor.execute(on)
    assert len(found()["named"]) == 1


def test_two_things_of_one_key_are_found() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX coupon_key")
        again = 'CREATE UNIQUE INDEX coupon_key ON coupons_coupon (key_owner, "key") WHERE "key" IS NOT NULL'
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'coupon_key'")
            (again,) = cursor.fetchone()
            cursor.execute("DROP INDEX coupon_key")
    try:
        run("UPDATE coupons_coupon SET key = 'mei' WHERE key = 'tao'")
        assert "keys" in found()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE coupons_coupon SET key = NULL")
            cursor.execute(again)


def test_the_command_answers_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    given = argparse.Namespace(only="fold,stock", json=True)
    assert audit.run(given) == 0
    assert json.loads(capsys.readouterr().out)["broken"] == 0
    run("UPDATE ledger_transfer SET amount = amount + 1 WHERE kind = 'post'")
    assert audit.run(given) == 1
    assert "fold" in capsys.readouterr().out
    assert audit.run(argparse.Namespace(only="luck", json=False)) == 2
