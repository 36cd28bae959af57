"""The values inside an offer's rules, one by one: what a preset fixes, and what a person may leave open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from festoon.base.form import Field
from festoon.base.form import fields as fields_of
from festoon.base.problems import Path
from festoon.base.words import Words, joined
from festoon.console.offer_form.control import Terms, dotted
from festoon.console.offer_form.form import RELEASE, SCOPE
from festoon.console.offer_form.parts import widget
from festoon.console.offer_form.shelved import OPEN_KINDS, benefit_fields, type_fields
from festoon.console.offer_form.titles import title
from festoon.console.offer_form.widgets import ABSENT
from festoon.console.words import payer, said
from festoon.presets.form import EVERY_RULE, examples, filled
from festoon.rulebook import conditions, refunds
from festoon.storefront.templatetags.said import time_zone

SIMPLE = {"zone": "text"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a rule: where it is, what it is called, how it would be typed, and whether it is left open."""

    path: Path
    words: Words
    kind: str
    value: Any
    text: str
    open: bool = False
    label: Words = Words("", "")

    @property
    def name(self) -> str:
        """Its path as the name of a control."""
        return dotted(self.path)

    @property
    def shown(self) -> str:
        """What it is called, in the language of the page."""
        return said(self.words)

    @property
    def openable(self) -> bool:
        """Whether somebody could be asked for it."""
        return self.kind in OPEN_KINDS


def leaves(content: Mapping[str, Any], terms: Terms) -> list[Leaf]:
    """The values of a preset's rules, with the example where one is left open."""
    whole = filled(content, examples(content))
    opened = {each["name"]: Words(**each["label"]) for each in content["open"]}
    found = []
    for path, words, field, value in _rules(whole):
        kind = SIMPLE.get(field.kind.name, field.kind.name)
        stands = _at(content["rules"], path)
        name = stands[1:] if isinstance(stands, str) and stands.startswith("$") else ""
        found.append(Leaf(path, words, kind, value, _text(field, value, terms), bool(name), opened.get(name, words)))
    return found


def opened(content: Mapping[str, Any], ticked: Mapping[str, Words]) -> dict[str, Any]:
    """The preset with these values left open (by the name of the leaf, with what to ask for) and all others fixed."""
    whole = deepcopy(filled(content, examples(content)))
    asked, names = [], set[str]()
    for path, _, field, value in _rules(whole):
        if (label := ticked.get(dotted(path))) is not None:
            name = _name(path, names)
            _put(whole, path, f"${name}")
            kind = SIMPLE.get(field.kind.name, field.kind.name)
            asked.append({"name": name, "kind": kind, "label": label.to_data(), "example": value})
    return {**content, "rules": whole, "open": asked}


def _rules(rules: Mapping[str, Any]) -> Iterator[tuple[Path, Words, Field, Any]]:
    if "type" in rules:
        yield from _fields(type_fields(rules["type"]), rules.get("with") or {}, ("with",))
    for code, given in (rules.get("benefit") or {}).items():
        yield from _fields(benefit_fields(code), given or {}, ("benefit", code))
    if "scope" in rules:
        yield ("scope",), SCOPE.label, SCOPE, rules["scope"]
    for place, one in enumerate(rules.get("when") or ()):
        for code, given in one.items():
            named = title(conditions.shelf[code], code)
            yield from _fields(fields_of(conditions.shelf[code]), given or {}, ("when", place, code), named)
    for code, given in (rules.get("refund") or {}).items():
        yield from _fields(fields_of(refunds.shelf[code]), given or {}, ("refund", code), refunds.shelf[code].title)
    rest = [
        RELEASE[name] for name in rules if name in EVERY_RULE and name in RELEASE and RELEASE[name].kind.name != "part"
    ]
    yield from _fields(rest, rules, ())


def _fields(
    fields: Sequence[Field], given: Mapping[str, Any], path: Path, of: Words | None = None
) -> Iterator[tuple[Path, Words, Field, Any]]:
    for field in fields:
        if field.name not in given or given[field.name] is None:
            continue
        value, here = given[field.name], (*path, field.name)
        words = joined([of, field.label], ": ", "：") if of else field.label
        inner = getattr(field.kind, "of", None)
        if field.kind.name == "form" and inner:
            yield from _fields(fields_of(inner), value, here, words)
        elif field.kind.name == "table" and inner:
            for place, row in enumerate(value):
                nth = Words(f"{words.en} {place + 1}", f"{words.zh}{place + 1}") if len(value) > 1 else words
                yield from _fields(fields_of(inner), row, (*here, place), nth)
        else:
            yield here, words, field, value


def _text(field: Field, value: Any, terms: Terms) -> str:
    """The value as people read it."""
    if field.kind.name == "goods":
        return ""
    if field.name == "payer":
        return payer(str(value))
    if field.kind.name == "zone":
        return time_zone(str(value))
    if field.kind.name == "flag":
        return said(Words("yes", "是") if value else Words("no", "否"))
    for code, words in getattr(field.kind, "options", ()):
        if code == value:
            return said(words)
    written = widget(field).write(field, value, terms)
    if not isinstance(written, list):
        return str(value)
    drawn = widget(field).draw(field, written, ("x",), terms)
    return f"{drawn.prefix}{'、'.join(written)}{drawn.suffix}" if value is not ABSENT else ""


def _name(path: Path, names: set[str]) -> str:
    """A word for an open value that no other of the preset has."""
    base = next(str(step) for step in reversed(path) if not isinstance(step, int))
    base = base if base.isidentifier() else "value"
    name, n = base, 2
    while name in names:
        name, n = f"{base}_{n}", n + 1
    names.add(name)
    return name


def _at(rules: Any, path: Path) -> Any:
    for step in path:
        if isinstance(rules, str) or rules is None:
            return None
        rules = rules[step] if isinstance(step, int) else rules.get(step)
    return rules


def _put(rules: Any, path: Path, value: Any) -> None:
    *way, last = path
    for step in way:
        rules = rules[step]
    rules[last] = value
