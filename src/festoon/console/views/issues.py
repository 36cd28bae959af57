"""Giving a coupon to many: a segment, a list, or a query."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console.screen import done, screen
from festoon.coupons.bulk import issue_many
from festoon.records.listed import unmarked
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer

ORDERED = Words("It is being given out; Health shows how far it is.", "正在发放，进度见“健康检查”。")
WHOLE = Words("Write a whole number here.", "这里要填整数。")


@require_POST
@screen
def to_many(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Order it, and go where its progress shows."""
    audience = _audience(request)
    key = request.POST.get("key", "")
    issue_many(code, audience, each=_whole(request, "each", 1), by=viewer, now=timezone.now(), key=key)
    return done(request, "console:health", ORDERED)


def _audience(request: HttpRequest) -> dict[str, Any]:
    """What the form says: a list where one was pasted, else a segment, else levels and orders placed."""
    if listed := unmarked(request.POST.get("shoppers", "")).split():
        return {"shoppers": listed}
    if segment := request.POST.get("segment", ""):
        return {"segment": segment}
    levels = [level for level in request.POST.getlist("levels") if level]
    query: dict[str, Any] = {"levels": levels} if levels else {}
    for name in ("orders_at_least", "orders_at_most"):
        if request.POST.get(name):
            query[name] = _whole(request, name, 0)
    return {"query": query} if query else {}  # an empty form is not everybody


def _whole(request: HttpRequest, name: str, otherwise: int) -> int:
    try:
        return int(request.POST.get(name) or otherwise)
    except ValueError:
        raise Invalid("not_whole", WHOLE, field=name) from None
