"""A frozen dataclass is its own form: the same fields draw the screen, check the file and write the schema.

@dataclass(frozen=True, slots=True)
class LeastSpend(Condition):
    amount: int = money("At least", "至少", least=1)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import iskeyword
from typing import Any

from festoon.base.kinds import MANY, Choice, Codes, Flag, Kind, Moment, Whole, Zone
from festoon.base.money import MOST, WHOLE
from festoon.base.problems import Path, Problems
from festoon.base.words import Words

NEEDED: Any = dataclasses.MISSING
_NO_HELP = Words("", "")
MOST_COMPARED = 200_000
"""Names compared in one file to guess what was meant."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: Words
    help: Words
    kind: Kind
    required: bool
    default: Any


def made(kind: Kind, en: str, zh: str, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A dataclass field that holds `kind` and is labelled in both languages."""
    return dataclasses.field(default=default, metadata={"kind": kind, "label": Words(en, zh), "help": help})


def money(en: str, zh: str, *, least: int = 0, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """An amount in minor units."""
    return made(Whole("money", least, MOST), en, zh, default, help)


def count(en: str, zh: str, *, least: int = 0, most: int = MANY, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A number of things."""
    return made(Whole("count", least, most), en, zh, default, help)


def percent(en: str, zh: str, *, least: int = 1, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A percentage in basis points, at most 100 %."""
    return made(Whole("percent", least, WHOLE), en, zh, default, help)


def part(en: str, zh: str, *, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A part of a whole in basis points: who bears how much. No reduction of a price, so it is never said as one."""
    return made(Whole("share", 1, WHOLE), en, zh, default, help)


def flag(en: str, zh: str, *, default: bool = False, help: Words = _NO_HELP) -> Any:
    """Yes or no."""
    return made(Flag(), en, zh, default, help)


def text(en: str, zh: str, *, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A short text or a code."""
    return made(Kind(), en, zh, default, help)


def codes(en: str, zh: str, *, least: int = 1, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A list of codes."""
    return made(Codes(least=least), en, zh, default, help)


def choice(en: str, zh: str, options: dict[str, Words], *, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """One of a few words."""
    return made(Choice(options=tuple(options.items())), en, zh, default, help)


def moment(en: str, zh: str, *, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A date and time."""
    return made(Moment(), en, zh, default, help)


def zone(en: str, zh: str, *, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """A time zone."""
    return made(Zone(), en, zh, default, help)


def table(of: type, en: str, zh: str, *, least: int = 1, default: Any = NEEDED, help: Words = _NO_HELP) -> Any:
    """Rows of a smaller form."""
    return made(Table(of=of, least=least), en, zh, default, help)


def fields(cls: type) -> list[Field]:
    """The fields of a form class, in the order written. Raises TypeError for a field without a label."""
    found = []
    for f in dataclasses.fields(cls):
        if "label" not in f.metadata:
            raise TypeError(f"{cls.__name__}.{f.name} has no label")
        required = f.default is dataclasses.MISSING
        default = None if required else f.default
        found.append(
            Field(f.name.rstrip("_"), f.metadata["label"], f.metadata["help"], f.metadata["kind"], required, default)
        )
    return found


_FORMS: dict[type, dict[str, Field]] = {}


def _form(cls: type) -> dict[str, Field]:
    if cls not in _FORMS:
        _FORMS[cls] = {f.name: f for f in fields(cls)}
    return _FORMS[cls]


def _attribute(name: str) -> str:
    """A field named like a word of the language is written with an underscore: with_, if_."""
    return f"{name}_" if iskeyword(name) else name


def read(cls: type, data: Any, path: Path, problems: Problems) -> Any:
    """An instance of `cls` from a mapping; None when a problem was found (every one is noted under `path`).

    A class may have a method `faults()` that yields (field, code, Words) for what only all fields together show.
    """
    if not isinstance(data, Mapping):
        problems.add(path, "mapping", "must hold named fields", "须为具名字段")
        return None
    before, form = len(problems), _form(cls)
    values: dict[str, Any] = {}
    for name, value in data.items():
        known = form.get(name)
        if known is None:
            unknown(name, list(form), path, problems)
        elif value is None and not known.required and known.default is None:
            values[name] = None
        else:
            values[name] = known.kind.read(value, (*path, name), problems)
    for f in form.values():
        if f.required and f.name not in data:
            problems.add((*path, f.name), "missing", "is missing", "缺失")
    if len(problems) > before:
        return None
    made_one = cls(**{_attribute(name): value for name, value in values.items()})
    for name, code, words in getattr(made_one, "faults", tuple)():
        problems.add((*path, name), code, words.en, words.zh)
    return made_one if len(problems) == before else None


def unknown(name: Any, known: list[str], path: Path, problems: Problems) -> None:
    """Note a field that is not known, with the nearest one that is."""
    near = _near(name, known, problems)
    problems.add((*path, str(name)), "unknown", f"is not a known field{near.en}", f"未知字段{near.zh}")


def unknown_code(code: Any, known: list[str], path: Path, problems: Problems) -> None:
    """Note a code that is not known, with the nearest one that is."""
    near = _near(code, known, problems)
    problems.add(path, "unknown", f"{code!r} is not known{near.en}", f"{code!r} 未知{near.zh}")


def _near(name: Any, known: list[str], problems: Problems) -> Words:
    """The nearest, as long as it is cheap: a large file of strangers is told in time, without guesses."""
    cheap = len(known) * (len(problems) + 1) <= MOST_COMPARED
    return nearest(name, known) if cheap else _NO_HELP


def nearest(name: Any, known: list[str]) -> Words:
    """A question whether the near one of the known names was meant, where there is one."""
    near = get_close_matches(str(name), known, 1)
    return Words(f"; did you mean {near[0]}?", f"，是否为 {near[0]}？") if near else Words("", "")


def schema(cls: type) -> dict[str, Any]:
    """JSON Schema (2020-12) of the form."""
    form = fields(cls)
    properties = {}
    for f in form:
        one = {"title": f.label.en, **f.kind.schema()}
        if f.help.en:
            one["description"] = f.help.en
        if isinstance(f.default, bool | int | str):
            one["default"] = f.default
        if not f.required and f.default is None:
            one = {"anyOf": [one, {"type": "null"}]}
        properties[f.name] = one
    result: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if cls.__doc__:
        result["description"] = " ".join(cls.__doc__.strip().split("\n\n")[0].split())
    needed = [f.name for f in form if f.required]
    return {**result, "required": needed} if needed else result


@dataclass(frozen=True, slots=True)
class Table(Kind):
    """A list of rows, each read by the form of the class `of`."""

    name: str = "table"
    of: type = dataclasses.field(default=object)
    least: int = 1

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """Rows in the order written."""
        if not isinstance(value, list | tuple) or len(value) < self.least:
            problems.add(path, "rows", "must be a list with at least one row", "须为至少一行的列表")
            return ()
        return tuple(read(self.of, row, (*path, i), problems) for i, row in enumerate(value))

    def schema(self) -> dict[str, Any]:
        """An array of objects."""
        return {"type": "array", "items": schema(self.of), "minItems": self.least}


@dataclass(frozen=True, slots=True)
class Nested(Kind):
    """A smaller form inside a form."""

    name: str = "form"
    of: type = dataclasses.field(default=object)

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """An instance of the class `of`."""
        return read(self.of, value, path, problems)

    def schema(self) -> dict[str, Any]:
        """An object."""
        return schema(self.of)
