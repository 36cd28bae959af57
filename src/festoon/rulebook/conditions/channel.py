"""Only in some channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.rulebook.places import OneOf


@dataclass(frozen=True, slots=True)
class Channel(OneOf):
    """The purchase is made in one of the channels: app, mini program, web, store."""

    any: tuple[str, ...] = codes("In any of", "限渠道")

    looks_at: ClassVar[str] = "channel"
    reason: ClassVar[str] = "channel"
    said: ClassVar[Words] = Words("in {}", "限{}")
