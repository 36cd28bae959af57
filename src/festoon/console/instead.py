"""The coupon that makes up for a recalled one, chosen by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console import queries
from festoon.console.given import given_of
from festoon.console.lists.parts import by_name
from festoon.offers import queries as offers
from festoon.offers.released import live_data
from festoon.offers.releases import CLAIMS
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.rule import rule

FEW = 6


@dataclass(frozen=True, slots=True)
class Instead:
    """A coupon that can be given now: what it is called, what it does, and how much of it is gone."""

    offer: Any
    name: Words
    sentence: Words


def found(
    viewer: Viewer, text: str, *, but: str = "", campaign: str = "", chosen: str = "", now: datetime
) -> Sequence[Instead]:
    """The viewer's live coupons of this name or code, the latest first, while there are any; the `chosen` one stays on top.

    `but` is the coupon that is recalled, or `campaign` the whole campaign: what is recalled makes up for nothing.
    """
    ended = offers.stops(SYSTEM).filter(kind=CLAIMS).values("code")  # recalled, and what is out is honoured
    rows = queries.offers_shown(viewer, now=now).filter(
        kind="coupon", shown="live", pk__in=offers.own(viewer).values("pk")
    )
    rows = rows.exclude(code=but).exclude(code__in=ended)
    rows = rows.exclude(campaign__code=campaign) if campaign else rows
    kept = list(rows.filter(code=chosen)) if chosen else []
    fit = by_name(rows, text).exclude(code=chosen).order_by("-edited_at", "-id")[: FEW * 4]
    offered = [*kept, *[offer for offer in fit if (given := given_of(offer)) is None or given.left > 0][:FEW]]
    data = live_data(viewer, [offer.code for offer in offered])
    return [Instead(offer, name_of(offer), rule(data[offer.code], offer.merchant.currency)) for offer in offered]
