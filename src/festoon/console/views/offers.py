"""Offers: the list with its states, one offer with everything about it, and the verbs on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.console import offer_page
from festoon.console.lists.offers import OfferList
from festoon.console.screen import page, screen
from festoon.console.views import lists
from festoon.records.viewer import Viewer

offer_list = lists.of(OfferList, "console/offers.html", "offers.read")
FILTERS = {"kind": "kind", "type": "type", "campaign": "campaign__code", "merchant": "merchant__code"}


@screen
def offer_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All offers the viewer sees, by state, kind, campaign, merchant and text."""
    viewer.require("offers.read")
    asked = request.GET
    rows = queries.in_life_order(queries.offers_shown(viewer, now=timezone.now()))
    if text := asked.get("q", "").strip():
        rows = rows.filter(Q(code__icontains=text) | Q(name_en__icontains=text) | Q(name_zh__icontains=text))
    for field, column in FILTERS.items():
        if value := asked.get(field):
            rows = rows.filter(**{column: value})
    tabs = queries.tabs(rows)
    if state := asked.get("state"):
        rows = rows.filter(shown=state)
    shown = listing(request, rows, tabs=tabs)
    as_seen(viewer, shown.rows)
    context = {
        "list": shown,
        "asked": asked,
        "campaigns": queries.campaigns_seen(viewer)[:100],
        "merchants": catalog.merchants(viewer),
        "types": offer_page.types(viewer),
        "may_write": viewer.may("offers.edit"),
    }
    return page(request, "console/offers.html", context)


@screen
def offer(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Everything about one offer."""
    viewer.require("offers.read")
    return page(request, "console/offer.html", offer_page.context(viewer, code, now=timezone.now()))
