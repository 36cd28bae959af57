"""Pools: codes of a template that wait for who takes them, made here for flyers or brought by a third party."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.coupons import elsewhere, queries
from festoon.coupons.codes import new_codes, normal
from festoon.coupons.issuing import released
from festoon.coupons.models import PoolCode
from festoon.records import jobs, keys
from festoon.records import queries as records
from festoon.records.audit import record
from festoon.records.batch import Batch, RefusedRow
from festoon.records.canonical import digest
from festoon.records.jobs import Step
from festoon.records.models import Job
from festoon.records.pace import Pace
from festoon.records.refusal import Invalid
from festoon.records.tables import pour, wait_for
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer

KIND = "codes"
TAKE, MAKE = "coupons.take_codes", "coupons.make_codes"
LONGEST, BATCH_NAME, MOST_ROWS, MOST_MADE = 32, 64, 10_000, 100_000_000
_LOCK = 0x706F_6F6C_0000_0000
NOT_TEXT = Words(en="A code is 4 to 32 letters and digits.", zh="券码为 4 至 32 位字母或数字。")
TWICE = Words(en="This code came before in the same batch.", zh="同一批中已有此券码。")
THERE = Words(en="This code is here already.", zh="此券码已存在。")
NAME = Words(en=f"A name of 1 to {BATCH_NAME} signs.", zh=f"名称为 1 至 {BATCH_NAME} 个字符。")
MANY = Words(en=f"Between 1 and {MOST_MADE:,}.", zh=f"1 至 {MOST_MADE:,}。")
ROWS = Words(en=f"1 to {MOST_ROWS:,} rows at a time.", zh=f"每次 1 至 {MOST_ROWS:,} 行。")


def take_codes(offer: str, rows: Sequence[str], *, batch: str, by: Viewer, now: datetime, key: str) -> Batch:
    """Take codes of others into the pool of a released template: one transaction, one audit row, refusals by row.

    A code is compared as people type it (capitals, no spaces and dashes). Refused rows: `not_text`, `twice` in this
    batch, `there` already, `taken` by another merchant. The same key answers the same; with another key the rows are
    `there`, and none is doubled. Half-way nothing is taken. Raises Invalid, NotFound, Conflict `recalled` or `stopped`,
    and `too_many_taken`, which names no row: more codes of other merchants than one may learn of in a day.
    """
    by.require("coupons.issue")
    _check_name(batch)
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Invalid("wrong_length", ROWS, field="rows")
    body = [offer, batch, digest(list(rows))]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=TAKE, body=body):
            return Batch.of(before.answer)
        template = released(by, offer)
        wait_for(_LOCK)  # two imports follow one another, so the second sees what the first took
        left = elsewhere.left(by, now)
        refused: list[RefusedRow] = []
        taken = _new(rows, refused, by)
        others = sum(row.code == "taken" for row in refused)
        elsewhere.count(by, min(others, left), now)
        kept = others <= left
        answer = Batch(len(taken) if kept else 0, refused)
        if answer.taken:
            pour(PoolCode, {"template": template.pk, "batch": batch, "coupon": None}, {"code": taken})
        if kept:
            keys.remember(by=by, key=key, verb=TAKE, body=body, answer=answer.to_data(), now=now)
        record(
            by=by, at=now, verb=TAKE, kind="coupon", subject=offer, key=key, merchant_id=template.offer.merchant_id,
            rows={"batch": batch, "taken": answer.taken, "refused": len(refused)}, why="" if kept else "too_many_taken",
        )  # fmt: skip
    if not kept:
        raise elsewhere.too_many()  # only now: that it was asked is kept
    return answer


def make_codes(offer: str, count: int, *, batch: str, by: Viewer, now: datetime, key: str) -> Job:
    """Order so many new codes for the pool of a released template; a job makes them, in chunks that resume exactly.

    The same key orders once and answers the same job.
    """
    by.require("coupons.issue")
    _check_name(batch)
    if not 1 <= count <= MOST_MADE:
        raise Invalid("out_of_range", MANY, field="count")
    body = [offer, count, batch]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=MAKE, body=body):
            return _job(before.answer["job"])
        template = released(by, offer)
        args = {"template": template.pk, "offer": offer, "batch": batch, "count": count}
        job = jobs.enqueue(KIND, args, by=SYSTEM, now=now, total=count)
        keys.remember(by=by, key=key, verb=MAKE, body=body, answer={"job": job.pk}, now=now)
        record(
            by=by, at=now, verb=MAKE, kind="coupon", subject=offer, key=key, merchant_id=template.offer.merchant_id,
            rows={"batch": batch, "count": count, "job": job.pk},
        )  # fmt: skip
    return job


class MakeCodes:
    """Knows the job `codes`: a chunk is so many new codes, which commit with the cursor and one audit row."""

    def __init__(self) -> None:
        self.pace = Pace.here()
        self._codes: list[str] = []

    def prepare(self, job: Job, now: datetime) -> None:
        """Make the codes of the next chunk."""
        self._codes = new_codes(min(self.pace.size, job.args["count"] - job.cursor.get("made", 0)))

    def chunk(self, job: Job, now: datetime) -> Step:
        """Write them. A code that was there already, once in many lives, makes the chunk come again with others."""
        args, made = job.args, job.cursor.get("made", 0) + len(self._codes)
        pour(PoolCode, {"template": args["template"], "batch": args["batch"], "coupon": None}, {"code": self._codes})
        by = Viewer(f"job:{job.pk}", PLATFORM, SYSTEM.rights)
        rows = {"batch": args["batch"], "made": len(self._codes)}
        record(by=by, at=now, verb=MAKE, kind="coupon", subject=args["offer"], rows=rows)
        note = f"{args['offer']} · {args['batch']}: {made:,}"
        return Step({"made": made}, done=made, total=args["count"], finished=made == args["count"], note=note)


def _new(rows: Sequence[str], refused: list[RefusedRow], by: Viewer) -> list[str]:
    """The codes that can be taken; the others go to `refused` with their row."""
    codes = [normal(row) if isinstance(row, str) else "" for row in rows]
    well = [code.isascii() and code.isalnum() and 4 <= len(code) <= LONGEST for code in codes]
    asked = [code for code, fine in zip(codes, well, strict=True) if fine]
    whose = catalog.found(queries.pool(SYSTEM), "code", asked, "template__offer__merchant_id")
    whose |= catalog.found(queries.visible(SYSTEM), "code", asked, "merchant_id")
    taken: dict[str, None] = {}
    for index, (code, fine) in enumerate(zip(codes, well, strict=True)):
        if not fine:
            refused.append(RefusedRow(index, "code", "not_text", NOT_TEXT))
        elif code in taken:
            refused.append(RefusedRow(index, "code", "twice", TWICE))
        elif code not in whose:
            taken[code] = None
        elif by.is_platform or whose[code] == by.merchant_id:
            refused.append(RefusedRow(index, "code", "there", THERE))
        else:
            refused.append(RefusedRow(index, "code", "taken", elsewhere.TAKEN))
    return list(taken)


def _job(number: int) -> Job:
    found = records.job(SYSTEM, number)
    assert found is not None
    return found


def _check_name(batch: str) -> None:
    if not 1 <= len(batch) <= BATCH_NAME or not batch.isprintable():
        raise Invalid("not_text", NAME, field="batch")
