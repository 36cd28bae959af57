"""What conditions on where and how a purchase is made have in common."""

from __future__ import annotations

from typing import ClassVar

from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import listed


class OneOf(Condition):
    """One fact of the cart (`looks_at`) is one of those named. `reason` names the refusal; `said` and `refused` are the
    words, `{}` standing for the names.
    """

    __slots__ = ()
    any: tuple[str, ...]

    verdict: ClassVar[str] = "channel"
    gate: ClassVar[bool] = True
    looks_at: ClassVar[str]
    reason: ClassVar[str]
    said: ClassVar[Words]
    refused: ClassVar[Words] = Words("is only for {}", "仅限{}使用")

    def check(self, view: View) -> No | None:
        """No amount changes it. A fact that nobody knows is none of them."""
        return None if getattr(view.facts, self.looks_at) in self.any else No(self.verdict, self.reason, source=self)

    def words(self, currency: str) -> Words:
        """In a, b"""
        return self._named(self.said)

    def refusal(self, no: No, currency: str) -> Words:
        """Is only for a, b."""
        return self._named(self.refused)

    def _named(self, words: Words) -> Words:
        named = listed(self.any)
        return Words(words.en.format(named.en), words.zh.format(named.zh))
