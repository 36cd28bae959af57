"""What a request may hold, and how long a promise lasts. Documented in docs/api.md and in OpenAPI."""

from __future__ import annotations

from datetime import timedelta

from festoon.rulebook.facts import MOST_CHOSEN

LINES = 500
TAGS = 200
CHOSEN = MOST_CHOSEN
QUANTITY = 100_000
AMOUNT = 10**12
"""The largest unit price or shipping, in minor units."""
TEXT = 64
SCENE = 32
ORDER = 96
MOMENT_AWAY = timedelta(minutes=5)
"""How far the shop's moment may be from ours; further, ours is taken (SEMANTICS 1)."""
QUOTE_LASTS = timedelta(minutes=10)
HOLD_LASTS = timedelta(minutes=15)
GRACE = timedelta(seconds=60)
"""How long after its end a hold may still be open before the sweep has come by."""
TOKEN_LONGEST = 400_000
