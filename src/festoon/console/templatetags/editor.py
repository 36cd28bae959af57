"""What the form of an offer says beside its fields: the names of chosen goods, what a percentage comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from festoon.base.money import WHOLE, rounded
from festoon.base.words import Words
from festoon.console.offer_form.control import Control
from festoon.console.offer_form.figures import both, percent_text
from festoon.console.offer_page import ATTRIBUTES, but_not
from festoon.console.words import said
from festoon.offers.worst import DEEP
from festoon.storefront.rule import names_of
from festoon.storefront.templatetags.said import money, named

register = template.Library()
SHOWN = 24
SAMPLE = Words("pays", "到手价")
TOO_DEEP = Words("More than half off. Is it meant so?", "低于五折，请确认无误。")


@dataclass(frozen=True, slots=True)
class Picked:
    """The chosen values of one attribute: the first with their names, the rest as text."""

    name: str
    label: str
    shown: Sequence[tuple[str, str]]
    rest: str
    rest_count: int


@register.simple_tag
def picked(control: Control) -> list[Picked]:
    """What a scope holds, part by part."""
    more: Mapping[str, Any] = control.more
    parts = [_part(control.name, name, codes, _named(name)) for name, codes in more["within"].items() if codes]
    return parts + [
        _part(f"{control.name}.except", name, codes, but_not(_named(name)))
        for name, codes in more["except"].items()
        if codes
    ]


@register.filter
def attribute_name(code: str) -> str:
    """What an attribute of goods is called."""
    return said(_named(code))


def _named(attribute: str) -> Words:
    return ATTRIBUTES.get(attribute, Words(attribute, attribute))


def _part(base: str, attribute: str, codes: Sequence[str], label: Words) -> Picked:
    names = names_of(attribute, codes[:SHOWN])
    shown = [(code, said(names[code]) if code in names else code) for code in codes[:SHOWN]]
    return Picked(f"{base}.{attribute}", said(label), shown, "\n".join(codes[SHOWN:]), max(0, len(codes) - SHOWN))


@register.simple_tag
def beside(points: int, sample: Any) -> SafeString:
    """What a percentage off is in both ways of saying it, and what a sample product would cost by it."""
    told, less = both(points), Words("", f"减 {percent_text(points)}%")
    pair = (told.zh, less.zh) if (get_language() or "en").startswith("zh") else (told.en, told.zh)
    text = format_html("<b>{}</b> = <b>{}</b>", *pair)
    if sample is not None:
        price = sample.list_price - rounded(sample.list_price * points, WHOLE)
        currency = sample.merchant.currency
        text = format_html(
            '{} · {} <span class="nowrap">{} → <b>{}</b></span>',
            text,
            named(sample),
            money(sample.list_price, currency),
            money(price, currency),
        )
    return format_html('{} <span class="too-deep">{}</span>', text, said(TOO_DEEP)) if points > DEEP else text
