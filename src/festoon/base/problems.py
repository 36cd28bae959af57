"""What is wrong with an input: where, which rule, and in words."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.words import Words

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input.

    `path` leads to the field ("offers", 3, "window", "end"); `code` is stable for machines.
    """

    path: Path
    code: str
    words: Words

    @property
    def field(self) -> str:
        """The path as people write it: offers[3].window.end"""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def to_data(self) -> dict[str, object]:
        """The form used in answers."""
        return {"field": self.field, "code": self.code, "words": self.words.to_data()}


class Problems:
    """Collects every problem of one input, so that a person mends them all in one go."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: Path, code: str, en: str, zh: str) -> None:
        """Note one problem."""
        self.found.append(Problem(path, code, Words(en, zh)))

    def __len__(self) -> int:
        return len(self.found)
