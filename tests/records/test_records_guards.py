"""Keys, jobs, the audit and the outbox: each guard is taken away, and the same case breaks."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from festoon.catalog import actions as catalogue
from festoon.catalog import queries as catalog
from festoon.records import audit, events, jobs, keys
from festoon.records import queries as records
from festoon.records.models import AuditEntry, Job, Key
from festoon.records.viewer import SYSTEM
from tests.checkout.unguarded import without_constraint, without_words
from tests.desk import LIN, NOW
from tests.racing import race
from tests.records.test_audit import note, tamper
from tests.records.test_events import publish, read
from tests.records.test_jobs import Shoppers, taken
from tests.records.test_keys import act

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_cold_verb_is_done_once_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [act(answer=1), act(answer=2)] == [1, 1]
    without_words(monkeypatch, keys.once, "found is None", "True")
    with pytest.raises(IntegrityError):
        act(answer=2)
    with without_constraint(Key, "key_once"):
        assert act(answer=2) == 2
        assert Key.objects.count() == 2


class Overtaken(Shoppers):
    """Its lease ends while it works, and another worker takes the job."""

    def chunk(self, job: Job, now: object) -> jobs.Step:
        found: jobs.Step = super().chunk(job, now)
        records.jobs(SYSTEM).filter(pk=job.pk).update(leased_by="two")
        return found


def test_only_who_has_the_lease_keeps_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.enqueue("take", {}, by=LIN, now=NOW, total=10)
    jobs.run_next({"take": Overtaken()}, worker="one", now=NOW)
    assert taken() == 0
    Job.objects.filter(pk=job.pk).update(leased_by="one")
    without_words(monkeypatch, records.leased, ", leased_by=worker", "")
    jobs.run_next({"take": Overtaken()}, worker="one", now=NOW)
    assert catalog.shoppers(SYSTEM).count() == 3, "two workers keep the same chunk"


class Namesake(Shoppers):
    """Takes one shopper more with each chunk; while it gets ready for the first, another worker of its name is quicker."""

    made, quicker = 0, True

    def prepare(self, job: Job, now: datetime) -> None:
        if self.quicker:
            self.quicker = False
            jobs.run_next({"take": self}, worker="one", now=now)

    def chunk(self, job: Job, now: object) -> jobs.Step:
        self.made += 1
        catalogue.take_shoppers([{"code": f"s-{self.made}"}], by=SYSTEM, now=now, key="")
        return jobs.Step({"done": job.cursor.get("done", 0) + 1}, done=1)


def test_two_workers_of_one_name_do_not_keep_one_chunk_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.enqueue("take", {}, by=LIN, now=NOW, total=10)
    assert jobs.run_next({"take": Namesake()}, worker="one", now=NOW)
    assert taken() == 1
    without_words(monkeypatch, records.leased, "(row.cursor, row.done) == (job.cursor, job.done)", "True")
    again = jobs.enqueue("take", {}, by=LIN, now=NOW, total=10)
    Job.objects.exclude(pk=again.pk).delete()
    handler = Namesake()
    handler.made = 1
    assert jobs.run_next({"take": handler}, worker="one", now=NOW)
    assert taken() == 3, "one chunk, kept twice"


def test_two_workers_do_not_have_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.enqueue("take", {}, by=LIN, now=NOW, total=10)
    assert jobs.run_next({"take": Shoppers()}, worker="one", now=NOW)
    assert not jobs.run_next({"take": Shoppers()}, worker="two", now=NOW + timedelta(seconds=1))
    without_words(monkeypatch, records.next_job, ", lease_until__lt=now", "")
    assert jobs.run_next({"take": Shoppers()}, worker="two", now=NOW + timedelta(seconds=1))


def test_a_row_of_the_audit_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = note()
    tamper("UPDATE records_auditentry SET why = 'because' WHERE id = %s", entry.pk)
    assert audit.walk_all() != []
    without_words(
        monkeypatch, audit.walk, "entry.digest != digest([_plain(entry, column) for column in SEALED])", "False"
    )
    assert audit.walk_all() == []


def test_the_rows_of_the_audit_are_chained(monkeypatch: pytest.MonkeyPatch) -> None:
    first, gone, last = note(), note(), note()
    tamper("DELETE FROM records_auditentry WHERE id = %s", gone.pk)
    sealed = {column: getattr(last, column) for column in audit.SEALED} | {"number": gone.number}
    tamper(
        "UPDATE records_auditentry SET number = %s, digest = %s WHERE id = %s",
        gone.number, audit.sealed(**sealed)["digest"], last.pk,
    )  # fmt: skip
    assert any("does not follow" in problem for problem in audit.walk(first.chain))
    without_words(monkeypatch, audit.walk, "entry.previous != previous", "False")
    assert audit.walk_all() == []


def test_a_place_in_a_chain_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    note()
    monkeypatch.setattr(
        records, "HEAD", SimpleNamespace(row=lambda _: None)
    )  # two writers of one chain, neither sees the other
    with pytest.raises(IntegrityError):
        note()
    with without_constraint(AuditEntry, "audit_chain_number"):
        note()
        assert audit.walk_all() != []


def passed_by(last: int) -> int:
    """A slow writer has the lower number; how many of the two events a reader meets that moves on as it reads."""
    low, high, met = Event(), Event(), Event()

    def run(number: int) -> int:
        if number == 0:
            with transaction.atomic():
                publish("low")
                low.set()
                met.wait(0.5)
            return 0
        if number == 1:
            low.wait(2)
            with transaction.atomic():
                publish("high")
            high.set()
            return 0
        high.wait(2)
        found = events.read_after(last, 100)
        met.set()
        return len(found)

    seen = race(3, run)[2]
    assert isinstance(seen, int)
    return seen


def test_a_reader_of_the_outbox_overtakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: numbers are in order")
    assert passed_by(0) == 2
    last = events.read_after(0, 100)[-1][0]
    monkeypatch.setattr(events, "_writers_ended", nullcontext)
    assert passed_by(last) == 1, "the lower number comes when the reader is past it"
    assert len(read()) == 4
