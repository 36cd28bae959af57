"""What a field may hold: how it is read, checked and described to machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from festoon.base.money import MOST, WHOLE
from festoon.base.problems import Path, Problems
from festoon.base.windows import instant, zone_of
from festoon.base.words import Words

MANY = 1_000_000
"""The most of what people count by hand: coupons for one shopper, pieces, steps."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a field. `read` notes every problem under `path` and answers the value to keep."""

    name: str = "text"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """A non-empty text."""
        if not isinstance(value, str) or not value.strip():
            problems.add(path, "text", "must be a text", "须为文字")
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the value."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number between `least` and `most`: minor units of money, a count, basis points."""

    name: str = "count"
    least: int = 0
    most: int = MOST

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """A whole number; True is not one, nor is 1.0."""
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add(path, "whole", "must be a whole number", "须为整数")
        elif not self.least <= value <= self.most:
            words = Words(f"must be between {self.least} and {self.most}", f"须在 {self.least} 与 {self.most} 之间")
            problems.add(path, "range", words.en, words.zh)
        return value

    def schema(self) -> dict[str, Any]:
        """An integer with its bounds."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """Yes or no."""

    name: str = "flag"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """true or false."""
        if not isinstance(value, bool):
            problems.add(path, "flag", "must be true or false", "须为 true 或 false")
        return value

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


TOLD = 20
"""Of one list so many wrong elements are told one by one."""


def are_codes(value: Any, path: Path, problems: Problems) -> bool:
    """Whether a value is a list of codes. Each element that is none is noted where it stands, the first ones of many."""
    if not isinstance(value, list | tuple):
        problems.add(path, "codes", "must be a list of codes", "须为代码列表")
        return False
    wrong = [at for at, each in enumerate(value) if not isinstance(each, str) or not each]
    for at in wrong[:TOLD]:
        said = _no_code(value[at])
        problems.add((*path, at), "codes", said.en, said.zh)
    if len(wrong) > TOLD:
        more = len(wrong) - TOLD
        problems.add(path, "codes", f"holds {more} more that are no codes", f"另有 {more} 项不是代码")
    return not wrong


def _no_code(value: Any) -> Words:
    """Why an element of a list is no code, and what to write."""
    if value is None or value == "":
        return Words("is empty; write a code", "为空，须填写代码")
    if isinstance(value, bool):
        text = "true" if value else "false"
        return Words(f'is yes or no; write it in quotes: "{text}"', f'是真假值，请加引号："{text}"')
    if isinstance(value, int | float):
        text = str(value) if abs(value) < WHOLE**4 else "…"
        return Words(f'is a number; write it in quotes: "{text}"', f'是数字，请加引号："{text}"')
    return Words("must be a code", "须为代码")


@dataclass(frozen=True, slots=True)
class Codes(Kind):
    """A list of codes: segments, channels, stores."""

    name: str = "codes"
    least: int = 1

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """Distinct texts, in the order written."""
        if not are_codes(value, path, problems):
            return ()
        if not value and self.least:
            problems.add(path, "empty", "must not be empty", "不能为空")
        elif len(value) < self.least:
            problems.add(path, "few", f"must name at least {self.least}", f"至少须有 {self.least} 个")
        if len(set(value)) < len(value):
            problems.add(path, "twice", "names a code twice", "有重复的代码")
        return tuple(value)

    def schema(self) -> dict[str, Any]:
        """An array of distinct strings."""
        return {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": self.least,
            "uniqueItems": True,
        }


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few words, each explained in both languages."""

    name: str = "choice"
    options: tuple[tuple[str, Words], ...] = ()

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """One of the options."""
        known = [code for code, _ in self.options]
        if value not in known:
            problems.add(path, "choice", f"must be one of {', '.join(known)}", f"须为以下之一：{'、'.join(known)}")
        return value

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": [code for code, _ in self.options]}


@dataclass(frozen=True, slots=True)
class Zone(Kind):
    """A time zone of the IANA list."""

    name: str = "zone"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """A zone this machine knows."""
        try:
            zone_of(value)
        except (ValueError, TypeError):
            problems.add(path, "zone", "is not a known time zone", "不是已知的时区")
        return value


@dataclass(frozen=True, slots=True)
class Moment(Kind):
    """A date and time, ISO 8601; without an offset it is read in the zone beside it."""

    name: str = "moment"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """An ISO 8601 text."""
        try:
            instant(value, "UTC")
        except (ValueError, TypeError, OverflowError):
            problems.add(path, "moment", "must be a moment such as 2026-12-10T00:00", "须为时间，如 2026-12-10T00:00")
            return None
        return value


PERCENT = Whole("percent", 1, WHOLE)


@dataclass(frozen=True, slots=True)
class Part(Kind):
    """Something that is read elsewhere: its reader knows the shelves."""

    name: str = "part"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """As it is."""
        return value

    def schema(self) -> dict[str, Any]:
        """Anything; whoever knows the shelves writes the schema."""
        return {}


@dataclass(frozen=True, slots=True)
class Name(Kind):
    """A name in both languages."""

    name: str = "words"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """{en: …, zh: …} as Words."""
        if not isinstance(value, Mapping) or set(value) != {"en", "zh"}:
            problems.add(path, "words", "must have en and zh", "须有 en 与 zh")
            return None
        for language, text in value.items():
            Kind().read(text, (*path, language), problems)
        return Words(value["en"], value["zh"])

    def schema(self) -> dict[str, Any]:
        """An object with both languages."""
        one = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "properties": {"en": one, "zh": one},
            "required": ["en", "zh"],
            "additionalProperties": False,
        }
