"""A campaign's poster or roll-up banner: composed on a page, printed by the browser, or taken as a drawing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.console import poster_page
from festoon.console.screen import page, screen
from festoon.console.words import said
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.storefront.drawing import svg
from festoon.storefront.poster import PAPERS, promises
from festoon.storefront.templatetags.said import locale

WRONG = Words("There is no such poster: choose on its page.", "没有此海报，请在海报页选择。")


@screen
def poster(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """What it looks like, with everything that can be chosen."""
    viewer.require("campaigns.read")
    campaign = campaigns.campaign(viewer, code)
    every = promises(campaign, now=timezone.now())
    asked = poster_page.form(request, viewer, every, _first())
    return page(request, "console/poster.html", poster_page.context(campaign, asked, every, _site(request)))


@screen
def drawn(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The poster as an SVG file."""
    viewer.require("campaigns.read")
    drawing, paper = _drawn(request, viewer, code)
    answer = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    kept = "attachment" if request.GET.get("download") else "inline"
    answer["Content-Disposition"] = f'{kept}; filename="{code}-{paper}.svg"'
    return answer


@screen
def to_print(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The poster alone on a page of its size, for the browser to print or to keep as PDF."""
    viewer.require("campaigns.read")
    drawing, paper = _drawn(request, viewer, code)
    whole = mark_safe(drawing)  # noqa: S308 -- made by ElementTree, which escapes every text in it
    return render(
        request, "console/poster_print.html", {"drawing": whole, "paper": paper, "size": said(PAPERS[paper].name)}
    )


def _drawn(request: HttpRequest, viewer: Viewer, code: str) -> tuple[str, str]:
    campaign = campaigns.campaign(viewer, code)
    every = promises(campaign, now=timezone.now())
    asked = poster_page.form(request, viewer, every, _first())
    if not asked.is_valid():
        raise Invalid("wrong_form", WRONG, field=next(iter(asked.errors)))
    found = asked.cleaned_data
    return svg(poster_page.poster(viewer, campaign, every, found, _site(request))), found["paper"]


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _first() -> str:
    return "en" if locale() == "en" else "zh"
