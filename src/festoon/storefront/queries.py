"""What of a campaign is out for shoppers of a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.offers import queries as offers
from festoon.offers.spread import Spread, spread
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer

OUT = ("approved", "released", "live")


def campaign(viewer: Viewer, code: str) -> Campaign:
    """A campaign that was agreed on; NotFound for any other."""
    found = campaigns.running(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("campaign")
    return found


def campaigns_out(viewer: Viewer, *, now: datetime) -> list[Campaign]:
    """The campaigns that run now, those that end first before the others."""
    rows = campaigns.running(viewer).filter(starts_at__lte=now, ends_at__gt=now)
    return list(rows.order_by("ends_at", "code"))


def released(viewer: Viewer, campaign: Campaign, *, now: datetime) -> Mapping[str, Mapping[str, Any]]:
    """The released offers of the campaign that are distributed to the viewer's channel, or to none at all ever."""
    del now
    here, once = _here(viewer, campaign), spread(offers.distributed(SYSTEM))
    codes = list(offers.visible(viewer).filter(campaign=campaign).values_list("code", flat=True))
    rows = offers.live_releases(viewer, "offer").filter(code__in=codes)
    known = {row.code: row.data for row in rows}
    shown = (code for code in known if here.holds(campaign.code, code) or not once.holds(campaign.code, code))
    return {code: known[code] for code in shown}


def stopped(codes: Iterable[str], campaign: Campaign) -> set[str]:
    """Which of these offers of the campaign a stop in force holds: their own, the campaign's, or everything's."""
    held = set(offers.stops(SYSTEM).values_list("kind", "code"))
    every = ("campaign", campaign.code) in held or any(kind == "all" for kind, _ in held)
    return {code for code in codes if every or ("offer", code) in held}


def _here(viewer: Viewer, campaign: Campaign) -> Spread:
    """What the live distributions of the campaign bring to the viewer's channel."""
    every = (row.data for row in offers.live_releases(SYSTEM, "distribution"))
    mine = (data for data in every if data.get("campaign") == campaign.code)
    here = (data for data in mine if viewer.channel in (data.get("channels") or [viewer.channel]))
    return spread((campaign.code, data.get("offers") or []) for data in here)
