"""Rows of lists, drawn without templates: of twenty-five rows, templates took a third of the page's time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from festoon.console.columns import Column
from festoon.storefront.templatetags.said import named

TICK = (
    '<td class="tick"><input class="form-check-input" type="checkbox" form="{}" name="pick" value="{}"'
    ' aria-label="{}: {}"></td>'
)
NO_TICK = '<td class="tick"></td>'
FIRST = '<span><a class="name" href="{}">{}</a>{}</span>'
UNDER = '<span class="under">{}</span>'


def rows(found: Sequence[Any], heads: Sequence[Column], form: str, tick: str) -> SafeString:
    """Each as a row: a tick that goes with `form` if there is one and the row may be ticked, what stands under the heads."""
    head, rest = Cells(heads[:1]), Cells(heads[1:])
    drawn = [
        f'<tr>{_box(each, form, tick)}<td class="first">{head.text(heads[0], each)}</td>{rest.of(each)}</tr>'
        for each in found
    ]
    return mark_safe("".join(drawn))  # noqa: S308 -- all that stands in it was escaped


def _box(row: Any, form: str, tick: str) -> str:
    if not form:
        return ""
    if getattr(row, "untickable", False):
        return NO_TICK
    return TICK.format(escape(form), escape(str(row.pk)), escape(tick), escape(called(row)))


def first(href: str, name: str, under: str = "") -> SafeString:
    """What stands in a first column: a name that leads to its page, and what is written under it."""
    below = UNDER.format(escape(under)) if under else ""
    return mark_safe(FIRST.format(escape(href), escape(name), below))  # noqa: S308 -- all three were escaped


def called(row: Any) -> str:
    """What a row is called: its name in the language of the page, else what it says of itself."""
    return named(row) if hasattr(row, "name_en") else str(getattr(row, "title", row.pk))


class Cells:
    """What stands under some heads: a cell in which many rows say the same, such as a state, is drawn once a page."""

    def __init__(self, heads: Sequence[Column]) -> None:
        self.heads = [
            (head, f'<td class="number" data-label="{label}">' if head.number else f'<td data-label="{label}">')
            for head in heads
            for label in (escape(head.label),)
        ]
        self.drawn: dict[Hashable, str] = {}

    def of(self, row: Any) -> str:
        """The cells of one row; of an empty one a phone shows no label."""
        texts = [(opening, self.text(head, row)) for head, opening in self.heads]
        return "".join([f"{opening}{text}</td>" if text else "<td></td>" for opening, text in texts])

    def text(self, head: Column, row: Any) -> str:
        """What stands in one of them, escaped."""
        if head.alike is None:
            return conditional_escape(head.draw(row))
        key = (head.code, head.alike(row))
        if key not in self.drawn:
            self.drawn[key] = conditional_escape(head.draw(row))
        return self.drawn[key]
