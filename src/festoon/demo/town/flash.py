"""The flash sale: composed, reviewed and distributed by the cast's people, opened by the clock."""

from __future__ import annotations

from datetime import datetime

UNITS = 50


def announce(code: str, *, opens_at: datetime, now: datetime) -> str:
    """A coupon of fifty, for members, that opens at `opens_at`; answers its code."""
    raise NotImplementedError
