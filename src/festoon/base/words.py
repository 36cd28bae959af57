"""Words in the two languages every person's screen is offered in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text in English and Simplified Chinese.

    Both stand beside each other in the code, so that neither can be forgotten.
    """

    en: str
    zh: str

    def in_(self, language: str) -> str:
        """The text in `language`, a tag such as "en", "en-gb", "zh" or "zh-hans"; English for any other."""
        return self.zh if language.lower().startswith("zh") else self.en

    def __add__(self, other: Words) -> Words:
        return Words(self.en + other.en, self.zh + other.zh)

    def to_data(self) -> dict[str, str]:
        """The form used in files and answers: {"en": …, "zh": …}."""
        return {"en": self.en, "zh": self.zh}


def joined(parts: Iterable[Words], en: str = ", ", zh: str = "，") -> Words:
    """`parts` one after another, with the separator of each language between them."""
    listed = list(parts)
    return Words(en.join(p.en for p in listed), zh.join(p.zh for p in listed))


def same(text: str) -> Words:
    """A text that is the same in both languages: a code, a number, a name."""
    return Words(text, text)
