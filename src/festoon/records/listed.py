"""Lists as people paste them."""

from __future__ import annotations

MARK = "\ufeff"


def unmarked(text: str) -> str:
    """A text without the byte-order marks that spreadsheets put before what they save: nobody sees them, and the first
    entry would be another.
    """
    return text.replace(MARK, "")
