"""Events leave the outbox for the lake.

The files are durable before the cursor moves. Killed in between, the same events are written once more, under the
same name or another; readers drop the ids they have seen.
"""

from __future__ import annotations

from itertools import accumulate

from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.write import by_day, write
from festoon.ledger.store.crash import crash_point
from festoon.records.events import read_after
from festoon.records.viewer import SYSTEM

EVENTS = 8_000


def export(folder: Folder) -> int:
    """One piece of the outbox, about 8,000 events, one piece at a time whatever processes there are; how many.

    Fewer than EVENTS: nothing waits any more of what was there when it was asked.
    """
    with folder.alone():
        before = queries.position(SYSTEM)
        waiting = queries.waiting(SYSTEM, before, EVENTS)
        if not waiting:
            return 0
        rows = read_after(before, 1 + sum(done < EVENTS for done in accumulate(waiting[:-1])))
        folder.clear(before + 1)
        events = [event for _, found in rows for event in found]
        last = rows[-1][0]
        for day, found in sorted(by_day(events).items()):
            write(folder, day, before + 1, last, found)
        crash_point("export.written")
        queries.advance(SYSTEM, before, last)
        crash_point("export.moved")
        return len(events)
