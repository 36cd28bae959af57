"""A coupon template, and coupons put into wallets: numbered, exact, once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from festoon.checkout.invariants import every
from festoon.coupons import actions as coupons
from festoon.coupons import queries
from festoon.distribution import actions as distributions
from festoon.ledger import queries as ledger
from festoon.offers import actions as offers
from festoon.records import parts
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, KeyReused, NotFound
from festoon.records.viewer import SYSTEM
from tests.desk import CHEN, LATER, LIN, NOW, coupon, in_the_app

pytestmark = pytest.mark.django_db(transaction=True)


def released(**more):
    offer = coupons.create(coupon(**more), by=LIN, now=NOW)
    coupons.submit(offer, by=LIN, now=NOW)
    coupons.approve(offer, by=CHEN, now=LATER)
    return offer


def given(offer, *shoppers, key="k", **more):
    return coupons.issue(offer, shoppers, by=LIN, now=LATER, key=key, **more)


def wallets():
    return [(held.shopper.code, held.n) for held in queries.visible(SYSTEM).order_by("shopper__code", "n")]


def test_the_stock_is_put_in_when_the_template_is_released(theme):
    offer = coupons.create(coupon(), by=LIN, now=NOW)
    assert queries.template(LIN, offer.code).stock.granted == 0
    coupons.submit(offer, by=LIN, now=NOW)
    coupons.approve(offer, by=CHEN, now=LATER)
    template = queries.template(LIN, offer.code)
    assert (template.stock.granted, template.per_shopper, template.days_from_claim) == (100, 1, 7)
    assert template.ends_at == datetime(2026, 12, 14, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("term", "field"),
    [
        ({"per_shopper": 1_000_001}, "per_shopper"),
        ({"per_period": {"most": 1_000_001}}, "per_period"),
        ({"per_device": 1_000_001}, "per_device"),
        ({"days_from_claim": 36_501}, "days_from_claim"),
        ({"stock": 10**15 + 1}, "stock"),
        ({"face_value": 10**15 + 1}, "face_value"),
        ({"spend_most": 10**15 + 1}, "spend_most"),
        ({"sessions": [{"start": "2026-12-12T10:00", "stock": 10**15 + 1}]}, "sessions"),
    ],
)
def test_a_number_beyond_all_sense_is_refused_with_its_field_before_anybody_reviews_it(theme, term, field):
    with pytest.raises(Invalid) as refused:
        coupons.create(coupon(**term), by=LIN, now=NOW)
    assert [(each["field"], each["code"]) for each in refused.value.detail["problems"]] == [(field, "out_of_range")]


def test_the_largest_numbers_that_are_taken_are_released_and_given(theme):
    """Fails where a column is too narrow for what its draft may say: the last one who agrees would get the error."""
    offer = released(
        per_shopper=1_000_000, per_period={"most": 1_000_000}, per_device=1_000_000, days_from_claim=36_500,
        stock=10**15, face_value=10**15, spend_most=10**15, spend_per_day=10**15,
    )  # fmt: skip
    assert given(offer, "mei").taken == 1
    assert queries.visible(SYSTEM).get().expires_at == datetime(2126, 11, 16, 16, 0, tzinfo=UTC)


def test_a_later_release_puts_in_what_is_lacking(theme):
    offer = released()
    more = coupon(stock=150, per_shopper=2, per_period={"most": 1, "each": "week"}, per_device=3)
    edited = coupons.edit(offer, more, by=LIN, now=LATER)
    assert queries.template(LIN, offer.code).stock.granted == 100, "a draft changes nothing"
    coupons.submit(edited, by=LIN, now=LATER)
    coupons.approve(edited, by=CHEN, now=LATER)
    template = queries.template(LIN, offer.code)
    assert (template.stock.granted, template.per_shopper) == (150, 2)
    assert (template.period_most, template.period_each, template.per_device) == (1, "week", 3)
    assert (template.period_zone, template.limits_since) == ("Asia/Shanghai", LATER)


def again(offer, *, now=LATER, **more):
    """The next release of the coupon."""
    edited = coupons.edit(offers.queries.offer(LIN, offer.code), coupon(**more), by=LIN, now=now)
    coupons.submit(edited, by=LIN, now=now)
    coupons.approve(edited, by=CHEN, now=now)
    return queries.template(LIN, offer.code).stock


def test_a_stock_without_limit_gets_one_by_a_later_release(theme):
    """Fails with a 500 when the limit is set before the stock is put in, or below what is gone."""
    offer = released(stock=None, per_shopper=9)
    assert given(offer, "mei", "tao", "rui").taken == 3
    with pytest.raises(Conflict, match="lower") as raised:
        again(offer, stock=2, per_shopper=9)
    assert raised.value.field == "stock"
    coupons.withdraw(offers.queries.offer(LIN, offer.code), by=LIN, now=LATER)
    stock = again(offer, stock=4, per_shopper=9, now=LATER + timedelta(hours=1))
    assert (stock.granted, stock.spent, stock.limited) == (4, 3, True)
    with pytest.raises(Conflict, match="sold_out"):
        given(offer, "mei", "tao", key="k2")
    assert [one.code for one in every() if one.check(LATER).problems] == []


def test_coupons_are_issued_exactly_and_numbered(theme):
    offer = released(per_shopper=2)
    batch = given(offer, "mei", "tao", "mei", "mei", "nobody")
    assert (batch.taken, [(row.index, row.code) for row in batch.refused]) == (
        3,
        [(3, "limit_reached"), (4, "unknown")],
    )
    assert wallets() == [("mei", 1), ("mei", 2), ("tao", 1)]
    stock = queries.template(LIN, offer.code).stock
    assert (stock.granted, stock.spent) == (100, 3)
    (held,) = queries.wallet(SYSTEM, "tao")
    assert held.expires_at == datetime(2026, 12, 17, 16, 0, tzinfo=UTC), "seven whole days after the day of issue"
    assert (len(held.code), held.origin) == (18, "issue")


def test_the_same_key_gives_nothing_again(theme):
    offer = released(per_shopper=9)
    first = given(offer, "mei")
    assert given(offer, "mei") == first
    assert wallets() == [("mei", 1)]
    given(offer, "mei", key="another")
    assert wallets() == [("mei", 1), ("mei", 2)]
    with pytest.raises(KeyReused):
        given(offer, "tao")


def test_more_than_there_are_gives_nobody_any(theme):
    offer = released(stock=2)
    with pytest.raises(Conflict, match="sold_out"):
        given(offer, "mei", "tao", "rui")
    assert wallets() == []
    assert given(offer, "mei", "tao").taken == 2


def test_of_issues_at_once_no_more_are_given_than_there_are(theme):
    """Fails when the stock is looked at before it is taken from, or when numbers are read without waiting."""
    offer = released(stock=5, per_shopper=9)
    start, said = threading.Barrier(4), []

    def run(number):
        start.wait()
        try:
            said.append(given(offer, "mei", "tao", key=f"k{number}").taken)
        except Conflict as conflict:
            said.append(conflict.code)
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [2, 2, "sold_out", "sold_out"]
    assert wallets() == [("mei", 1), ("mei", 2), ("tao", 1), ("tao", 2)]


def test_a_draft_and_a_stopped_and_a_recalled_coupon_give_nothing(theme):
    offer = coupons.create(coupon(), by=LIN, now=NOW)
    with pytest.raises(Conflict, match="recalled"):
        given(offer, "mei")
    coupons.submit(offer, by=LIN, now=NOW)
    coupons.approve(offer, by=CHEN, now=LATER)
    offers.stop("campaign", "double-12", why="a wrong price", by=CHEN, now=LATER)
    with pytest.raises(Conflict, match="stopped"):
        given(offer, "mei")
    offers.lift("campaign", "double-12", by=CHEN, now=LATER)
    assert given(offer, "mei").taken == 1
    offers.recall("offer", offer.code, why="over", by=CHEN, now=LATER)
    with pytest.raises(Conflict, match="recalled"):
        given(offer, "tao", key="k2")


def test_a_stop_waits_for_what_is_being_issued_and_nothing_is_issued_after_it(theme):
    """Fails on PostgreSQL when an issue does not hold the book still."""
    offer, stopped = released(), []

    def stop():
        stopped.append(offers.stop("offer", offer.code, why="a wrong price", by=CHEN, now=LATER))
        connection.close()

    stopping = threading.Thread(target=stop)
    with transaction.atomic():
        given(offer, "mei")
        stopping.start()
        stopping.join(0.5)
        assert stopped == []
    stopping.join()
    assert len(stopped) == 1
    with pytest.raises(Conflict, match="stopped"):
        given(offer, "tao", key="k2")


def test_a_distribution_says_whom_it_reaches(theme):
    offer = released()
    app = distributions.create(in_the_app(segments=["gold"], buyers=["tao"]), by=LIN, now=NOW)
    with pytest.raises(NotFound):
        given(offer, "mei", distribution=app.code)
    distributions.submit(app, by=LIN, now=NOW)
    distributions.approve(app, by=CHEN, now=LATER)
    batch = given(offer, "mei", "tao", "rui", distribution=app.code)
    assert (batch.taken, [(row.index, row.code) for row in batch.refused]) == (2, [(2, "not_for_you")])
    assert {held.distribution for held in queries.visible(SYSTEM)} == {"d12-app"}


def test_accounts_are_locked_in_one_order_however_many_there_are(theme, monkeypatch):
    monkeypatch.setattr(ledger, "in_parts", lambda codes: parts.in_parts(codes, 1))
    for code in ("b", "c", "a"):
        coupons.create(coupon(code), by=LIN, now=NOW)
    with transaction.atomic():
        found = ledger.locked(SYSTEM, ["stock:c", "stock:a", "stock:b"])
    assert [account.code for account in found] == ["stock:a", "stock:b", "stock:c"]


def test_each_issue_is_one_audit_row_and_one_event_a_coupon(theme):
    offer = released()
    given(offer, "mei", "tao")
    assert records.visible(SYSTEM).filter(verb="coupons.issue").count() == 1
    (row,) = records.outbox(SYSTEM).filter(kind="coupon.issued")
    assert row.count == 2


def test_only_who_may_issue_issues_and_only_its_own(theme, stranger):
    offer = released()
    with pytest.raises(Forbidden):
        coupons.issue(offer, ["mei"], by=CHEN, now=LATER, key="k")
    allowed = type(stranger)(stranger.name, stranger.merchant_id, stranger.rights | {"coupons.issue"})
    with pytest.raises(NotFound):
        coupons.issue(offer, ["mei"], by=allowed, now=LATER, key="k")
