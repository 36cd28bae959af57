"""The portrait of a campaign."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.campaigns import queries as campaigns
from festoon.console import portrait_page
from festoon.console.export import harmless
from festoon.console.screen import page, screen
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


@screen
def portrait(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Who claimed and bought, and how, beside everybody: for the campaign's owner and the platform; as a file too."""
    viewer.require("data.read")
    campaign, now = campaigns.campaign(viewer, code), timezone.now()
    if not (viewer.is_platform or campaign.merchant_id == viewer.merchant_id):
        raise NotFound("campaign")
    if campaign.starts_at > now:
        return page(request, "console/portrait.html", {"campaign": campaign, "portrait": None})
    found = portrait_page.portrait(viewer, campaign, now=now)
    if request.GET.get("export") == "csv":
        return _file(found, f"{campaign.code}-portrait-{now:%Y-%m-%d}.csv")
    return page(request, "console/portrait.html", {"campaign": campaign, "portrait": found})


def _file(found: portrait_page.Portrait, name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in portrait_page.rows(found))
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
