"""A row of the list of offers, drawn without a template: of twenty-five rows, templates took half of the page's time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from festoon.base.words import Words
from festoon.catalog.models import PLATFORM
from festoon.console import words
from festoon.console.columns import Column
from festoon.console.offer_page import type_title
from festoon.console.row import FIRST, TICK, UNDER, Cells
from festoon.console.templatetags.festoon import bar
from festoon.console.words import said
from festoon.storefront.templatetags.said import day_short, last_day, named, number

ICON = '<svg class="icon" aria-hidden="true"><use href="#i-{}"></use></svg>'
MENU = (
    '<td class="text-end more"><details class="row-menu"><summary class="quiet-button" aria-label="{}: {}">{}</summary>'
    '<div class="items">{}</div></details></td>'
)
NOTHING = "–"
OPEN, BESIDE = Words("Open", "打开"), Words("Look at it beside the list", "在侧栏查看")
EXCLUSIONS, HISTORY, COUPONS = Words("Exclusions", "互斥关系"), Words("History", "历史"), Words("Coupons", "优惠券")
OPEN_ENDED, NO_LIMIT = Words("open-ended", "长期有效"), Words("no limit", "不限量")
NONE_YET = Words("none yet", "尚未入库")


def rows(offers: Sequence[Any], heads: Sequence[Column], form: str, house: Any, tick: str, more: str) -> SafeString:
    """Each offer as a row: a tick that goes with `form` if there is one, what stands under the heads, the menu.

    What every row says is escaped once, and so is a name, which stands in its row three times.
    """
    form, tick, more = escape(form), escape(tick), escape(more)
    drawn, dots, menu, cells = [], icon("dots_vertical"), Menu(house), Cells(heads[1:])
    for offer in offers:
        name, under = escape(named(offer)), UNDER.format(escape(offer.code))
        box = TICK.format(form, offer.pk, tick, name) if form else ""
        first = FIRST.format(to("console:offer", offer.code), name, under)
        last = MENU.format(more, name, dots, menu.of(offer))
        drawn.append(f'<tr>{box}<td class="first">{first}</td>{cells.of(offer)}{last}</tr>')
    return mark_safe("".join(drawn))  # noqa: S308 -- all that stands in it was escaped


class Menu:
    """What can be done with an offer, in its row's menu: written once a page but for the address."""

    def __init__(self, house: Any) -> None:
        """`house` is the viewer's company."""
        self.house = house
        self.entries = [
            _entry("", "eye", OPEN),
            _entry("", "layout_sidebar_right", BESIDE, how=mark_safe(" data-drawer")),
            _entry("#exclusions", "arrows_split_2", EXCLUSIONS),
            _entry("#history", "history", HISTORY),
        ]
        self.coupons = _entry("", "ticket", COUPONS)

    def of(self, offer: Any) -> SafeString:
        """The menu of one offer."""
        there = to("console:offer", offer.code)
        drawn = [f'<a href="{there}{rest}' for rest in self.entries]
        if offer.kind == "coupon" and self.house and self.house.pk in (PLATFORM, offer.merchant_id):
            drawn.append(f'<a href="{to("console:coupon", offer.code)}{self.coupons}')
        return mark_safe("".join(drawn))  # noqa: S308 -- addresses and the rest are escaped


def _entry(rest: str, name: str, label: Words, how: str = "") -> SafeString:
    """A link from behind its address on: `rest` of the address, an icon, words."""
    return format_html('{}"{}>{}{}</a>', rest, how, icon(name), said(label))


@lru_cache(8192)
def to(screen: str, code: str) -> SafeString:
    """The address of a screen about one thing."""
    return mark_safe(escape(reverse(screen, args=[code])))  # noqa: S308 -- escaped


@lru_cache
def icon(name: str) -> SafeString:
    """An icon that the page holds once."""
    return format_html(ICON, name)


def kind_and_type(offer: Any) -> SafeString:
    """What it is."""
    kind = words.of(words.KINDS, offer.kind)
    title = said(type_title(offer.type)) if offer.type else NOTHING
    return format_html('<span>{} <span class="under whole">{}</span></span>', kind, title)


def theme(offer: Any) -> SafeString | str:
    """The campaign it is of."""
    found = offer.campaign
    if found is None:
        return NOTHING
    return format_html('<a class="text-reset short" href="{}">{}</a>', to("console:campaign", found.code), named(found))


def window(offer: Any) -> SafeString:
    """From when to when."""
    if offer.starts_at or offer.ends_at:
        return format_html('<span class="nowrap">{} – {}</span>', day_short(offer.starts_at), last_day(offer.ends_at))
    return format_html('<span class="nowrap"><span class="text-quiet">{}</span></span>', said(OPEN_ENDED))


def given_out(offer: Any) -> SafeString:
    """How much of what is counted is gone."""
    part = offer.given
    if part is None or not part.whole:
        return format_html('<span class="text-quiet nowrap">{}</span>', said(NONE_YET if part else NO_LIMIT))
    return format_html(
        '<span class="wide">{} <span class="text-quiet">/ {}</span>{}</span>',
        number(part.gone), number(part.whole), bar(part.share, part.tone),
    )  # fmt: skip


def owner(offer: Any) -> SafeString:
    """Whose it is."""
    return format_html('<span class="short">{}</span>', named(offer.merchant))
