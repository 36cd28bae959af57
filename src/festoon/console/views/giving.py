"""Customer service claims a coupon for a shopper who asks for one: found by its name, given with a reason."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.checkout import explaining, on_behalf
from festoon.console import instead
from festoon.console.screen import done, page, screen
from festoon.records.refusal import Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.templatetags.said import named

GIVEN = Words("Given: it is in the shopper's wallet.", "已领取，券已放入该顾客的卡包。")
WHICH = Words("Choose a coupon first.", "请先选择优惠券。")


@screen
def give(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Which of the live coupons this shopper may be given, each that may not with its reason: that opens the shopper, and is
    recorded before anything shows. Posted, one is claimed.
    """
    if request.method == "POST":
        return _given(request, viewer)
    now, shopper = timezone.now(), request.GET.get("shopper", "")[:96]
    try:
        explaining.open_shopper(shopper, by=viewer, now=now)
    except NotFound:
        return page(request, "console/give.html", {"shopper": ""}, status=404)
    asked = request.GET.get("q", "").strip()[:128]
    found = instead.found(viewer, asked, now=now)
    kept = on_behalf.hindrances([each.offer.code for each in found], shopper, by=viewer, now=now)
    rows = [(each, kept.get(each.offer.code)) for each in found]
    name = named(catalog.shoppers(SYSTEM).filter(code=shopper).first()) or shopper
    context = {"shopper": shopper, "name": name, "asked": asked, "rows": rows, "some": len(kept) < len(rows)}
    return page(request, "console/give.html", context)


def _given(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    said = request.POST
    if not said.get("offer"):
        raise Invalid("missing", WHICH, field="offer")
    shopper, now = said.get("shopper", ""), timezone.now()
    key = f"{viewer.name}:{said['key']}" if said.get("key") else ""
    on_behalf.give(said["offer"], shopper, why=said.get("why", ""), by=viewer, now=now, key=key)
    return done(request, f"{reverse('console:service')}?{urlencode({'q': shopper})}", GIVEN)
