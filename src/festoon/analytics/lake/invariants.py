"""No event is lost on its way from the outbox to the lake; and each is told once for each thing that happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import lake
from festoon.analytics.lake.look import names_in
from festoon.analytics.lake.merge import digest
from festoon.base.words import Words
from festoon.checkout import queries as checkout
from festoon.checkout.invariants import Finding, Invariant
from festoon.checkout.invariants.recorded import numbers_of
from festoon.coupons import queries as coupons
from festoon.records import events
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM

TOLD = ("coupon.claimed", "hold.made", "order.redeemed", "order.refunded")
AT_ONCE = 2_000


def rows_are_told(_now: datetime) -> Finding:
    """One event for each coupon claimed, hold made, redemption and refund: none without its row, no row without it.

    What has left the outbox is looked for in the lake.
    """
    told: Counter[tuple[str, str]] = Counter()
    for row in records.outbox(SYSTEM).filter(kind__in=[*TOLD, "several"]).iterator(chunk_size=200):
        told.update((event["kind"], event["id"]) for event in events.unpack(bytes(row.events)) if event["kind"] in TOLD)
    left = set(_in_the_lake()) - told.keys()
    there = {
        *(("coupon.claimed", f"claim:{n}") for n in numbers_of(coupons.visible(SYSTEM).filter(origin="claimed"))),
        *(("hold.made", f"hold:{n}") for n in numbers_of(checkout.visible(SYSTEM))),
        *(("order.redeemed", f"redeem:{n}") for n in numbers_of(checkout.redemptions(SYSTEM))),
        *(("order.refunded", f"refund:{n}") for n in numbers_of(checkout.refunds(SYSTEM))),
    }
    problems = [f"{number}: no {kind} event" for kind, number in sorted(there - told.keys() - left)[:100]]
    problems += [
        f"{number}: a {kind} event without its row" for kind, number in sorted((told.keys() | left) - there)[:100]
    ]
    problems += [f"{number}: told {count} times" for (_, number), count in told.items() if count > 1]
    return Finding(len(there), problems)


def _in_the_lake() -> Iterator[tuple[str, str]]:
    """Events of which rows may have left the outbox; nothing has left it, nothing is read."""
    for row in queries.files(SYSTEM).filter(first__lte=queries.taken_out(SYSTEM)):
        for names, kinds in names_in(lake().root / row.path):
            yield from ((kind, name) for name, kind in zip(names, kinds, strict=True) if kind in TOLD)


def lake_is_whole(_now: datetime) -> Finding:
    """The files of the lake are those that were listed, to the byte; and every row still in the outbox that was written to
    the lake has its events there.
    """
    folder, problems, cases = lake(), [], 0
    for row in queries.files(SYSTEM):
        cases += 1
        path = folder.root / row.path
        if not path.exists():
            problems.append(f"{row.path} is gone, with {row.events:,} events")
        elif path.stat().st_size != row.bytes or digest(path) != row.digest:
            problems.append(f"{row.path} is not what was written")
    rows = records.outbox(SYSTEM).filter(id__lte=queries.position(SYSTEM)).iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        wanted = {str(event["id"]) for row in some for event in events.unpack(bytes(row.events))}
        cases += len(wanted)
        for path in folder.of_rows(some[0].pk, some[-1].pk):
            for names, _ in names_in(path):
                wanted.difference_update(names)
        problems += [f"{name} was written to the lake and is not there" for name in sorted(wanted)]
    return Finding(cases, problems[:100])


INVARIANTS = [
    Invariant("told", Words(en="One event for each thing that happened", zh="事件与记录一一对应"), rows_are_told),
    Invariant("lake", Words(en="What left the outbox is in the lake", zh="已出库的事件都在湖中"), lake_is_whole),
]
