"""A basket read without a search through each of its texts.

A control character can stand in JSON only behind a backslash, but for the last of ASCII. A body that has neither holds
none, so whether each text is printable, which costs most of the reading, need not be asked.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from festoon.api.quotes import Line, QuoteAsked
from festoon.checkout.limits import LINES, TEXT

Plain = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT)]


class PlainLine(Line):
    """A line whose texts were looked through already."""

    id: Plain
    sku: Plain


class PlainlyAsked(QuoteAsked):
    """A basket whose texts were looked through already."""

    lines: Annotated[list[PlainLine], msgspec.Meta(min_length=1, max_length=LINES)]  # type: ignore[assignment]
    buyer: Plain | None = None


_plainly, _anyhow = msgspec.json.Decoder(PlainlyAsked).decode, msgspec.json.Decoder(QuoteAsked).decode


def read(body: bytes) -> QuoteAsked:
    """What was asked; raises what msgspec raises for what cannot be read."""
    return _anyhow(body) if b"\\" in body or b"\x7f" in body else _plainly(body)
