"""Only in some scenes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import listed


@dataclass(frozen=True, slots=True)
class Scene(Condition):
    """The purchase comes from one of the scenes: a live room, a campaign page, a search."""

    any: tuple[str, ...] = codes("In any of", "限场景")

    verdict: ClassVar[str] = "channel"
    gate: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """No amount changes it."""
        return None if view.facts.scene in self.any else No("channel", "scene", source=self)

    def words(self, currency: str) -> Words:
        """From a, b"""
        named = listed(self.any)
        return Words(f"from {named.en}", f"来自{named.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """Is only for a, b."""
        named = listed(self.any)
        return Words(f"is only for {named.en}", f"仅限{named.zh}使用")
