"""Issuing to many: exactly what was ordered, to whom it was ordered, whatever falls on the way."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from festoon.catalog.models import Shopper
from festoon.checkout.invariants import every
from festoon.coupons import giving
from festoon.coupons import queries as coupons
from festoon.coupons.bulk import issue_many
from festoon.coupons.codes import OPENING
from festoon.coupons.issuing import issue
from festoon.coupons.jobs import BulkIssue
from festoon.coupons.models import Template
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.offers.actions import lift, recall, stop
from festoon.offers.models import Offer
from festoon.offers.releases import moved
from festoon.records import events, jobs
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, KeyReused, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
AMOUNT = {"type": "amount", "with": {"off": 500}}
TOWN = [f"town-{n:03}" for n in range(40)]


def order(audience, *, key="k", offer="c", **more):
    return issue_many(offer, audience, by=SHOP, now=NOW, key=key, **more)


def work(handler=None, *, now=NOW, size=7):
    """Everything in the queue, in chunks of at most `size`; how many chunks it took."""
    handler, chunks = handler or BulkIssue(), 0
    while True:
        handler.pace.size = size
        if not jobs.run_next({"issue": handler}, worker="w", now=now):
            return chunks
        chunks += 1


def holders(offer="c"):
    rows = coupons.visible(SYSTEM).filter(template__offer__code=offer)
    return Counter(rows.values_list("shopper__code", flat=True))


def job():
    return records.jobs(SYSTEM).first()


def broken():
    return [invariant.code for invariant in every() if invariant.check(NOW).problems]


def test_a_list_gets_exactly_what_was_ordered_and_the_rest_is_listed():
    world.coupon("c", stock=100, per_shopper=2, **AMOUNT)
    claim("c", "town-001", by=SHOP, now=NOW, key="before")
    made = order({"shoppers": [*TOWN[:30], "nobody", "town-001", "town-002"]})
    work()
    made.refresh_from_db()
    assert (made.given, made.refused, job().state) == (31, 2, "finished")
    assert holders() == Counter({**dict.fromkeys(TOWN[:30], 1), "town-001": 2, "town-002": 2})
    assert {(row.shopper, row.reason) for row in made.refusals.all()} == {
        ("nobody", "unknown"), ("town-001", "limit_reached"),
    }  # fmt: skip
    assert accounts.balance("stock:c") == 100 - 32
    assert broken() == []


def test_a_segment_and_a_query_reach_whom_they_say():
    world.coupon("c", stock=100, **AMOUNT)
    world.coupon("d", stock=100, **AMOUNT)
    Shopper.objects.filter(code__in=["tao", "town-005"]).update(level="silver", orders_placed=3)
    order({"segment": "gold"})
    order({"query": {"levels": ["silver"], "orders_at_least": 2}}, key="k2", offer="d")
    work()
    assert (holders("c"), holders("d")) == (Counter({"mei": 1}), Counter({"tao": 1, "town-005": 1}))


def test_each_chunk_leaves_one_audit_row_and_one_outbox_row_with_an_event_for_each_coupon():
    world.coupon("c", stock=100, **AMOUNT)
    order({"shoppers": TOWN})
    work(size=15)
    told = [batch for _, batch in events.read_after(0, 100) if batch[0]["kind"] == "coupon.issued"]
    assert [len(batch) for batch in told] == [15, 15, 10]
    ids = set(coupons.visible(SYSTEM).values_list("id", flat=True))
    assert {event["coupon"] for batch in told for event in batch} == ids
    audited = records.history(SYSTEM, "coupon", "c").filter(verb="coupons.issue")
    assert [row.rows["issued"] for row in audited] == [15, 15, 10]
    codes = coupons.visible(SYSTEM).values_list("code", flat=True)
    assert (len(codes), len({code[:OPENING] for code in codes})) == (40, 3), "a chunk's codes lie together"


def test_the_same_key_orders_once_and_another_body_is_refused():
    world.coupon("c", stock=100, **AMOUNT)
    first = order({"segment": "gold"})
    assert order({"segment": "gold"}).pk == first.pk
    with pytest.raises(KeyReused):
        order({"segment": "gold"}, each=2)
    work()
    assert holders() == Counter({"mei": 1})


class Falls(BulkIssue):
    """Fails after the rows of each chunk were written, as often as it is told."""

    def __init__(self, falls):
        super().__init__()
        self.falls = falls

    def chunk(self, job, now):
        step = super().chunk(job, now)
        if self.falls:
            self.falls -= 1
            raise OSError("the disk is gone")
        return step


def test_a_chunk_that_fails_leaves_nothing_and_comes_again():
    world.coupon("c", stock=100, **AMOUNT)
    order({"shoppers": TOWN})
    now, handler = NOW, Falls(3)
    for _ in range(40):
        work(handler, now=now)
        now += timedelta(minutes=1)
    assert (holders(), job().state) == (Counter(TOWN), "finished")
    assert coupons.issues(SYSTEM).get().given == 40
    assert broken() == []


class Overtaken(BulkIssue):
    """Something comes between the first chunk being made ready and its being written."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile, self.met = meanwhile, False

    def prepare(self, job, now):
        super().prepare(job, now)
        if job.cursor.get("phase") == "give" and not self.met:
            self.met = True
            self.meanwhile()


