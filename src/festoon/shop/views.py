"""The shopper's pages: the campaigns that run, one campaign, claim, and who is there."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from festoon.base.words import Words
from festoon.catalog.models import PLATFORM
from festoon.checkout.shopper_token import verify_shopper_token
from festoon.distribution.claims import claim as claim_coupon
from festoon.records.refusal import NotFound, Refusal
from festoon.shop import visitor
from festoon.shop.came import came, doorman, opened
from festoon.storefront import queries
from festoon.storefront.page import page

KEY = re.compile(r"[0-9a-f]{32}")
CLAIMED = Words("It is yours: look into your wallet.", "领取成功，已放入卡包。")
WHO = Words("Choose who you are first.", "请先选择您的身份。")


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns that run now; with one of them, that one."""
    found = queries.campaigns_out(visitor.viewer(None), now=timezone.now())
    ours = [each for each in found if each.merchant_id == PLATFORM] or found
    if not ours:
        return render(request, "shop/none.html", status=404)
    return redirect("shop:campaign", ours[0].code)


@require_GET
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """One campaign's page."""
    now = timezone.now()
    signed = visitor.signed(request, now=now)
    by, who = visitor.viewer(signed), signed.shopper if signed else ""
    try:
        found = queries.campaign(by, code)
    except NotFound as missing:
        raise Http404 from missing
    with timezone.override(ZoneInfo(found.zone)):
        context = {
            "page": page(by, found, shopper=who, now=now),
            "came": came(request.GET.dict(), code),
            "who": who,
            "choices": visitor.choices(),
            "others": [each for each in queries.campaigns_out(by, now=now) if each.code != code][:3],
        }
        return render(request, "shop/campaign.html", context)


@require_POST
def seen(request: HttpRequest, code: str) -> HttpResponse:
    """The page was opened by the code of a poster: counted by its scene and store."""
    now, where = timezone.now(), came(request.POST.dict(), code)
    key = request.POST.get("key", "")
    near = str(request.META.get("REMOTE_ADDR", ""))
    signed = visitor.signed(request, now=now)
    by = visitor.viewer(signed)
    try:
        queries.campaign(by, code)
    except NotFound as missing:
        raise Http404 from missing
    if (where.scene or where.store) and KEY.fullmatch(key) and doorman.lets_in(near, now):
        opened(code, where, shopper=signed.shopper if signed else "", by=by, now=now, key=key)
    return HttpResponse(status=204)


@require_POST
def claim(request: HttpRequest, code: str, offer: str) -> HttpResponse:
    """Take one coupon; the page says how it went."""
    now = timezone.now()
    signed, where = visitor.signed(request, now=now), came(request.POST.dict(), code)
    if signed is None:
        messages.error(request, _said(WHO))
        return redirect(where.to(code))
    try:
        key = f"page:{signed.shopper}:{request.POST.get('key', '')}"
        near = str(request.META.get("REMOTE_ADDR", ""))
        by = where.at(visitor.viewer(signed))
        claim_coupon(offer, signed.shopper, scene=where.scene, device=near, by=by, now=now, key=key)
        messages.success(request, _said(CLAIMED))
    except Refusal as refusal:
        messages.error(request, _said(refusal.words))
    return redirect(where.to(code))


@require_POST
def be(request: HttpRequest, code: str) -> HttpResponse:
    """The demonstration's picker: be one of the made-up shoppers. In a shop, its own server signs the token."""
    response = redirect(came(request.POST.dict(), code).to(code))
    chosen = request.POST.get("shopper", "")
    if chosen in {known for known, _, _ in visitor.choices()}:
        visitor.pick(response, chosen, now=timezone.now(), secure=request.is_secure())
    return response


@csrf_exempt
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Come in with a `token` the shop's server asked for over /v1; then to the page of `campaign`, if one is named.

    The post comes from the shop's own pages, so no cookie of ours can vouch for it; the token's seal does.
    """
    now, token = timezone.now(), request.POST.get("token", "")
    try:
        ends = verify_shopper_token(token, now=now).ends
    except Refusal as refusal:
        return HttpResponse(_said(refusal.words), status=refusal.status, content_type="text/plain; charset=utf-8")
    to = _slug(request.POST.get("campaign", ""))
    response = redirect(came(request.POST.dict(), to).to(to))
    visitor.remember(response, token, ends, now=now, secure=request.is_secure())
    return response


def _slug(text: str) -> str:
    return text if slug_re.fullmatch(text) else ""


def _said(words: Words) -> str:
    return words.in_(get_language() or "en")
