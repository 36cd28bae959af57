"""What an offer may cost in all and on a day: the accounts a price draws on beside the budgets of who pays.

The day is that of the price's moment by the calendar of the offer's zone. Its account is made by the first hold of the day; a
price before that goes by what it will be filled with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from festoon.checkout.book import Loaded
from festoon.ledger import accounts
from festoon.ledger.queries import Standing

Limit = tuple[str, int]
"""An account, and what it is given in all."""
EMPTY = Standing(0, 0, 0, limited=True)


def limits(loaded: Loaded, offer: str, at: int) -> Sequence[Limit]:
    """The limits of what an offer may cost, at a moment in microseconds since 1970."""
    found = loaded.spends.get(offer)
    if found is None:
        return ()
    named = (
        (accounts.spending(offer), found.most),
        (accounts.spending(offer, _day(at // 60_000_000, found.zone)), found.per_day),
    )
    return [(code, most) for code, most in named if most is not None]


def standing(there: Mapping[str, Standing], wanted: Iterable[Limit]) -> Mapping[str, Standing]:
    """How the accounts stand, those of limits as they will be filled by who draws on them first."""
    lacking = {
        code: replace(now, granted=most) for code, most in wanted if (now := there.get(code, EMPTY)).granted < most
    }
    return {**there, **lacking} if lacking else there


@lru_cache(maxsize=1024)
def _day(minute: int, zone: str) -> str:
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).date().isoformat()
