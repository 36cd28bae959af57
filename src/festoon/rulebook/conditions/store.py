"""Only in some stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.rulebook.places import OneOf


@dataclass(frozen=True, slots=True)
class Store(OneOf):
    """The purchase is made in one of the stores. Where no store is known, in none."""

    any: tuple[str, ...] = codes("In any of", "限门店")

    looks_at: ClassVar[str] = "store"
    reason: ClassVar[str] = "store"
    said: ClassVar[Words] = Words("in {}", "限{}")
