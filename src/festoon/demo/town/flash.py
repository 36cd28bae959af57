"""The flash sale: composed, reviewed and distributed by the cast's people, opened by the clock."""

from __future__ import annotations

from datetime import datetime

from festoon.coupons import actions as coupons
from festoon.demo.cast.campaigns import OPERATOR, REVIEWER
from festoon.demo.cast.load import viewer
from festoon.demo.cast.world import SOURCE
from festoon.distribution import actions as distributions
from festoon.distribution import queries as distributed
from festoon.offers import queries as offered
from festoon.records.viewer import SYSTEM

UNITS = 50
CAMPAIGN = "double-12"
POT = "w-04"
PRICE = 19_900
"""Fen for the teapot that lists at 299.00; its floor is 179.00."""


def announce(code: str, *, opens_at: datetime, now: datetime) -> str:
    """Fifty teapots at a special price, one a member, claimed from `opens_at` on; answers the coupon's code.

    Each step looks at what is there, so an announcement that was left half-way is finished.
    """
    lin, chen = viewer(OPERATOR), viewer(REVIEWER)
    offer = offered.visible(SYSTEM).filter(code=code).first()
    if offer is None:
        offer = coupons.create(_coupon(code, opens_at), by=lin, now=now)
    if offer.state == "draft":
        offer = coupons.submit(offer, by=lin, now=now)
    if offer.state == "in_review":
        coupons.approve(offer, by=chen, now=now)
    spread = distributed.visible(SYSTEM).filter(code=f"{code}-members").first()
    if spread is None:
        spread = distributions.create(_members(code), by=lin, now=now)
    if spread.state == "draft":
        spread = distributions.submit(spread, by=lin, now=now)
    if spread.state == "in_review":
        distributions.approve(spread, by=chen, now=now)
    return code


def _coupon(code: str, opens_at: datetime) -> dict[str, object]:
    return {
        "code": code,
        "campaign": CAMPAIGN,
        "name": {"en": f"Flash sale: {UNITS} teapots", "zh": f"限时秒杀：紫砂壶{UNITS}把"},
        "type": "flash_price",
        "with": {"price": PRICE},
        "scope": {"sku": [POT]},
        "payers": [{"payer": "platform", "basis_points": 10_000}],
        "priority": 5,
        "stock": UNITS,
        "per_shopper": 1,
        "opens_at": opens_at.isoformat(),
        "source": SOURCE,
    }


def _members(code: str) -> dict[str, object]:
    return {
        "code": f"{code}-members",
        "campaign": CAMPAIGN,
        "name": {"en": "Members, in the app", "zh": "会员，应用内"},
        "offers": [code],
        "channels": ["app"],
        "segments": ["members"],
    }
