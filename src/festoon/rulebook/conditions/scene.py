"""Only in some scenes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.rulebook.places import OneOf


@dataclass(frozen=True, slots=True)
class Scene(OneOf):
    """The purchase comes from one of the scenes: a live room, a campaign page, a search."""

    any: tuple[str, ...] = codes("In any of", "限场景")

    looks_at: ClassVar[str] = "scene"
    reason: ClassVar[str] = "scene"
    said: ClassVar[Words] = Words("from {}", "来自{}")
