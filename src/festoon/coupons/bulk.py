"""Issuing to millions: ordered here, done in chunks by a job (`coupons.jobs`), exact whatever dies on the way.

First the recipients are written down in parts, each shopper judged once; then every part is gone through and its
coupons, their numbers, what they take from the stock, one audit row, one outbox row and the job's cursor commit
together, chunk by chunk. Ordered twice with one key it is ordered once. Killed, it goes on where the last whole chunk
ended. A stop or a recall ends it at the next chunk, an empty stock likewise: the job says so and waits to be resumed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.coupons import audience as audiences
from festoon.coupons.issuing import SOLD_OUT, reached, released
from festoon.coupons.models import Issue, IssuePart
from festoon.coupons.queries import issue_of
from festoon.records import jobs, keys
from festoon.records.audit import record
from festoon.records.parts import in_parts
from festoon.records.refusal import Conflict, Invalid
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer

KIND, VERB = "issue", "coupons.issue_many"
PART = 20_000
MOST_EACH = 100
EACH = Words(en=f"Between 1 and {MOST_EACH}.", zh=f"1 至 {MOST_EACH}。")


def issue_many(
    offer: str,
    audience: Mapping[str, Any],
    *,
    each: int = 1,
    distribution: str = "",
    due: datetime | None = None,
    by: Viewer,
    now: datetime,
    key: str,
) -> Issue:
    """Order `each` coupons of a released template for everybody in `audience`, and put the work in the queue, for when it
    is `due`: who is in the audience is looked up then.

    `audience` is one of `{"segment": code}`, `{"shoppers": [codes]}` (named twice, given twice), `{"query":
    {"segments", "levels", "orders_at_least", "orders_at_most"}}`. Who is unknown, at the limit or outside the
    `distribution` is listed with its part and gets none. Raises Invalid naming the field, NotFound, Conflict
    `recalled`, `stopped`, or `sold_out` where a list is longer than the stock.
    """
    by.require("coupons.issue")
    if not 1 <= each <= MOST_EACH:
        raise Invalid("out_of_range", EACH, field="each")
    kept, listed = audiences.read(audience, by)
    body = [offer, kept, zlib.crc32("\0".join(listed).encode()), each, distribution]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=VERB, body=body):
            return issue_of(by, before.answer["issue"])
        found = released(by, offer)
        reached(distribution, found)
        if found.stock.limited and len(listed) * each > found.stock.granted - found.stock.held - found.stock.spent:
            raise Conflict("sold_out", SOLD_OUT, field="audience")
        made = Issue(
            template=found, audience=kept, distribution=distribution, each=each, ordered=len(listed) * each,
            by=by.name, key_owner=by.merchant_id, created_at=now,
        )  # fmt: skip
        made.save(force_insert=True)
        insert([
            IssuePart(issue=made, number=number, named=pack(named))
            for number, named in enumerate(in_parts(listed, PART))
        ])  # fmt: skip
        args = {"issue": made.pk, "offer": offer}
        job = jobs.enqueue(KIND, args, by=SYSTEM, now=now, total=made.ordered, due=due)
        made.job = job.pk
        made.save(update_fields=["job"])
        keys.remember(by=by, key=key, verb=VERB, body=body, answer={"issue": made.pk}, now=now)
        record(
            by=by, at=now, verb=VERB, kind="coupon", subject=offer, key=key, merchant_id=found.offer.merchant_id,
            rows={"issue": made.pk, "audience": kept, "each": each, "distribution": distribution, "job": job.pk},
        )  # fmt: skip
    return made


def pack(rows: Sequence[Any]) -> bytes:
    """Recipients as they are kept in a part."""
    return zlib.compress(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode(), 1)


def unpack(packed: bytes | memoryview) -> list[Any]:
    """Back from `pack`."""
    found: list[Any] = json.loads(zlib.decompress(bytes(packed)))
    return found
