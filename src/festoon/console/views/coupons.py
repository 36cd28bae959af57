"""One coupon template: its stock, who holds it, and the code that leads a shopper to it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from festoon.catalog import queries as catalog
from festoon.console import instead, queries
from festoon.console.given import of_account
from festoon.console.lists.coupons import CouponList
from festoon.console.screen import screen
from festoon.console.standing import Standing
from festoon.console.views import lists
from festoon.coupons import limits
from festoon.coupons import queries as coupons
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.addresses import page_of


@screen
def coupon(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponseBase:
    """The template, its coupons by state, and its QR code: who holds them is its own merchant's business."""
    viewer.require("offers.read")
    now = timezone.now()
    own = offers.own(viewer).order_by().select_related("campaign", "merchant", "template__stock")
    offer: Any = own.filter(code=code, kind="coupon").first()
    if offer is None:
        raise NotFound("coupon")
    offer.shown, counts = Standing.at(now).of(offer), queries.coupon_counts(offer)
    link = request.build_absolute_uri(page_of(offer.campaign.code, scene=opens(offer))) if offer.campaign else ""
    context = {
        "offer": offer,
        "template": offer.template,
        "stock": of_account(offer.template.stock),
        "limits": limits.of_template(offer.template),
        "counts": counts,
        "link": f"{link}#coupon-{code}" if link else "",
        "qr": qr(f"{link}#coupon-{code}") if link else "",
        "may_issue": viewer.may("coupons.issue") and offer.shown == "live",
        "segments": catalog.segments(viewer),
        "levels": catalog.levels(viewer) if viewer.may("coupons.issue") else (),
        "issues": coupons.issues(viewer).filter(template=offer.template)[:5],
    }
    asked = CouponList(request, viewer, now, offer=offer, known=counts)
    return lists.answer(asked, "console/coupon.html", context)


@screen
def find(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Coupons by name, for what makes up for a recalled one."""
    viewer.require("coupons.issue")
    asked = request.GET.get("q", "").strip()[:128]
    chosen, but, campaign = (request.GET.get(name, "") for name in ("compensation", "but", "campaign"))
    rows = instead.found(viewer, asked, but=but, campaign=campaign, chosen=chosen, now=timezone.now())
    kept = chosen if any(row.offer.code == chosen for row in rows) else ""
    return render(request, "console/instead.html", {"found": rows, "asked": asked, "chosen": kept})


def opens(offer: Offer) -> str:
    """A scene in which the coupon is claimed, where it is claimed in no other way: its link has to say it."""
    live = offers.live_releases(SYSTEM, "distribution").filter(
        data__campaign=offer.campaign.code if offer.campaign else ""
    )
    told = [data for data in live.values_list("data", flat=True) if offer.code in (data.get("offers") or [offer.code])]
    scenes = [data.get("claim_scenes") or [""] for data in told]
    return "" if not scenes or [""] in scenes else str(scenes[0][0])


@lru_cache(1024)
def qr(text: str) -> SafeString:
    """The text as a QR code, an SVG to stand in a page."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, scale=4, border=2, omitsize=True)
    return mark_safe(out.getvalue().decode())  # noqa: S308 -- segno draws squares; the text is not in it
