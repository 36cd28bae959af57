"""The landing page's links: the demonstration's cart, its two offers, its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from festoon.offers import queries as offers
from festoon.records.viewer import Viewer
from festoon.storefront import queries as storefront
from festoon.storefront.addresses import page_of

CART = {"n.t-05": "2", "n.w-04": "1", "n.s-01": "1", "shopper": "mei"}
PAIR = ("d12-300-less-50", "d12-oolong-15")
TO_STOP = "d12-cups-3-for-2"


def links(viewer: Viewer, *, now: datetime) -> Mapping[str, str]:
    """Where each one-click thing leads; without the cast, to the plain screens."""
    known = set(offers.visible(viewer).filter(code__in=(*PAIR, TO_STOP)).values_list("code", flat=True))
    cart = f"{reverse('console:try')}?{urlencode(CART)}" if known else reverse("console:try")
    ticks = urlencode([("tick", code) for code in PAIR if code in known])
    running = storefront.campaigns_out(viewer, now=now)
    return {
        "cart": cart,
        "exclusive": f"{cart}&{ticks}" if ticks else cart,
        "stop": reverse("console:offer", args=[TO_STOP]) if TO_STOP in known else reverse("console:offers"),
        "shop": page_of(running[0].code if running else ""),
    }
