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


@screen
def offer(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Everything about one offer."""
    viewer.require("offers.read")
    return page(request, "console/offer.html", offer_page.context(viewer, code, now=timezone.now()))
