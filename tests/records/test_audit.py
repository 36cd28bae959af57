"""The audit: chained, so that nothing is changed or left out unseen."""

import threading

import pytest
from django.db import connection, transaction

from festoon.records import audit, queries
from festoon.records.models import AuditEntry
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW

pytestmark = pytest.mark.django_db(transaction=True)


def note(subject="x"):
    with transaction.atomic():
        return audit.record(by=LIN, at=NOW, verb="test.note", kind="thing", subject=subject, rows={"n": 1, "zh": "灯"})


def tamper(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_each_row_follows_from_the_one_before():
    first, second = note(), note()
    assert (first.chain, second.number, second.previous) == (second.chain, first.number + 1, first.digest)
    assert audit.walk(first.chain) == []


def test_what_is_rolled_back_leaves_no_gap():
    first = note()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note("lost")
        raise ZeroDivisionError
    assert note().number == first.number + 1
    assert audit.walk_all() == []


def test_a_changed_row_is_seen():
    entry = note()
    note()
    tamper("UPDATE records_auditentry SET why = 'because' WHERE id = %s", entry.pk)
    assert audit.walk(entry.chain) == [f"{entry.chain}: row {entry.number} was changed after it was written"]


def test_a_row_taken_out_is_seen():
    first, gone = note(), note()
    note()
    tamper("DELETE FROM records_auditentry WHERE id = %s", gone.pk)
    assert any("does not follow" in problem for problem in audit.walk(first.chain))


def test_a_chain_cut_short_is_seen_once_its_head_was_bound():
    note()
    last = note()
    with transaction.atomic():
        bound = audit.bind(by=SYSTEM, at=NOW)
    assert bound.rows[last.chain] == [last.number, last.digest]
    assert audit.walk_all() == []
    tamper(
        "DELETE FROM records_auditentry WHERE number >= %s AND chain = %s AND verb <> 'audit.bind'",
        last.number,
        last.chain,
    )
    assert any("is gone or changed" in problem for problem in audit.walk_all())


def test_every_connection_has_a_chain_of_its_own():
    mine, theirs = note(), []

    def other():
        theirs.append(note())
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert theirs[0].chain != mine.chain
    assert audit.walk_all() == []


def test_a_merchant_sees_only_what_is_its_own(ye):
    with transaction.atomic():
        audit.record(by=LIN, at=NOW, verb="test.note", kind="thing", subject="y", merchant_id=ye.merchant_id)
    assert [entry.subject for entry in queries.visible(ye)] == ["y"]
    assert AuditEntry.objects.count() > 1
