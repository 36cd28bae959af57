"""What a list draws without templates, for it draws it many times: rows, entries of selects, how long ago."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from festoon.console.templatetags.festoon import icon
from festoon.storefront.templatetags.said import ago, moment, named

register = template.Library()


@register.simple_tag
def drawn_rows(asked: Any, box: str, house: Any, tick: str, more: str) -> SafeString:
    """The rows of a list that draws them itself."""
    drawn: SafeString = asked.draw(box, house, tick, more)
    return drawn


@register.filter
def named_or(row: Any) -> str:
    """What a row of a list is called: its name in the language of the page, else what it says of itself."""
    return named(row) if hasattr(row, "name_en") else str(getattr(row, "title", row.pk))


@register.simple_tag
def symbols(names: Sequence[str]) -> SafeString:
    """Icons that a page draws many times, put into it once: each is then `<use href="#i-name">`."""
    each = [format_html('<symbol id="i-{}">{}</symbol>', name, icon(name)) for name in names]
    return format_html('<svg class="d-none" aria-hidden="true">{}</svg>', mark_safe("".join(each)))  # noqa: S308 -- our icons


@register.simple_tag
def options(choices: Iterable[tuple[str, str, bool]]) -> SafeString:
    """The entries of a select, each (code, label, whether chosen): drawn without a template, for some have hundreds."""
    drawn = (
        f'<option value="{escape(code)}" {"selected" if on else ""}>{escape(said)}</option>'
        for code, said, on in choices
    )
    return mark_safe("".join(drawn))  # noqa: S308 -- codes and labels are escaped


@register.simple_tag
def age(at: datetime) -> SafeString:
    """How long ago something was, and when that is."""
    exact = timezone.localtime(at).isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, moment(at), ago(at))
