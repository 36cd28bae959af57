"""What the console says about codes: states, roles, kinds, payers; and where its screens are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from festoon.base.words import Words
from festoon.console import field as fields
from festoon.console import words as known
from festoon.console.given import Given, given_of
from festoon.console.history import who as who_of
from festoon.console.offer_page import type_title
from festoon.storefront.templatetags.said import words as said_words

register = template.Library()
CALLED = re.compile(r"@[\w-]+")


@register.filter
def initials(person: Any) -> str:
    """Two letters, or the one character of a Chinese given name, for a round picture."""
    if (get_language() or "en").startswith("zh"):
        return str(person.name_zh)[-1:]
    return "".join(part[0] for part in person.name_en.split())[:2].upper()


@register.filter
def roles(codes: list[str]) -> str:
    """Roles in words."""
    return ", ".join(known.of(known.ROLES, code) for code in codes)


@register.filter
def kind(code: str) -> str:
    """A kind of thing in words."""
    return known.of(known.KINDS, code)


@register.filter
def channel(code: str) -> str:
    """A channel in words."""
    return known.of(known.CHANNELS, code)


@register.filter
def level(code: str) -> str:
    """A shopper's level in words."""
    return known.of(known.LEVELS, code)


@register.filter
def metric(code: str) -> str:
    """A metric in words."""
    return known.of(known.METRICS, code)


@register.filter
def payer(code: str) -> str:
    """Who pays: the platform, or a merchant by its name."""
    return known.payer(code)


@register.simple_tag
def state(code: str) -> known.Known:
    """A state's label and tone."""
    return known.state(code)


@register.simple_tag
def address(name: str) -> str:
    """The address of a screen by its name."""
    return reverse(name)


@register.simple_tag(takes_context=True)
def here(context: template.Context, href: str) -> SafeString:
    """Marks the menu entry of the page being drawn."""
    path = context["request"].path
    on = path == href if href == "/" else path.startswith(href)
    return format_html('aria-current="{}"', "page") if on else SafeString("")


@register.filter
def type_name(code: str) -> str:
    """The title of a promotion type."""
    return known.said(type_title(code)) if code else "–"


@register.simple_tag
def given(offer: Any) -> Given | None:
    """How much of an offer's stock or units is gone; None when nothing is counted."""
    return given_of(offer)


@register.filter
def who(name: str) -> str:
    """Somebody of the audit by name."""
    return who_of(name)


@register.filter
def other_words(both: Words | Mapping[str, str] | None) -> str:
    """The same words in the language the page is not in."""
    with override("en" if (get_language() or "en").startswith("zh") else "zh-hans"):
        return said_words(both)


@register.filter
def held(quantities: Mapping[str, int], sku: str) -> int:
    """How many of one sku a basket holds."""
    return quantities.get(sku, 0)


@register.filter
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """One entry of a table; None when it is not there."""
    return table.get(key) if table else None


@register.filter
def pretty(value: Any) -> str:
    """Data as text, as it is kept."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)


@register.filter
def instant(text: str) -> datetime:
    """A moment as data keeps it."""
    return datetime.fromisoformat(text)


@register.simple_tag
def drawn(bound: BoundField, prefix: str = "", suffix: str = "") -> fields.Drawn:
    """A form field ready to be drawn."""
    return fields.drawn(bound, prefix, suffix)


@register.simple_tag
def drawn_at(bound: BoundField) -> str:
    """Where an error of a field leads."""
    return bound.auto_id if fields.kind_of(bound) == "options" else bound.id_for_label


@register.filter
def mentions(text: str) -> SafeString:
    """What somebody said, with the names that were called set off."""
    safe = CALLED.sub(lambda called: f'<span class="mention">{called.group()}</span>', escape(text))
    return mark_safe(safe)  # noqa: S308 -- escaped before; a called name is letters, digits, _ and -
