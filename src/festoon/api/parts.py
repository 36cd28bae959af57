"""Parts that several bodies share: texts that can be stored, whole money, counted units."""

from __future__ import annotations

from typing import Annotated

import msgspec

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
MOST_MONEY = 100_000_000_000

Code = Annotated[
    str, msgspec.Meta(min_length=1, max_length=96, pattern=PRINTABLE, description="A code, as it is known here.")
]
Money = Annotated[
    int, msgspec.Meta(ge=0, le=MOST_MONEY, description="Minor units (fen, cents) of the cart's currency.")
]
Count = Annotated[int, msgspec.Meta(ge=1, le=9_999)]