def test_a_claim_that_takes_the_number_meanwhile_makes_the_chunk_come_again():
    world.coupon("c", stock=100, per_shopper=2, **AMOUNT)

    order({"shoppers": TOWN[:10]})
    handler = Overtaken(lambda: claim("c", "town-003", by=SHOP, now=NOW, key="between"))
    work(handler)
    work(handler, now=NOW + timedelta(seconds=2))
    assert holders() == Counter({**dict.fromkeys(TOWN[:10], 1), "town-003": 2})
    assert broken() == []


@pytest.mark.parametrize(("change", "had"), [("recalled", {"town-001": 1}), ("one each", dict.fromkeys(TOWN[:3], 1))])
def test_what_is_agreed_on_otherwise_meanwhile_binds_the_chunk_that_was_prepared(change, had):
    """Fails when it gives what was looked up before the recall of its distribution, or another limit, was committed."""
    world.coupon("c", stock=100, per_shopper=2, **AMOUNT)
    world.distribution("d", buyers=TOWN[:3])
    claim("c", "town-001", by=SHOP, now=NOW, key="before")
    changes = {
        "recalled": lambda: recall("distribution", "d", why="a test", by=SYSTEM, now=NOW),
        "one each": lambda: Template.objects.update(per_shopper=1),
    }

    order({"shoppers": TOWN[:3]}, distribution="d")
    handler = Overtaken(changes[change])
    work(handler)
    work(handler, now=NOW + timedelta(seconds=2))
    assert (handler.met, holders()) == (True, Counter(had))
    assert broken() == []


def test_two_workers_of_one_name_give_each_their_coupons_once():
    """Two containers of one network may both be process 1 of one host."""
    world.coupon("c", stock=100, per_shopper=2, **AMOUNT)

    class Namesake(BulkIssue):
        met = 0

        def prepare(self, job, now):
            super().prepare(job, now)
            if job.cursor.get("phase") == "give":
                self.met += 1
                other = BulkIssue()
                other.pace.size = 7
                jobs.run_next({"issue": other}, worker="w", now=now)

    order({"shoppers": TOWN})
    handler = Namesake()
    work(handler)
    assert (holders(), job().state) == (Counter(TOWN), "finished")
    assert handler.met >= 3
    assert coupons.issues(SYSTEM).get().given == 40
    assert broken() == []


def test_a_stop_ends_it_at_the_next_chunk_and_it_goes_on_when_the_stop_is_lifted():
    world.coupon("c", stock=100, **AMOUNT)
    order({"shoppers": TOWN})
    handler = BulkIssue()
    for _ in range(4):
        handler.pace.size = 7
        jobs.run_next({"issue": handler}, worker="w", now=NOW)
    before = sum(holders().values())
    stop("offer", "c", why="a test", by=SYSTEM, now=NOW)
    now = NOW
    for _ in range(8):
        work(now=now)
        now += timedelta(minutes=11)
    assert (job().state, sum(holders().values()), 0 < before < 40) == ("failed", before, True)
    assert "stopped" in job().error
    lift("offer", "c", by=SYSTEM, now=now)
    jobs.resume(job().pk, by=SHOP, now=now)
    work(now=now)
    assert (job().state, holders()) == ("finished", Counter(TOWN))


