"""Parts that several bodies share: texts that can be stored, whole money, counted units, words in two languages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from festoon.checkout.limits import TEXT

PRINTABLE = r"^[^\x00-\x1f\x7f]+(?!\n)$"
"""`$` alone would let a line break at the end pass."""
ID = r"^[0-9a-f]{32}(?!\n)$"
MOST_MONEY = 100_000_000_000
MOST_OF_A_LINE = 9_999

Code = Annotated[
    str, msgspec.Meta(min_length=1, max_length=96, pattern=PRINTABLE, description="A code; no control characters.")
]
Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=TEXT, pattern=PRINTABLE, description="A code; no control characters.")
]
Id = Annotated[str, msgspec.Meta(pattern=ID, description="The id of an answer given before.")]
Place = Annotated[
    str, msgspec.Meta(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$", description="A scene; empty for none.")
]
Payment = Annotated[
    str,
    msgspec.Meta(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$", description="How it is paid; empty while open."),
]
Money = Annotated[int, msgspec.Meta(ge=0, le=MOST_MONEY, description="Minor units (fen, cents) of the currency.")]
Count = Annotated[int, msgspec.Meta(ge=1, le=MOST_OF_A_LINE, description="Whole units.")]

Moment = Annotated[datetime, msgspec.Meta(tz=True, description="With its offset, such as Z or +08:00.")]


class Said(msgspec.Struct):
    """Words for people, in English and Simplified Chinese."""

    en: str
    zh: str
