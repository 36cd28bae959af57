"""The moment of a held price: the shop's within five minutes of ours, else ours. Windows held then, or did not."""

from __future__ import annotations

from datetime import datetime

from festoon.checkout.holds import price_of
from festoon.checkout.invariants import LEEWAY
from festoon.checkout.limits import MOMENT_AWAY, QUOTE_LASTS
from festoon.checkout.models import Hold


def priced_at(hold: Hold) -> datetime:
    """As the price that was held says it."""
    return datetime.fromisoformat(str(price_of(hold)["moment"]))


def is_near(hold: Hold, at: datetime) -> bool:
    """Whether a quote of that moment could still be held when this was."""
    since = hold.created_at - QUOTE_LASTS - MOMENT_AWAY - LEEWAY
    return since <= at <= hold.created_at + MOMENT_AWAY + LEEWAY
