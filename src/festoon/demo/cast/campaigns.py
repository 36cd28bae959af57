"""Stages one campaign of the world: composed by its people, reviewed by theirs, released, distributed.

Each step looks at what is there, so a stage that was left half-way is finished and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as seen
from festoon.campaigns.models import Campaign
from festoon.composition import actions as composition
from festoon.coupons import actions as coupons
from festoon.demo.cast import world
from festoon.distribution import actions as distributions
from festoon.distribution import queries as distributed
from festoon.offers import actions as offers
from festoon.offers import exclusions
from festoon.offers import queries as offered
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review.actions import Said

Row = Mapping[str, Any]
Viewers = Callable[[str], Viewer]
OPERATOR, REVIEWER, FINANCE = "lin", "chen", "he"
ROOMS = {"promotion": promotions, "coupon": coupons}
TERMS = {"by", "stock", "per_shopper", "days_from_claim", "units"}
"""What the files of the world say of an offer beside its release."""


def stage(data: Row, *, viewer: Viewers, now: datetime) -> None:
    """The campaign of one file of the world, live at `now`, with what waits for its reviewer."""
    today = world.today(now)
    campaign = _compose(data, today, viewer=viewer, now=now)
    for row in data["offers"]:
        _draft(row, campaign, viewer=viewer, now=now)
    for row in data["distributions"]:
        _distribute(row, campaign, today, viewer=viewer, now=now)
    if campaign.state == "draft":
        composition.submit(campaign, by=viewer(OPERATOR), now=now)
    for reviewer in (REVIEWER, FINANCE):
        _agree(campaign, by=viewer(reviewer), now=now)
    for row in data["exclusions"]:
        _exclude(row, viewer=viewer, now=now)
    for row in data.get("waiting", []):
        offer = _draft(row, campaign, viewer=viewer, now=now)
        if offer.state == "draft":
            ROOMS[row["kind"]].submit(offer, by=viewer(row.get("by", OPERATOR)), now=now)


def _exclude(row: Row, *, viewer: Viewers, now: datetime) -> None:
    """An exclusion that the operator set and the reviewer agreed on."""
    first, second = (offered.offer(SYSTEM, code) for code in row["between"])
    found = offered.exclusion(SYSTEM, first, second, row["grain"])
    if found is None or found.state != "in_review":
        reason = Words(**row["reason"])
        found = offers.exclude(first, second, grain=row["grain"], reason=reason, by=viewer(OPERATOR), now=now)
    if found.state == "in_review":
        exclusions.decide(found, Said(), by=viewer(REVIEWER), now=now)


def _agree(campaign: Campaign, *, by: Viewer, now: datetime) -> None:
    """What waits for this person, if anything still does."""
    if campaign.state == "in_review":
        try:
            composition.approve(campaign, by=by, now=now)
        except Conflict as conflict:
            if conflict.code != "nothing_to_decide":
                raise


def _compose(data: Row, today: date, *, viewer: Viewers, now: datetime) -> Campaign:
    """The campaign with its goals and its budget."""
    row, by = data["campaign"], viewer(OPERATOR)
    starts_at, ends_at = world.instants(row["days"], today)
    there = seen.visible(SYSTEM).filter(code=row["code"]).first()
    campaign = there or campaigns.create(
        {
            "code": row["code"],
            "name": row["name"],
            "reason": row["reason"],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "zone": world.ZONE,
            "colour": row["colour"],
            "source": world.SOURCE,
        },
        by=by,
        now=now,
    )
    if campaign.state == "draft":
        campaigns.set_goals(campaign, row["goals"], by=by, now=now)
        for n, line in enumerate(row["budget"]):
            campaigns.add_budget_line(
                campaign,
                kind=line["kind"],
                payer=line["payer"],
                amount=line["amount"],
                name=Words(**line["name"]),
                by=by,
                now=now,
                key=f"cast-{row['code']}-budget-{n}",
            )
    return campaign


def _draft(row: Row, campaign: Campaign, *, viewer: Viewers, now: datetime) -> Any:
    there = offered.visible(SYSTEM).filter(code=row["code"]).first()
    if there is not None:
        return there
    data = {name: value for name, value in row.items() if name != "by"}
    return ROOMS[row["kind"]].create(
        {**data, "campaign": campaign.code, "source": world.SOURCE}, by=viewer(row.get("by", OPERATOR)), now=now
    )


def _distribute(row: Row, campaign: Campaign, today: date, *, viewer: Viewers, now: datetime) -> None:
    if distributed.visible(SYSTEM).filter(code=row["code"]).exists():
        return
    data = {name: value for name, value in row.items() if name not in {"by", "days"}}
    distributions.create(
        {**data, "campaign": campaign.code, "window": world.window(row["days"], today)},
        by=viewer(row.get("by", OPERATOR)),
        now=now,
    )
