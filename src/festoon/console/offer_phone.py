"""The shopper's view of a draft: the real page of its campaign with the draft's face in it, in a phone's frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from festoon.base.words import Words
from festoon.console.offer_preview import Preview
from festoon.offers.drafts import releasable
from festoon.offers.models import Offer
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM
from festoon.storefront.page import CouponBlock, Page, PriceBlock, RuleBlock, coupon_of, page, unit_price
from festoon.storefront.queries import OUT

MOST = 3
SHOPPER = replace(SYSTEM, channel="app")


@dataclass(frozen=True, slots=True)
class Tag:
    """Goods with their price and, where the draft lowers it, what is paid for one of the basket's."""

    product: Any
    pays: int
    lower: bool


def phone(draft: Offer, said: Words, shown: Preview | None, *, now: datetime) -> str:
    """The page as a document of its own, to stand in a frame."""
    data, terms = releasable(draft), draft.draft.get("terms") or {}
    campaign = draft.campaign
    whole = page(SHOPPER, campaign, shopper="", now=now) if campaign and campaign.state in OUT else None
    coupons: list[CouponBlock] = [coupon_of(data, terms, said)] if draft.kind == "coupon" else []
    price = unit_price(data)
    sample = shown.sample if shown else None
    prices: list[PriceBlock] = []
    if price is not None and sample is not None and not coupons:
        units = terms.get("units")
        prices = [PriceBlock(draft.code, sample, name_of(draft), price, units, units)]
    rules = [] if coupons or prices else [RuleBlock(draft.code, name_of(draft), said)]
    context = {
        "campaign": campaign, "merchant": draft.merchant, "draft": draft, "currency": draft.merchant.currency,
        "coupons": [*coupons, *_others(whole, "coupons", draft.code)], "prices": [*prices, *_others(whole, "prices", draft.code)],
        "rules": [*rules, *_others(whole, "rules", draft.code)], "tags": _tags(shown), "shown_only": True,
    }  # fmt: skip
    return render_to_string("console/phone.html", context)


def _others(whole: Page | None, name: str, code: str) -> Sequence[Any]:
    """What of the campaign's page shoppers see already."""
    return [each for each in getattr(whole, name) if each.code != code][:MOST] if whole else []


def _tags(shown: Preview | None) -> list[Tag]:
    """The goods of the sample basket as they stand in the shop, with the draft's badge where it serves."""
    if shown is None:
        return []
    own = shown.own is not None and shown.own.code == "applied"
    before = {line.product.sku: line.payable for line in shown.before.lines if line.product}
    return [
        Tag(line.product, line.payable // max(1, line.quantity), own and line.payable < before.get(line.product.sku, 0))
        for line in shown.after.lines if line.product
    ]  # fmt: skip
