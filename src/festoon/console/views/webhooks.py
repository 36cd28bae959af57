"""Webhooks: who is told what happens, what is on its way, what was not taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console.events import ticks
from festoon.console.lists.webhooks import DeliveryList, EndpointList
from festoon.console.screen import done, screen
from festoon.console.views import lists
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.webhooks import actions, queries
from festoon.webhooks.signing import secret

SUBSCRIBED = Words("It is told from now on.", "从现在起推送。")
SAID = {
    "change": Words("Changed. What waits goes there too.", "已修改，等待中的也将推送到新地址。"),
    "pause": Words(
        "Nothing is sent for now; what happens is kept until you resume.", "已暂停推送，期间的事件将保留至恢复。"
    ),
    "resume": Words("It is sent to again.", "已恢复推送。"),
    "end": Words("Nothing is sent there any more.", "已停止推送。"),
    "change_secret": Words("There is a new secret; for a day both sign.", "已生成新密钥，一天内新旧密钥同时签名。"),
    "resend": Words("What was not taken is sent again.", "未送达的将重新推送。"),
}


@screen
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The endpoints; posted to, it subscribes one."""
    viewer.require(actions.RIGHT)
    if request.method == "POST" and "bulk" not in request.POST:
        made = actions.subscribe(
            _said(request, "name"), _said(request, "url"), _kinds(request),
            by=viewer, now=timezone.now(), key=request.POST.get("key", ""),
        )  # fmt: skip
        return done(request, resolve_url("console:webhook", made.pk), SUBSCRIBED)
    return lists.answer(EndpointList(request, viewer, timezone.now()), "console/webhooks.html", {"groups": ticks()})


@screen
def endpoint(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponseBase:
    """One endpoint: its secret, and its deliveries by state."""
    viewer.require(actions.RIGHT)
    found = queries.endpoint(viewer, number)
    asked = DeliveryList(request, viewer, timezone.now(), endpoint=found)
    return lists.answer(
        asked, "console/webhook.html", {"endpoint": found, "secret": secret(found), "groups": ticks(found.kinds)}
    )


@require_POST
@screen
def act(request: HttpRequest, viewer: Viewer, number: int, verb: str) -> HttpResponse:
    """Change, pause, resume, end, change the secret, send again."""
    if verb not in SAID:
        raise NotFound("verb")
    wanted: dict[str, Any] = {}
    if verb == "change":
        wanted = {"name": _said(request, "name"), "url": _said(request, "url"), "kinds": _kinds(request)}
    getattr(actions, verb)(number, **wanted, by=viewer, now=timezone.now(), key=request.POST.get("key", ""))
    to = "console:webhooks" if verb == "end" else resolve_url("console:webhook", number)
    return done(request, to, SAID[verb])


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()


def _kinds(request: HttpRequest) -> list[str]:
    """The kinds that are ticked; none means all."""
    return request.POST.getlist("kinds")
