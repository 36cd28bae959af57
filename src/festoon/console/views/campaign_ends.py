"""What is done with a whole campaign: copied, recalled, archived, read and changed as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.campaigns import queries as themes
from festoon.composition import actions as composition
from festoon.composition import templates
from festoon.composition.difference import changes
from festoon.composition.text import line, text
from festoon.console.asked import whole
from festoon.console.screen import done, page, screen
from festoon.console.words import said
from festoon.records.located import Unreadable, read_text
from festoon.records.refusal import Invalid, Refusal
from festoon.records.viewer import Viewer

COPIED = Words("Copied as a draft. Money is not copied: set it aside here.", "已复制为草稿。预算不会复制，请在此设置。")
KEPT = Words("Kept as a template: begin another from it here.", "已存为模板，可在此据其新建活动。")
DROPPED = Words("The template is gone. Campaigns that began from it stay.", "模板已删除，由其新建的活动不受影响。")
RECALLED = Words("Recalled: nothing more is granted from now on.", "已召回，即刻停止发放。")
ARCHIVED = Words("Archived with its figures: nothing of it is live.", "已归档并保留数据，不再有任何生效内容。")
APPLIED = Words("Applied. What changed is a draft until it is agreed on.", "已应用，改动为草稿，审核后生效。")
NOT_TEXT = Words("This cannot be read as YAML.", "无法按 YAML 读取。")
WHOLE = Words("Write whole days here.", "请填写整数天数。")
LONGEST = 500_000
Wrong = tuple[int, str, str]


@require_POST
@screen
def copy(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Last year's, again: every part as a draft, so many days later."""
    days = request.POST.get("days", "365")
    later = whole(days.removeprefix("-"))
    if later is None:
        raise Invalid("not_whole", WHOLE, field="days")
    name = request.POST.get("new", "").strip()
    campaign = themes.campaign(viewer, code)
    composition.copy(
        campaign, code=name, shift_days=-later if days.startswith("-") else later, by=viewer, now=timezone.now()
    )
    return done(request, resolve_url("console:compose", name, "goals"), COPIED)


@require_POST
@screen
def keep_template(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Kept with its name, to begin others from."""
    given = request.POST
    name, about = (Words(given.get(f"{part}_en", ""), given.get(f"{part}_zh", "")) for part in ("name", "about"))
    found = themes.campaign(viewer, code)
    kept = templates.keep(found, name=name, about=about, by=viewer, now=timezone.now())
    return done(request, resolve_url("console:campaign-new") + f"?from={templates.OWN}{kept.code}", KEPT)


@require_POST
@screen
def drop_template(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Taken from the wall."""
    templates.drop(code, by=viewer, now=timezone.now())
    return done(request, resolve_url("console:campaign-new"), DROPPED)


@require_POST
@screen
def recall(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Out of the book now; what shoppers hold is honoured or void, and they may get another coupon for it."""
    given = request.POST
    composition.recall(
        themes.campaign(viewer, code), outstanding=given.get("outstanding", ""), why=given.get("why", ""),
        compensation=given.get("compensation", "").strip(), by=viewer, now=timezone.now(), key=given.get("key", ""),
    )  # fmt: skip
    return done(request, resolve_url("console:campaign", code), RECALLED)


@require_POST
@screen
def archive(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Thrown away whole, its figures kept."""
    composition.archive(themes.campaign(viewer, code), by=viewer, now=timezone.now())
    return done(request, resolve_url("console:campaign", code), ARCHIVED)


@screen
def as_text(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The campaign as text; changed here, first the difference is shown, then it is applied."""
    viewer.require("campaigns.read")
    campaign = themes.campaign(viewer, code)
    archived = themes.archive(viewer, campaign)
    there = archived.text if archived else text(viewer, campaign)
    if request.GET.get("download"):
        answer = HttpResponse(there, content_type="application/yaml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{campaign.code}.yaml"'
        return answer
    context: dict[str, Any] = {
        "campaign": campaign,
        "text": there,
        "archived": archived,
        "may": viewer.may("campaigns.edit"),
    }
    if request.method == "POST":
        given = request.POST.get("text", "")[:LONGEST]
        try:
            written, told, wrong = _looked_at(given, viewer)
            if request.POST.get("do") == "apply" and not wrong:
                composition.apply(written, by=viewer, now=timezone.now())
                return done(request, resolve_url("console:campaign", code), APPLIED)
        except Refusal as refusal:
            told, wrong = [], [(0, refusal.field, said(refusal.words))]
        context |= {"text": given, "changes": told, "wrong": wrong}
    return page(request, "console/campaign_text.html", context)


def _looked_at(given: str, viewer: Viewer) -> tuple[Mapping[str, Any], list[str], list[Wrong]]:
    """What is written, what it would change, and everything that would be refused: line, field, words."""
    try:
        found = read_text(given)
    except Unreadable as fault:
        return {}, [], [(fault.line, "", f"{said(NOT_TEXT)} {said(fault.words)}")]
    if found.faults:
        return {}, [], [(line, each.field, said(each.words)) for line, each in found.faults]
    written = found.data if isinstance(found.data, dict) else {}
    told = [line(change) for change in changes(viewer, written, now=timezone.now())]
    faults = composition.faults(written, by=viewer, now=timezone.now()) if viewer.may("campaigns.edit") else []
    wrong = [(found.line_at(each.field), each.field, said(each.words)) for each in faults]
    return written, told, sorted(wrong)
