"""Campaigns as the shop's own systems need them: what is on, until when, what can be claimed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import PathParameter

from festoon.api.door import reads
from festoon.api.parts import PRINTABLE, Said
from festoon.campaigns import queries
from festoon.campaigns.models import Campaign
from festoon.coupons import queries as coupons
from festoon.ledger import queries as ledger
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.offers.released import released
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM
from festoon.storefront.queries import OUT

MOST = 200
CampaignCode = Annotated[str, PathParameter(max_length=64, pattern=PRINTABLE, description="The campaign's code.")]


class CampaignHead(msgspec.Struct):
    """One campaign: `[starts_at, ends_at)`."""

    code: str
    name: Said
    reason: Said
    merchant: str
    state: str
    starts_at: datetime
    ends_at: datetime
    zone: str


class CampaignList(msgspec.Struct):
    """The campaigns that were approved, the latest first (at most 200)."""

    campaigns: list[CampaignHead]


class CampaignOffer(msgspec.Struct):
    """A released offer. `claimable`: a coupon that shoppers may take; `left` of its stock, null without a limit."""

    code: str
    kind: str
    type: str
    name: Said
    claimable: bool
    opens_at: datetime | None
    left: int | None


class CampaignPage(CampaignHead):
    """One campaign with its released offers."""

    offers: list[CampaignOffer]


@reads("/campaigns", scope="campaigns.read")
def campaigns(request: Request[Any, Any, Any]) -> CampaignList:
    """Campaigns that were approved: the key's merchant's and the platform's."""
    found = queries.visible(request.user).filter(state__in=OUT)[:MOST]
    return CampaignList([CampaignHead(**_head(campaign)) for campaign in found])


@reads("/campaigns/{code:str}", scope="campaigns.read", refuses=["not_found", "wrong_length", "wrong_form"])
def campaign(code: CampaignCode, request: Request[Any, Any, Any]) -> CampaignPage:
    """One campaign with its released offers and what is left of its coupons."""
    found = queries.campaign(request.user, code)
    if found.state not in OUT:
        raise NotFound("campaign")
    live = set(offers.live_releases(request.user, "offer").values_list("code", flat=True))
    rows = offers.visible(request.user).filter(campaign=found, code__in=live)
    return CampaignPage(**_head(found), offers=_offers(released(request.user, rows.select_related("merchant"))))


def _head(found: Campaign) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": Said(found.name_en, found.name_zh),
        "reason": Said(found.reason_en, found.reason_zh),
        "merchant": found.merchant.code,
        "state": found.state,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "zone": found.zone,
    }


def _offers(rows: Iterable[Offer]) -> list[CampaignOffer]:
    found = list(rows)
    templates = {
        template.offer_id: template
        for template in coupons.templates(SYSTEM).filter(offer__in=[offer.pk for offer in found])
    }
    standing = ledger.standing(SYSTEM, [template.stock.code for template in templates.values()])
    return [_offer(offer, templates.get(offer.pk), standing) for offer in found]


def _offer(offer: Offer, template: Any, standing: dict[str, ledger.Standing]) -> CampaignOffer:
    return CampaignOffer(
        code=offer.code,
        kind=offer.kind,
        type=offer.type,
        name=Said(offer.name_en, offer.name_zh),
        claimable=template is not None and template.claimable,
        opens_at=template.opens_at if template else None,
        left=standing[template.stock.code].free if template else None,
    )
