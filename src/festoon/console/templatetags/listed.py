"""What a list draws without templates, for it draws it many times: rows, entries of selects, how long ago."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from festoon.console.columns import Tab
from festoon.console.templatetags.festoon import icon
from festoon.storefront.templatetags.said import ago, moment, number

register = template.Library()


@register.simple_tag
def drawn_rows(asked: Any, box: str, house: Any, tick: str, more: str) -> SafeString:
    """The rows of a list."""
    drawn: SafeString = asked.draw(box, house, tick, more)
    return drawn


TAB = (
    '<a href="{href}" {on} hx-get="{href}" hx-target="#{box}" hx-select="#{box}" hx-swap="outerHTML"'
    ' hx-push-url="true">{label}{count}</a>'
)


@register.simple_tag
def tabs(found: Sequence[Tab], box: str) -> SafeString:
    """The tabs of the list in the table `box`, each with how many are in it where that is counted."""
    return mark_safe("".join([_tab(each, escape(box)) for each in found]))  # noqa: S308 -- addresses and labels are escaped


def _tab(tab: Tab, box: str) -> str:
    counted = "" if tab.count is None else "9,999+" if tab.over else number(tab.count)
    count = f' <span class="count">{counted}</span>' if counted else ""
    on = 'aria-current="true"' if tab.on else ""
    return TAB.format(href=escape(tab.href), on=on, box=box, label=escape(tab.label), count=count)


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
