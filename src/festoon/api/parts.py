"""Parts that several bodies share: texts that can be stored, whole money, counted units, words in two languages."""

from __future__ import annotations

from typing import Annotated

import msgspec

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
MOST_MONEY = 100_000_000_000
MOST_LINES = 500
MOST_UNITS = 9_999

Code = Annotated[
    str, msgspec.Meta(min_length=1, max_length=96, pattern=PRINTABLE, description="A code; no control characters.")
]
Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$", description="The id of an answer given before.")]
Place = Annotated[
    str, msgspec.Meta(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$", description="A scene; empty for none.")
]
Money = Annotated[int, msgspec.Meta(ge=0, le=MOST_MONEY, description="Minor units (fen, cents) of the currency.")]
Count = Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS, description="Whole units.")]


class Said(msgspec.Struct):
    """Words for people, in English and Simplified Chinese."""

    en: str
    zh: str
