"""Numbers and days as an address or a form has them: somebody may write anything there."""

from __future__ import annotations

from datetime import date

from festoon.records.values import in_years

LONGEST = 18
"""Digits of a number that every database keeps."""


def whole(text: str) -> int | None:
    """A whole number, in whatever digits; None for what is none, or longer than any there is."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


def day(text: str) -> date | None:
    """A day; None for what is none, or further off than any there is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if in_years(found) else None
