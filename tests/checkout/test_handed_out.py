"""The invariants of what was handed out: true after work, and each found when broken on purpose."""

import pytest
from django.db import transaction

from festoon.checkout.invariants import every
from festoon.coupons.bulk import issue_many
from festoon.coupons.jobs import BulkIssue
from festoon.coupons.models import Coupon, Issue, PoolCode, Session, Template
from festoon.coupons.pools import take_codes
from festoon.distribution.by_code import claim_by_code
from festoon.ledger import accounts
from festoon.ledger.models import Account
from festoon.records import jobs
from festoon.records.events import publish
from festoon.webhooks import actions
from festoon.webhooks.fan_out import hand_on
from festoon.webhooks.models import Sequence
from tests.checkout import world
from tests.checkout.world import NOW, SHOP

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(small_world):
    hand_out()


def hand_out():
    """A coupon given to a segment, one claimed by a code, one who listens, a session."""
    world.coupon("many", stock=90, type="amount", **{"with": {"off": 500}})
    issue_many("many", {"segment": "gold"}, by=SHOP, now=NOW, key="many-issue")
    handler = BulkIssue()
    while jobs.run_next({"issue": handler}, worker="w", now=NOW):
        pass
    take_codes("many", ["FLYER001"], batch="f", by=SHOP, now=NOW, key="many-codes")
    claim_by_code("FLYER001", "tao", by=SHOP, now=NOW, key="many-code")
    hand_on(NOW)
    actions.subscribe("x", "https://example.com/", by=SHOP, now=NOW)
    with transaction.atomic():
        told = [{"id": "e1", "kind": "x", "at": NOW.isoformat(), "coupon": "a"}]
        publish(at=NOW, kind="x", merchant_id=1, events=told)
    hand_on(NOW)
    account = accounts.open_account("session:many:1", merchant_id=1, kind="session", unit="piece")
    Session.objects.create(template=Template.objects.get(offer__code="many"), starts_at=NOW, stock=account)


def broken():
    return {invariant.code for invariant in every() if invariant.check(NOW).problems}


def test_where_nothing_was_ever_released_nothing_is_found(small_world):
    assert broken() == set()


BREAKS = {
    "issues": lambda: Issue.objects.update(given=5),
    "sessions": lambda: Account.objects.filter(code="session:many:1").update(spent=9, granted=9),
    "pool": lambda: PoolCode.objects.update(coupon=Coupon.objects.filter(origin__startswith="issue").first()),
    "numbers": lambda: Sequence.objects.update(last=7),
}


@pytest.mark.parametrize("code", BREAKS)
def test_each_is_found_when_it_is_broken(code, busy):
    assert broken() == set()
    BREAKS[code]()
    assert code in broken()
