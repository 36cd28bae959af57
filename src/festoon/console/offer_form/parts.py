"""Kinds that hold other fields: a smaller form, rows of one, and goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from festoon.base.form import Field
from festoon.base.form import fields as fields_of
from festoon.base.kinds import Whole
from festoon.base.problems import Path
from festoon.base.words import Words
from festoon.console.offer_form.control import NOTHING, Control, Row, Terms
from festoon.console.offer_form.raw import MARK, branch, numbered, rows, text, texts
from festoon.console.offer_form.titles import HELPS
from festoon.console.offer_form.widgets import (
    ABSENT,
    Choice,
    Codes,
    Count,
    Flag,
    Moment,
    Money,
    Pair,
    Percent,
    Share,
    Widget,
)
from festoon.engine.facts import ATTRIBUTES, LINE

GOODS = tuple(name for name in ATTRIBUTES if name != LINE)
ALL, SOME = "all", "some"
PRICES = (
    Field("from", Words("List price from", "原价自"), NOTHING, Whole("money"), False, None),
    Field("to", Words("to", "至"), NOTHING, Whole("money"), False, None),
)


def read_fields(fields: Sequence[Field], raw: Any, path: Path, terms: Terms, before: Any = None) -> dict[str, Any]:
    """The data of a form. What is left at its default is left out, unless `before` had it."""
    was = before if isinstance(before, Mapping) else {}
    found = {}
    for field in fields:
        old = was.get(field.name, ABSENT)
        value = widget(field).read(field, branch_or_leaf(raw, field.name), (*path, field.name), terms, old)
        if value is ABSENT and old is not ABSENT and (old is None or old == field.default) and not field.required:
            value = old
        elif value is not ABSENT and not field.required and value == field.default and old is ABSENT:
            value = ABSENT
        if value is not ABSENT:
            found[field.name] = value
    return found


def write_fields(fields: Sequence[Field], data: Any, terms: Terms) -> dict[str, Any]:
    """What stands in a form that holds this data."""
    given = data if isinstance(data, Mapping) else {}
    return {field.name: widget(field).write(field, given.get(field.name, ABSENT), terms) for field in fields}


def draw_fields(fields: Sequence[Field], raw: Any, path: Path, terms: Terms) -> list[Control]:
    """The controls of a form."""
    return [widget(field).draw(field, branch_or_leaf(raw, field.name), (*path, field.name), terms) for field in fields]


def branch_or_leaf(raw: Any, name: str) -> Any:
    """What stands under a name, if anything."""
    return raw.get(name) if isinstance(raw, dict) else None


class Form(Widget):
    """A smaller form inside a form."""

    template: ClassVar[str] = "form"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """Its data; nothing when it holds none."""
        found = read_fields(fields_of(field.kind.of), raw, path, terms, before)  # type: ignore[attr-defined]
        return found or (before if before == {} else ABSENT)

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """Its fields."""
        return write_fields(fields_of(field.kind.of), value, terms)  # type: ignore[attr-defined]

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """Its controls side by side."""
        made = self.control(field, path, terms)
        made.help = made.help if made.help.en else HELPS.get(field.name, made.help)
        made.controls = draw_fields(fields_of(field.kind.of), raw, path, terms)  # type: ignore[attr-defined]
        return made


class Rows(Widget):
    """Rows that one can add and take away."""

    template: ClassVar[str] = "table"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """Each row's data; no row is nothing."""
        inner = fields_of(field.kind.of)  # type: ignore[attr-defined]
        was = before if isinstance(before, list | tuple) else ()
        found = [
            read_fields(inner, row, (*path, place), terms, was[place] if place < len(was) else None)
            for place, row in enumerate(rows(raw))
        ]
        return found or (before if not was and before is not ABSENT else ABSENT)

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """Its rows; one that is needed begins with one."""
        inner = fields_of(field.kind.of)  # type: ignore[attr-defined]
        given = [] if value is ABSENT else value or []
        return numbered([write_fields(inner, row, terms) for row in given or ([{}] if field.required else [])])

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """A row each, and what a further one would be."""
        made, inner = self.control(field, path, terms), fields_of(field.kind.of)  # type: ignore[attr-defined]
        made.rows = [
            Row(f"{made.name}.{place}", NOTHING, NOTHING, "", draw_fields(inner, row, (*path, place), terms))
            for place, row in enumerate(rows(raw))
        ]
        return made


class Goods(Widget):
    """Which goods: all, or those of some values, less exceptions."""

    template: ClassVar[str] = "goods"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """The scope as an offers file has it; nothing when nothing was said."""
        which = text(branch_or_leaf(raw, "which"))
        if which not in (ALL, SOME):
            return ABSENT
        found: dict[str, Any] = _values(raw) if which == SOME else {}
        excepted = _values(branch(raw, "except"))
        prices = read_fields(PRICES, branch(raw, "list_price"), (*path, "list_price"), terms)
        if prices and which == SOME:
            found["list_price"] = prices
        if text(branch_or_leaf(raw, "not_discounted")) and which == SOME:
            found["not_discounted"] = True
        if which == ALL:
            found["all"] = True
        if excepted:
            found["except"] = excepted
        return ABSENT if found == {"all": True} and before is ABSENT and not field.required else found

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """All or some, and the values of each attribute."""
        del field
        given = value if isinstance(value, Mapping) else {}
        some = any(name not in ("all", "except") for name in given)
        return {
            "which": [SOME if some else ALL if given else ""],
            **{name: list(given.get(name) or ()) for name in GOODS},
            "except": {name: list((given.get("except") or {}).get(name) or ()) for name in GOODS},
            "list_price": write_fields(PRICES, given.get("list_price"), terms),
            "not_discounted": ["on"] if given.get("not_discounted") else [""],
        }

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """What was chosen; names for the codes are put in when the whole form is drawn."""
        made = self.control(field, path, terms)
        made.text = text(branch_or_leaf(raw, "which"))
        made.controls = draw_fields(PRICES, branch(raw, "list_price"), (*path, "list_price"), terms)
        made.more = {
            "within": {name: texts(branch_or_leaf(raw, name)) for name in GOODS},
            "except": {name: texts(branch_or_leaf(branch(raw, "except"), name)) for name in GOODS},
            "not_discounted": bool(text(branch_or_leaf(raw, "not_discounted"))),
            "errors": [words for name, found in terms.errors.items() if name.startswith(f"{made.name}.") for words in found],
        }  # fmt: skip
        return made


def _values(raw: Any) -> dict[str, list[str]]:
    found = {name: texts(branch_or_leaf(raw, name)) for name in GOODS}
    return {name: values for name, values in found.items() if values}


class Expression(Widget):
    """A text of several lines."""

    template: ClassVar[str] = "area"


WIDGETS: Mapping[str, Widget] = {
    "text": Widget(), "money": Money(), "count": Count(), "percent": Percent(), "share": Share(), "flag": Flag(),
    "choice": Choice(), "moment": Moment(), "zone": Widget(), "codes": Codes(), "words": Pair(), "form": Form(),
    "table": Rows(), "goods": Goods(), "expression": Expression(),
}  # fmt: skip
"""How each kind is typed; a shop's own kind, not named here, is typed as a text."""


def widget(field: Field) -> Widget:
    """How the field is typed."""
    return WIDGETS.get(field.kind.name, WIDGETS["text"])


__all__ = ["GOODS", "MARK", "WIDGETS", "draw_fields", "read_fields", "widget", "write_fields"]
