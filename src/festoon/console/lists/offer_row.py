"""A row of the list of offers, drawn without a template: of twenty-five rows, templates took half of the page's time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from festoon.base.words import Words
from festoon.catalog.models import PLATFORM
from festoon.console import words
from festoon.console.columns import Column
from festoon.console.given import given_of
from festoon.console.offer_page import type_title
from festoon.console.words import said
from festoon.storefront.templatetags.said import day_short, last_day, named, number

ICON = '<svg class="icon" aria-hidden="true"><use href="#i-{}"></use></svg>'
FIRST = '<td class="first"><span><a class="name" href="{}">{}</a><span class="under">{}</span></span></td>'
TICK = (
    '<td class="tick"><input class="form-check-input" type="checkbox" form="{}" name="pick" value="{}"'
    ' aria-label="{}: {}"></td>'
)
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
    labels = [(head.code, escape(head.label)) for head in heads if head.code in CELLS]
    form, tick, more = escape(form), escape(tick), escape(more)
    drawn, dots, menu, alike = [], icon("dots_vertical"), Menu(house), Alike()
    for offer in offers:
        name = escape(named(offer))
        box = TICK.format(form, offer.pk, tick, name) if form else ""
        first = FIRST.format(to("console:offer", offer.code), name, escape(offer.code))
        rest = "".join([f'<td data-label="{label}">{alike.cell(code, offer)}</td>' for code, label in labels])
        drawn.append(f"<tr>{box}{first}{rest}{MENU.format(more, name, dots, menu.of(offer))}</tr>")
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


class Alike:
    """Cells in which many rows say the same, such as a state: drawn once a page."""

    def __init__(self) -> None:
        self.drawn: dict[tuple[str, Any], SafeString] = {}

    def cell(self, code: str, offer: Any) -> SafeString:
        """What stands in a column of one offer."""
        if code not in SAYS:
            return conditional_escape(CELLS[code](offer))
        said_by = (code, SAYS[code](offer))
        if said_by not in self.drawn:
            self.drawn[said_by] = conditional_escape(CELLS[code](offer))
        return self.drawn[said_by]


def _entry(rest: str, name: str, label: Words, how: str = "") -> SafeString:
    """A link from behind its address on: `rest` of the address, an icon, words."""
    return format_html('{}"{}>{}{}</a>', rest, how, icon(name), said(label))


@lru_cache(8192)
def to(screen: str, code: str) -> SafeString:
    """The address of a screen about one thing."""
    return escape(reverse(screen, args=[code]))


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
        return format_html('<span class="nowrap">{} – {}</span>', day_short(offer.starts_at), last_day(offer.ends_at))
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
SAYS: Mapping[str, Callable[[Any], Hashable]] = {
    "type": lambda offer: (offer.kind, offer.type),
    "state": lambda offer: offer.shown,
    "campaign": lambda offer: offer.campaign_id,
    "window": lambda offer: (offer.starts_at, offer.ends_at),
    "owner": lambda offer: offer.merchant_id,
}
"""By what cells of a column say the same; the others are drawn for each row."""
