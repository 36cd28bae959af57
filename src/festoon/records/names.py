"""What people call a row: its name in both languages, and the English one where nobody wrote a Chinese one."""

from __future__ import annotations

from typing import Protocol

from festoon.base.words import Words


class Named(Protocol):
    """A row that has a name: an offer, a campaign, a merchant, a person, a product."""

    name_en: str
    name_zh: str


def name_of(row: Named) -> Words:
    """The row's name, as words."""
    return Words(row.name_en, row.name_zh or row.name_en)
