"""Campaigns: the list, one campaign with its five blocks, and its verbs as a whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.composition import actions as composition
from festoon.console import campaign_page
from festoon.console.asked import whole
from festoon.console.lists.campaigns import CampaignList
from festoon.console.screen import done, page, screen
from festoon.console.views import lists
from festoon.records.viewer import Viewer

NAMED = 4
"""How many of the campaigns that are over are named above the list."""
SUBMITTED = Words("Submitted: everybody who has to agree finds it in the inbox.", "已提交，相关审核人会在待办中看到。")
APPROVED = Words("Approved. What passed its last level is live.", "已通过，完成最后一级的内容即刻生效。")


@screen
def campaign_list(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """All campaigns; and which one-off ones are over and wait to be thrown away."""
    viewer.require("campaigns.read")
    now = timezone.now()
    over = list(campaigns.over(viewer, now)[: NAMED + 1]) if viewer.may("campaigns.edit") else []
    context = {"over": over[:NAMED], "over_more": len(over) > NAMED}
    return lists.answer(CampaignList(request, viewer, now), "console/campaigns.html", context)


@screen
def campaign(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """State, schedule, goals, budget, offers, distributions, performance, history: one page."""
    viewer.require("campaigns.read")
    shown = campaign_page.context(viewer, code, cost="cost" in request.GET, now=timezone.now())
    return page(request, "console/campaign.html", shown)


@require_POST
@screen
def submit(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Everything in it goes to its reviewers."""
    found, key = campaigns.campaign(viewer, code), request.POST.get("key", "")
    composition.submit(found, by=viewer, now=timezone.now(), key=key)
    return done(request, resolve_url("console:campaign", code), SUBMITTED)


@require_POST
@screen
def approve(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Everything in it that waited for the viewer when the page was shown is agreed on."""
    shown = [number for each in request.POST.get("read", "").split() if (number := whole(each)) is not None]
    composition.approve(campaigns.campaign(viewer, code), by=viewer, now=timezone.now(), read=shown)
    return done(request, resolve_url("console:campaign", code), APPROVED)
