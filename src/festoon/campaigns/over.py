"""Nothing goes live any more in a campaign that was recalled or archived."""

from __future__ import annotations

from collections.abc import Iterable

from festoon.base.words import Words
from festoon.campaigns import queries
from festoon.campaigns.models import Campaign
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM

OVER = Words(
    en="Its campaign was recalled or archived; open that again or copy it.",
    zh="所属活动已召回或归档，请重新打开或复制。",
)


def hold(campaigns: Iterable[int | None]) -> None:
    """Lock these campaigns, before their parts are locked: what happens to a part happens before or after they end.

    Ending one locks in the same order, so neither waits for the other in a ring.
    """
    rows = queries.visible(SYSTEM).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in={each for each in campaigns if each is not None}))


def refuse(campaign: Campaign | None, part: str) -> None:
    """Conflict when the campaign of a part (its code) is over. Ask once the campaign is held."""
    if campaign is not None and campaign.state in queries.ENDED:
        raise Conflict("campaign_over", OVER, field="campaign", detail={"part": part})
