"""The audit as a job: each invariant's last check is kept, and what is broken shows."""

from datetime import timedelta

import pytest

from festoon.checkout import auditing
from festoon.checkout.invariants import every
from festoon.ledger.models import Account
from festoon.records import jobs, queries
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP

pytestmark = pytest.mark.django_db


def work(now=NOW):
    handler = auditing.Audit()
    while jobs.run_next({"audit": handler}, worker="w", now=now):
        pass


def test_every_invariant_is_checked_and_its_last_check_is_kept():
    world.coupon("c", stock=5, type="amount", **{"with": {"off": 500}})
    job = auditing.ask(by=SHOP, now=NOW)
    assert auditing.ask(by=SHOP, now=NOW).pk == job.pk, "asked for twice, it is done once"
    work()
    last = queries.last_checked(SYSTEM)
    assert set(last) == {invariant.code for invariant in every()}
    assert all(row.problems == [] and row.at == NOW for row in last.values())
    assert last["stock"].cases == 1
    assert queries.last_checked(Viewer("person:ye", 2, frozenset({"*"}))) == {}


def test_what_is_broken_is_kept_told_and_mended_at_the_next_check():
    world.coupon("c", stock=5, type="amount", **{"with": {"off": 500}})
    Account.objects.filter(code="stock:c").update(spent=2)
    auditing.ask(by=SHOP, now=NOW)
    work()
    assert len(queries.last_checked(SYSTEM)["stock"].problems) == 1
    assert queries.history(SYSTEM, "invariant", "stock").get().after == "broken"
    Account.objects.filter(code="stock:c").update(spent=0)
    auditing.daily(NOW + timedelta(hours=23))
    assert queries.jobs(SYSTEM).count() == 1, "not a day ago"
    auditing.daily(NOW + timedelta(hours=25))
    work(NOW + timedelta(hours=25))
    assert queries.last_checked(SYSTEM)["stock"].problems == []
    assert queries.checked(SYSTEM).filter(invariant="stock").count() == 2