def test_the_stock_is_taken_before_a_coupon_is_written_as_claims_do_it(monkeypatch):
    """In the other order, on PostgreSQL, a claim of a shopper of the chunk and the chunk wait for each other."""
    world.coupon("c", stock=100, **AMOUNT)
    left = []
    reached = lambda point: left.append(accounts.balance("stock:c")) if point == "issue.poured" else None  # noqa: E731
    monkeypatch.setattr(giving, "crash_point", reached)
    order({"shoppers": TOWN[:7]})
    work()
    assert left == [93]


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_a_recall_that_makes_up_for_it_waits_for_issues_of_that_coupon_in_one_order():
    """A recall has the book and orders another coupon, while that coupon is being issued."""
    world.coupon("c", stock=100, **AMOUNT)
    with an_issue_that_waits() as told:
        order({"shoppers": ["mei"]})
    assert [batch.taken for batch in told] == [1]


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_a_limit_that_is_lowered_while_an_issue_waits_for_the_book_binds_it():
    world.coupon("c", stock=100, per_shopper=2, **AMOUNT)
    claim("c", "tao", by=SHOP, now=NOW, key="before")
    with an_issue_that_waits() as told:
        Template.objects.update(per_shopper=1)
    assert [batch.taken for batch in told] == [0]


@contextmanager
def an_issue_that_waits():
    """Who has the book while an issue to tao waits for it; afterwards, what became of the issue."""
    told = []

    def meanwhile():
        told.extend(race(1, lambda _: issue(Offer(code="c"), ["tao"], by=SHOP, now=NOW, key="one")))

    issuer = threading.Thread(target=meanwhile)
    with transaction.atomic():
        moved()
        issuer.start()
        while not waits():
            time.sleep(0.01)
        yield told
    issuer.join()


def waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()


def test_every_way_of_giving_ends_by_the_calendar_that_was_agreed_on():
    """Not by that of the draft, on which somebody is at work."""
    made = world.coupon("c", stock=100, per_shopper=3, window={"zone": "Asia/Shanghai"}, **AMOUNT)
    Offer.objects.filter(pk=made.pk).update(draft={**made.draft, "window": {"zone": "America/New_York"}})
    claimed = claim("c", "mei", by=SHOP, now=NOW, key="k").expires_at
    issue(made, ["mei"], by=SHOP, now=NOW, key="one")
    order({"shoppers": ["mei"]})
    work()
    ends = coupons.visible(SYSTEM).order_by("n").values_list("expires_at", flat=True)
    assert list(ends) == [claimed] * 3


def test_it_is_refused_before_anything_is_written():
    world.coupon("c", stock=10, **AMOUNT)
    for given, error, field in (
        ({"audience": {}}, Invalid, "audience"),
        ({"audience": {"shoppers": []}}, Invalid, "audience.shoppers"),
        ({"audience": {"shoppers": "mei"}}, Invalid, "audience.shoppers"),
        ({"audience": {"segment": "nobody"}}, Invalid, "audience"),
        ({"audience": {"query": {"colour": 1}}}, Invalid, "audience.query"),
        ({"audience": {"query": {"orders_at_least": True}}}, Invalid, "audience.query.orders_at_least"),
        ({"audience": {"holders": {"offer": "c", "before": 1, "at": "2026-12-12"}}}, Invalid, "audience.holders.since"),
        ({"audience": {"holders": {"offer": "c", "since": 0, "at": "2026-12-12"}}}, Invalid, "audience.holders.before"),
        ({"audience": {"segment": "gold"}, "each": 0}, Invalid, "each"),
        ({"audience": {"segment": "gold"}, "offer": "nothing"}, NotFound, "offer"),
        ({"audience": {"shoppers": TOWN}}, Conflict, "audience"),
    ):
        with pytest.raises(error) as refused:
            order(**given)
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        issue_many("c", {"segment": "gold"}, by=Viewer("key:x", 1, frozenset()), now=NOW, key="k")
    assert (coupons.issues(SYSTEM).count(), records.jobs(SYSTEM).count()) == (0, 0)
