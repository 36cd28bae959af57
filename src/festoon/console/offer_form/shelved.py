"""Fields of a form that hold things of a shelf: the rule itself, the conditions, the refund policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from festoon.base.form import Field
from festoon.base.form import fields as fields_of
from festoon.base.kinds import MANY, Codes, Flag, Kind, Moment, Whole
from festoon.base.money import MOST, WHOLE
from festoon.base.words import Words
from festoon.console.offer_form.control import NOTHING, Control, Option, Row, Terms
from festoon.console.offer_form.parts import draw_fields, read_fields, write_fields
from festoon.console.offer_form.raw import MARK, Raw, branch, rows, text
from festoon.console.offer_form.titles import REFUNDS, help_of, title
from festoon.rulebook import benefits, conditions, promotion_types, refunds
from festoon.rulebook.scopes import Goods

NO_PLACE: Sequence[Field] = ()
OPEN_KINDS: Mapping[str, Kind] = {
    "money": Whole("money", 0, MOST), "percent": Whole("percent", 1, WHOLE), "count": Whole("count", 0, MANY),
    "text": Kind(), "flag": Flag(), "goods": Goods(), "moment": Moment(), "codes": Codes(),
}  # fmt: skip
"""How the values that a preset leaves open are typed."""


def type_fields(code: str) -> Sequence[Field]:
    """The fields of a promotion type."""
    cls = promotion_types.shelf.get(code)
    return fields_of(cls) if cls else NO_PLACE


def benefit_fields(code: str) -> Sequence[Field]:
    """The fields of a benefit."""
    cls = benefits.shelf.get(code)
    return fields_of(cls) if cls else NO_PLACE


def open_fields(preset: Mapping[str, Any]) -> Sequence[Field]:
    """The values that a preset leaves open, as fields."""
    return [
        Field(each["name"], Words(**each["label"]), NOTHING, OPEN_KINDS[each["kind"]], not each.get("optional"), None)
        for each in preset["open"]
    ]


def read_conditions(raw: Any, terms: Terms, before: Any) -> list[dict[str, Any]]:
    """The conditions, each as {code: its fields}."""
    was = before if isinstance(before, list) else []
    found = []
    for place, row in enumerate(rows(raw)):
        code = text(row.get(MARK))
        cls = conditions.shelf.get(code)
        old = was[place].get(code) if place < len(was) and isinstance(was[place], Mapping) else None
        given = read_fields(fields_of(cls), branch(row, code), ("when", place, code), terms, old) if cls else {}
        found.append({code: given})
    return found


def write_conditions(given: Any, terms: Terms) -> Raw:
    """The rows of conditions."""
    return {str(place): condition(code, terms, fields) for place, one in enumerate(given or ())
            for code, fields in one.items()}  # fmt: skip


def condition(code: str, terms: Terms, given: Any = None) -> Raw:
    """A row of one condition."""
    cls = conditions.shelf.get(code)
    return {MARK: [code], code: write_fields(fields_of(cls), given, terms) if cls else {}}


def draw_conditions(raw: Any, terms: Terms) -> Control:
    """The conditions that are asked for, and which could be."""
    words = Words("Further conditions", "更多条件")
    made = Control("when", words, NOTHING, "conditions", required=False, errors=terms.errors.get("when", ()))
    made.rows = [_condition(place, row, terms) for place, row in enumerate(rows(raw))]
    made.options = [Option(code, title(conditions.shelf[code], code)) for code in conditions.shelf]
    made.options = sorted(made.options, key=lambda option: option.label)
    return made


def _condition(place: int, row: Raw, terms: Terms) -> Row:
    code = text(row.get(MARK))
    cls = conditions.shelf.get(code)
    drawn = draw_fields(fields_of(cls), branch(row, code), ("when", place, code), terms) if cls else []
    return Row(f"when.{place}", title(cls, code) if cls else Words(code, code), help_of(code), code, drawn)


def read_refund(raw: Any, terms: Terms, before: Any) -> dict[str, Any] | None:
    """The refund policy as {code: its fields}; None when the house's is left."""
    code = text(branch(raw, "refund").get(MARK))
    cls = refunds.shelf.get(code)
    if cls is None:
        return None
    old = before.get(code) if isinstance(before, Mapping) else None
    return {code: read_fields(fields_of(cls), branch(branch(raw, "refund"), code), ("refund", code), terms, old)}


def write_refund(given: Any, terms: Terms) -> Raw:
    """The chosen policy, and the fields of every one."""
    chosen = next(iter(given), "") if isinstance(given, Mapping) else ""
    inner = {
        code: write_fields(fields_of(refunds.shelf[code]), (given or {}).get(code), terms) for code in refunds.shelf
    }
    return {MARK: [chosen], **inner}


def draw_refund(raw: Any, terms: Terms) -> Control:
    """The policies, each with its fields."""
    inside = branch(raw, "refund")
    chosen = text(inside.get(MARK))
    words = Words("When goods come back", "退货时")
    made = Control(
        "refund", words, NOTHING, "refund", required=False, errors=terms.errors.get("refund", ()), text=chosen
    )
    made.rows = [
        Row(f"refund.{code}", refunds.shelf[code].title, REFUNDS.get(code, NOTHING), code,
            draw_fields(fields_of(refunds.shelf[code]), branch(inside, code), ("refund", code), terms))
        for code in refunds.shelf
    ]  # fmt: skip
    return made
