"""Verbs on an offer that is out: stop it, lift the stop, exclude another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console.screen import done, screen
from festoon.offers import actions
from festoon.offers.models import Offer
from festoon.records.viewer import Viewer

STOPPED = Words("Stopped. Nothing more is granted.", "已停用，不再发放或使用新的优惠。")
LIFTED = Words("The stop is lifted.", "已解除停用。")
EXCLUDED = Words(
    "The two exclude each other; it takes effect when both are live.", "两项优惠已设为互斥，双方均生效时起作用。"
)


@require_POST
@screen
def stop(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Grant nothing more by this offer."""
    actions.stop("offer", code, why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, resolve_url("console:offer", code), STOPPED)


@require_POST
@screen
def lift(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Grant again."""
    actions.lift("offer", code, why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, resolve_url("console:offer", code), LIFTED)


@require_POST
@screen
def exclude(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Say that this offer and another do not serve together."""
    why = request.POST.get("why", "")
    actions.exclude(
        Offer(code=code),
        Offer(code=request.POST.get("other", "")),
        grain=request.POST.get("grain", "order"),
        reason=Words(why, why),
        by=viewer,
        now=timezone.now(),
    )
    return done(request, f"{resolve_url('console:offer', code)}#exclusions", EXCLUDED)
