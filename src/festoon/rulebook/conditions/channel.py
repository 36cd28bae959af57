"""Only in some channels."""

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
class Channel(Condition):
    """The purchase is made in one of the channels: app, mini program, web, store."""

    any: tuple[str, ...] = codes("In any of", "限渠道")

    verdict: ClassVar[str] = "channel"
    gate: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """No amount changes the channel."""
        return None if view.facts.channel in self.any else No("channel", "channel", source=self)

    def words(self, currency: str) -> Words:
        """In app, mini"""
        named = listed(self.any)
        return Words(f"in {named.en}", f"限{named.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """Only in app, mini."""
        named = listed(self.any)
        return Words(f"is only for {named.en}", f"仅限{named.zh}使用")
