"""A limit that was changed by a later version: what was given before it is judged by what was in force then."""

from datetime import timedelta

import pytest

from festoon.base.words import Words
from festoon.checkout.invariants import every
from festoon.coupons import actions as coupons
from festoon.coupons.issuing import issue
from festoon.coupons.models import Coupon
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.models import Transfer
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM, Viewer
from tests.desk import CHEN, LATER, LIN, NOW, coupon, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
APP = Viewer("key:app", 1, frozenset({"*"}), channel="app")
GONE = Conflict("gone", Words(en="Gone.", zh="已领完。"))


def hours(n: int):
    return LATER + timedelta(hours=n)


def agree(room, offer, at):
    room.submit(offer, by=LIN, now=at)
    room.approve(offer, by=CHEN, now=at)


def version(at, **terms):
    """The coupon's next version, agreed on at that moment."""
    found = offers.own(SYSTEM).filter(code="d12-shop-30").first()
    made = coupons.edit(found, coupon(**terms), by=LIN, now=at) if found else coupons.create(coupon(**terms), by=LIN, now=NOW)  # fmt: skip
    agree(coupons, made, at)
    return made


def claimed(shopper, key, at):
    return claim("d12-shop-30", shopper, by=APP, now=at, key=key).coupon


def forged(like, at):
    """One more of it, that no claim was asked for."""
    row = Coupon.objects.get(pk=like)
    row.pk, row.n, row.code, row.key, row.claimed_at = f"forged-{at:%H}", row.n + 9, None, None, at
    row.save(force_insert=True)


def found(code):
    [invariant] = [each for each in every() if each.code == code]
    return list(invariant.check(hours(9)).problems)


def test_who_claimed_three_of_three_is_right_when_one_is_allowed_since(theme):
    version(hours(0), per_shopper=3)
    for n in range(3):
        last = claimed("mei", f"k{n}", hours(1))
    version(hours(2), per_shopper=1)
    with pytest.raises(Conflict, match="limit_reached"):
        claimed("mei", "more", hours(3))
    claimed("tao", "t", hours(3))
    assert found("per_shopper") == []
    forged(last, hours(4))
    assert found("per_shopper") == ["mei got 4 of d12-shop-30 by 2026-12-10T09:00:00+00:00, 1 were allowed then"]


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_given_counts_like_what_was_claimed(theme, changed):
    """For who was given as many as one may have can claim none, and the other way round."""
    version(hours(0), per_shopper=2)
    last = claimed("mei", "k", hours(1))
    given = issue(offers.offer(SYSTEM, "d12-shop-30"), ["mei", "mei"], by=SYSTEM, now=hours(1), key="i")
    assert (given.taken, [row.code for row in given.refused]) == (1, ["limit_reached"])
    with pytest.raises(Conflict, match="limit_reached"):
        claimed("mei", "more", hours(1))
    if changed:
        version(hours(2), per_shopper=1)
    assert found("per_shopper") == []
    forged(last, hours(1))
    assert len(found("per_shopper")) == 1


@pytest.mark.parametrize(("first", "then", "at"), [(3, 1, 4), (1, 3, 1), (2, 9, 1)])
def test_one_too_many_is_found_before_the_change_and_after_it(theme, first, then, at):
    """Also where the limit of today would allow it."""
    version(hours(0), per_shopper=first)
    for n in range(min(first, 2)):
        last = claimed("mei", f"k{n}", hours(1))
    version(hours(2), per_shopper=then)
    assert found("per_shopper") == []
    forged(last, hours(at))
    assert len(found("per_shopper")) == 1


def test_at_the_moment_of_the_change_either_limit_may_have_been_in_force(theme):
    version(hours(0), per_shopper=1)
    last = claimed("mei", "k", hours(1))
    version(hours(2), per_shopper=2)
    forged(last, hours(2) - timedelta(seconds=59))
    assert found("per_shopper") == []
    Coupon.objects.filter(n=10).update(claimed_at=hours(2) - timedelta(seconds=61))
    assert len(found("per_shopper")) == 1


def transferred(code, at, amount):
    """Taken from an account past every action, and given back a second later: nothing shows it now."""
    account, used = ledger.account(SYSTEM, code), ledger.account(SYSTEM, "used:piece")
    Transfer.objects.create(at=at, kind="spend", debit=account, credit=used, amount=amount)
    Transfer.objects.create(
        at=at + timedelta(seconds=1), kind="reverse", debit=used, credit=account, amount=amount
    )  # fmt: skip


@pytest.mark.parametrize("before", [[None], [2, None], [None, None]])
def test_what_was_given_without_limit_is_not_beyond_the_limit_that_came_later(theme, before):
    for n, stock in enumerate(before):
        version(hours(n), stock=stock)
    for shopper in ("mei", "tao", "rui"):
        claimed(shopper, shopper, hours(3))
    version(hours(4), stock=4)
    assert (found("never_beyond"), found("stock")) == ([], [])
    transferred("stock:d12-shop-30", hours(5), 2)
    assert found("never_beyond") == ["stock:d12-shop-30 was 1 beyond its limit at 2026-12-10T10:00:00+00:00"]


def test_what_was_taken_beyond_a_limit_is_found_although_there_was_none_for_a_while_afterwards(theme):
    version(hours(0), stock=3)
    transferred("stock:d12-shop-30", hours(1), 4)
    version(hours(2), stock=None)
    version(hours(3), stock=4)
    assert len(found("never_beyond")) == 1


def test_the_pieces_of_a_promotion_are_judged_likewise(theme):
    offer = promotions.create(spend_and_save(units=2), by=LIN, now=NOW)
    agree(promotions, offer, hours(0))
    for at, units, taken in ((1, None, 3), (3, 4, 1)):
        agree(promotions, promotions.edit(offer, spend_and_save(units=units), by=LIN, now=hours(at)), hours(at))
        accounts.take(ledger.account(SYSTEM, accounts.units(offer.code)), taken, at=hours(at + 1), refuse=GONE)
    assert found("never_beyond") == []
    transferred(accounts.units(offer.code), hours(5), 1)
    assert len(found("never_beyond")) == 1
