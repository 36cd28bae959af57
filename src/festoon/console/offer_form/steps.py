"""What the buttons of the form do to what stands in it: a row more, a row less, a thing taken into the goods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from festoon.base.form import fields as fields_of
from festoon.console.asked import whole
from festoon.console.offer_form import shelved
from festoon.console.offer_form.form import ROOMS, Form, fields_written
from festoon.console.offer_form.parts import write_fields
from festoon.console.offer_form.raw import MARK, Raw, at, branch, put, rows, text, texts

MOST_ROWS = 50


def do(form: Form, step: str) -> str:
    """Do what a button says (`more:with.tiers`, `less:with.tiers.0`, `take:scope.sku:t-01`); its name, "" for none."""
    name, _, rest = step.partition(":")
    if name not in STEPS:
        return ""
    STEPS[name](form, rest)
    return name


def _more(form: Form, name: str) -> None:
    steps = name.split(".")
    there = rows(at(form.raw, steps))
    if len(there) >= MOST_ROWS:
        return
    if name == "when":
        code = text(form.raw.get("add-when"))
        fresh = shelved.condition(code, form.terms) if code else None
    else:
        fresh = {MARK: [""], **_fresh(form, steps)}
    if fresh:
        put(form.raw, steps, {str(place): row for place, row in enumerate([*there, fresh])})


def _less(form: Form, name: str) -> None:
    *steps, last = name.split(".")
    there = rows(at(form.raw, steps))
    if (gone := whole(last)) is not None:
        left = [row for place, row in enumerate(there) if place != gone]
        put_rows(form.raw, steps, left)


def _take(form: Form, what: str) -> None:
    """Goods of one attribute into a scope; into a plain field, in the place of what stood there."""
    name, _, code = what.partition(":")
    steps = name.split(".")
    if len(steps) < 2:
        return
    if steps[-1] == "=":
        put(form.raw, steps[:-1], [code])
        return
    put(form.raw, steps, [*texts(at(form.raw, steps)), code])
    scope = steps[:-2] if steps[-2] == "except" else steps[:-1]
    if steps[-2] != "except":
        put(form.raw, [*scope, "which"], ["some"])
    elif not text(at(form.raw, [*scope, "which"])):
        put(form.raw, [*scope, "which"], ["all"])


def _basket(form: Form, sku: str) -> None:
    there = rows(form.raw.get("basket"))
    if len(there) < MOST_ROWS:
        put_rows(form.raw, ["basket"], [*there, {MARK: [""], "sku": [sku], "quantity": ["1"]}])


def put_rows(raw: Raw, steps: list[str], left: list[Raw]) -> None:
    """Rows in the place of those that were there."""
    put(raw, steps, {str(place): row for place, row in enumerate(left)})


def _fresh(form: Form, steps: list[str]) -> Raw:
    """An empty row of the table at the end of the steps."""
    inside = steps[:-1]
    known = {each.name: each for each in _fields(form, inside)}
    table = known.get(steps[-1])
    return write_fields(fields_of(table.kind.of), {}, form.terms) if table else {}


def _fields(form: Form, inside: list[str]) -> Any:
    if tuple(inside) == form.rule.path:
        return form.rule.fields
    return [] if inside else [*fields_written(form.rule), *fields_of(ROOMS[form.rule.kind])]


STEPS: Mapping[str, Callable[[Form, str], None]] = {
    "more": _more, "less": _less, "take": _take, "basket": _basket,
}  # fmt: skip

__all__ = ["branch", "do"]
