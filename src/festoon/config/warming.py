"""What people's screens ask of memory, read before they ask: the goods, their words, and which offers meet which.

With 100,000 goods and 10,000 live offers the first question of a process would take seconds. A thread beside the server
reads them when it starts and again when book or catalogue have moved, so that it is rarely a person who waits.
"""

from __future__ import annotations

from datetime import datetime

from festoon.catalog import queries as catalog
from festoon.catalog import search
from festoon.catalog.goods import goods
from festoon.config.workers import Worker
from festoon.offers.overlap import board
from festoon.records.viewer import SYSTEM

REST = 5.0


def worker() -> Worker:
    """The thread, not yet started."""
    return Worker("what screens ask of", warm, rest=REST)


def warm(now: datetime) -> bool:
    """Read what has moved; what has not costs two looks at a number. There is never more to do at once."""
    goods(now)
    search.read(now)
    for currency in catalog.merchants(SYSTEM).order_by().values_list("currency", flat=True).distinct():
        board(currency, now)
    return False
