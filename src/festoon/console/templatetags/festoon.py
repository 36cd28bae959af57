"""What the console says about codes: states, roles, kinds, payers; and where its screens are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import cotton_icons  # type: ignore[import-untyped]
from django import template
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from festoon.base.words import Words
from festoon.catalog.roles import permissions
from festoon.console import field as fields
from festoon.console import words as known
from festoon.console.events import event
from festoon.console.given import Given, given_of
from festoon.console.history import who as who_of
from festoon.console.jobs import JOBS
from festoon.console.menu import Group, Item
from festoon.console.offer_page import type_title
from festoon.console.review_levels import beyond_name
from festoon.storefront.rule import names_of
from festoon.storefront.templatetags.said import money, number
from festoon.storefront.templatetags.said import words as said_words

register = template.Library()
register.filter(event)
register.filter(beyond_name)
ICONS = Path(cotton_icons.__file__).parent / "templates" / "cotton" / "tablericon"
OUTLINE = re.compile(r"variant == 'outline'.*?<svg[^>]*>(.*?)</svg>", re.DOTALL)
CALLED = re.compile(r"@[\w-]+")


@register.filter
def initials(person: Any) -> str:
    """Two letters, or the one character of a Chinese given name, for a round picture."""
    if (get_language() or "en").startswith("zh"):
        return str(person.name_zh)[-1:]
    return "".join(part[0] for part in person.name_en.split())[:2].upper()


@register.filter
def burnt(figure: int, rule: Any) -> str:
    """A figure of a burn rule or of its alarm, in what the rule watches: money, or pieces."""
    return money(figure, rule.merchant.currency) if rule.in_money else number(figure)


@register.filter
def roles(codes: list[str]) -> str:
    """Roles in words."""
    return known.said(Words(", ", "、")).join(known.of(known.ROLES, code) for code in codes)


@register.filter
def role(code: str) -> str:
    """A role in words."""
    return known.of(known.ROLES, code)


@register.filter
def right(code: str) -> str:
    """What a right lets one do, in words."""
    return known.of(dict(permissions().rights), code)


@register.filter
def person(code: str) -> str:
    """Somebody by name."""
    return who_of(f"person:{code}")


@register.filter
def kind(code: str) -> str:
    """A kind of thing in words."""
    return known.of(known.KINDS, code)


@register.filter
def channel(code: str) -> str:
    """A channel in words."""
    return known.of(known.CLAIMED_IN, code)


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
@cache
def address(name: str) -> str:
    """The address of a screen by its name."""
    return reverse(name)


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
    """A moment as data keeps it; one without a zone is of the page's."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else timezone.make_aware(at)


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


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """An icon as an inline SVG, hidden from screen readers: read once, for a list draws it hundreds of times."""
    return format_html(SVG, f"icon {classes}".strip(), paths(name))


SVG = (
    '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
    ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
)


@cache
def paths(name: str) -> SafeString:
    """What an icon is drawn of. Raises TemplateDoesNotExist for one that is not in the package."""
    file = ICONS / f"{name}.html"
    found = OUTLINE.search(file.read_text()) if re.fullmatch(r"[a-z0-9_]+", name) and file.exists() else None
    if found is None:
        raise template.TemplateDoesNotExist(f"icon {name}")
    return mark_safe("".join(line.strip() for line in found.group(1).splitlines()))  # noqa: S308 -- a file of the package


@register.simple_tag
@cache
def style_sheets(names: Sequence[str]) -> SafeString:
    """The links to the style sheets of every page; where they are does not change while a process runs."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in names))


@register.simple_tag(takes_context=True)
def navigation(context: template.Context, groups: Sequence[Group]) -> SafeString:
    """The side menu, with the entry of the page being drawn marked."""
    request = context["request"]
    return mark_safe("".join(_entries(group, request) for group in groups))  # noqa: S308 -- labels are escaped


def _entries(group: Group, request: HttpRequest) -> str:
    head = format_html('<li class="nav-heading" aria-hidden="true">{}</li>', group.label) if group.label else ""
    return head + "".join(_entry(item, request) for item in group.items)


def _entry(item: Item, request: HttpRequest) -> str:
    href, shown = address(item.to), request.resolver_match
    on = request.path == href if href == "/" else request.path.startswith(href)
    on = on or (shown is not None and shown.view_name in item.others)
    marked, label = ' aria-current="page"' if on else "", f"<span>{escape(item.label)}</span>"
    count = f'<span class="nav-count">{item.count}</span>' if item.count else ""
    return f'<li class="nav-item"><a class="nav-link" href="{href}"{marked}>{icon(item.icon)}{label}{count}</a></li>'


@register.simple_tag
def standing(code: str) -> SafeString:
    """A state as a label with its tone: the `status` component, for rows of lists."""
    state = known.state(code)
    return format_html('<span class="state tone-{}">{}</span>', state.tone, state.label)


@register.simple_tag
def bar(share: int, tone: str = "var(--chart-1)") -> SafeString:
    """A bar beside figures that say the same: the `bar` component, for rows of lists."""
    return format_html(
        '<span class="bar" aria-hidden="true"><i style="--share: {}; --tone: {}"></i></span>', share, tone
    )


@register.filter
def called(code: str, field: str) -> str:
    """What people call a code of one field (`sku`, `store`, `segment`, `category` …); the code itself if nothing."""
    found = names_of(field, [code])
    return known.said(found[code]) if code in found else code


@register.filter
def job(code: str) -> str:
    """A kind of job in words."""
    return known.of(JOBS, code)


@register.filter
def note(text: str) -> str:
    """What a job says of itself, in the language of the page: it keeps `English · 中文`."""
    return known.either(text)


@register.filter
def why(row: Any) -> str:
    """Why something was stopped or done."""
    return known.why(row)
