"""A row of the list of offers, drawn without a template: of twenty-five rows, templates took half of the page's time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from festoon.base.words import Words
from festoon.catalog.models import PLATFORM
from festoon.console import words
from festoon.console.columns import Column
from festoon.console.given import given_of
from festoon.console.offer_page import type_title
from festoon.console.words import said
from festoon.storefront.templatetags.said import day_short, named, number

ICON = '<svg class="icon" aria-hidden="true"><use href="#i-{}"></use></svg>'
FIRST = '<td class="first"><span><a class="name" href="{}">{}</a><span class="under">{}</span></span></td>'
NOTHING = "–"
OPEN, BESIDE = Words("Open", "打开"), Words("Look at it beside the list", "在侧栏查看")
EXCLUSIONS, HISTORY, COUPONS = Words("Exclusions", "互斥关系"), Words("History", "历史"), Words("Coupons", "优惠券")
OPEN_ENDED, NO_LIMIT = Words("open-ended", "长期有效"), Words("no limit", "不限量")
NONE_YET = Words("none yet", "尚未入库")


def cells(offer: Any, heads: Sequence[Column]) -> SafeString:
    """What stands under these heads, each with its head's words, which a phone puts before it."""
    there = to("console:offer", offer.code)
    parts = [format_html(FIRST, there, named(offer), offer.code)]
    parts += [
        format_html('<td data-label="{}">{}</td>', head.label, CELLS[head.code](offer))
        for head in heads
        if head.code in CELLS
    ]
    return mark_safe("".join(parts))  # noqa: S308 -- each was put together by format_html


def items(offer: Any, house: Any) -> SafeString:
    """What can be done with the offer, in its row's menu; `house` is the viewer's company."""
    there = to("console:offer", offer.code)
    entries = [
        (there, "", "eye", said(OPEN)),
        (there, mark_safe(" data-drawer"), "layout_sidebar_right", said(BESIDE)),
        (f"{there}#exclusions", "", "arrows_split_2", said(EXCLUSIONS)),
        (f"{there}#history", "", "history", said(HISTORY)),
    ]
    if offer.kind == "coupon" and house and house.pk in (PLATFORM, offer.merchant_id):
        entries.append((to("console:coupon", offer.code), "", "ticket", said(COUPONS)))
    drawn = [format_html('<a href="{}"{}>{}{}</a>', href, how, icon(name), label) for href, how, name, label in entries]
    return mark_safe("".join(drawn))  # noqa: S308 -- each was put together by format_html


@lru_cache(8192)
def to(screen: str, code: str) -> str:
    """The address of a screen about one thing."""
    return reverse(screen, args=[code])


@lru_cache
def icon(name: str) -> SafeString:
    """An icon that the page holds once."""
    return format_html(ICON, name)


def _type(offer: Any) -> SafeString:
    kind = words.of(words.KINDS, offer.kind)
    title = said(type_title(offer.type)) if offer.type else NOTHING
    return format_html('<span>{}<span class="under whole">{}</span></span>', kind, title)


def _state(offer: Any) -> SafeString:
    state = words.state(offer.shown)
    return format_html('<span class="state tone-{}">{}</span>', state.tone, state.label)


def _campaign(offer: Any) -> SafeString | str:
    theme = offer.campaign
    if theme is None:
        return NOTHING
    return format_html('<a class="text-reset short" href="{}">{}</a>', to("console:campaign", theme.code), named(theme))


def _window(offer: Any) -> SafeString:
    if offer.starts_at or offer.ends_at:
        return format_html('<span class="nowrap">{} – {}</span>', day_short(offer.starts_at), day_short(offer.ends_at))
    return format_html('<span class="nowrap"><span class="text-quiet">{}</span></span>', said(OPEN_ENDED))


def _given(offer: Any) -> SafeString:
    part = given_of(offer)
    if part is None or not part.whole:
        return format_html('<span class="text-quiet nowrap">{}</span>', said(NONE_YET if part else NO_LIMIT))
    return format_html(
        '<span class="wide">{} <span class="text-quiet">/ {}</span>'
        '<span class="bar" aria-hidden="true"><i style="--share: {}; --tone: {}"></i></span></span>',
        number(part.gone), number(part.whole), part.share, part.tone,
    )  # fmt: skip


CELLS: Mapping[str, Callable[[Any], str]] = {
    "type": _type,
    "state": _state,
    "campaign": _campaign,
    "window": _window,
    "given": _given,
    "owner": lambda offer: format_html('<span class="short">{}</span>', named(offer.merchant)),
}
"""How each column but the first is drawn."""
