"""Going anywhere by name: screens of the menu, campaigns, offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from festoon.base.words import Words
from festoon.console import queries, words
from festoon.console.finding import offers_named
from festoon.console.lists.parts import by_name, title
from festoon.console.menu import menu
from festoon.console.screen import page, screen
from festoon.records.viewer import Viewer

MOST = 8
SCREEN = Words("Screen", "页面")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go: what it is called, what it is, its icon and its address."""

    label: str
    about: str
    icon: str
    href: str


@screen
def go(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What was meant by a few letters; without any, the screens."""
    text = request.GET.get("q", "").strip()[:128]
    return page(request, "console/go.html", {"text": text, "places": places(viewer, text)})


def places(viewer: Viewer, text: str) -> Sequence[Place]:
    """Screens first, then campaigns, then offers: of each the few that fit."""
    found = _screens(viewer, text)
    if not text:
        return found
    if viewer.may("campaigns.read"):
        rows = by_name(queries.campaigns_seen(viewer), text)[:MOST]
        about = words.of(words.KINDS, "campaign")
        found += [Place(title(row), f"{about} · {row.code}", "confetti", _at("campaign", row.code)) for row in rows]
    if viewer.may("offers.read"):
        found += [
            Place(title(row), f"{words.of(words.KINDS, row.kind)} · {row.code}", "discount", _at("offer", row.code))
            for row in offers_named(viewer, text, MOST)
        ]
    return found


def _screens(viewer: Viewer, text: str) -> list[Place]:
    items = [item for group in menu(viewer) for item in group.items]
    meant = [item for item in items if text.lower() in f"{item.words.en} {item.words.zh}".lower()]
    return [Place(item.label, words.said(SCREEN), item.icon, reverse(item.to)) for item in meant]


def _at(screen: str, code: str) -> str:
    return reverse(f"console:{screen}", args=[code])
