"""A campaign's page as a shopper sees it: what can be claimed, what happens by itself, what is in the wallet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.problems import Problems
from festoon.base.words import Words
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon, Template
from festoon.promotions import queries as promotions
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.benefits.unit_price import UnitPrice
from festoon.rulebook.release import read_rule
from festoon.storefront import queries
from festoon.storefront.rule import rule


@dataclass(frozen=True, slots=True)
class CouponBlock:
    """A coupon one can claim: `off` or a unit's `price` in minor units, or `basis_points`; `left` of `stock` (None: no limit)."""

    code: str
    name: Words
    rule: Words
    off: int | None
    basis_points: int | None
    left: int | None
    stock: int
    mine: int
    per_shopper: int
    opens_at: datetime | None
    state: str
    price: int | None = None

    @property
    def share(self) -> int:
        """How much is left, 0 to 100."""
        return (self.left or 0) * 100 // self.stock if self.stock else 0


@dataclass(frozen=True, slots=True)
class PriceBlock:
    """Goods at a special price, `left` of `units` (both None: no limit)."""

    code: str
    product: Any
    name: Words
    price: int
    left: int | None
    units: int | None

    @property
    def share(self) -> int:
        """How much is left, 0 to 100, as on a coupon beside it."""
        return (self.left or 0) * 100 // self.units if self.units else 0


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """A promotion that happens by itself."""

    code: str
    name: Words
    rule: Words


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, in the order in which it is drawn."""

    campaign: Campaign
    currency: str
    coupons: Sequence[CouponBlock]
    prices: Sequence[PriceBlock]
    rules: Sequence[RuleBlock]
    wallet: Sequence[Coupon]


def page(viewer: Viewer, campaign: Campaign, *, shopper: str, now: datetime) -> Page:
    """The page of one campaign for the viewer's channel and one shopper's wallet; `shopper` empty: nobody is known.

    Of what is stopped only coupons stay, as not to be had; a stop may be of one offer, the campaign or everything.
    """
    currency = campaign.merchant.currency
    released = queries.released(viewer, campaign, now=now)
    wallet = list(coupons.wallet(viewer, shopper)) if shopper else []
    mine = Counter(coupon.template.offer.code for coupon in wallet)
    templates = {row.offer.code: row for row in coupons.templates(SYSTEM).filter(offer__code__in=list(released))}
    stopped = queries.stopped(released, campaign)
    serves = {code: data for code, data in released.items() if code not in stopped}
    prices = {code: block for code, data in serves.items() if code not in templates and (block := _price(code, data))}
    shown = [
        _coupon(data, templates[code], mine[code], currency, code in stopped, now)
        for code, data in released.items()
        if code in templates and templates[code].claimable
    ]
    return Page(
        campaign=campaign,
        currency=currency,
        coupons=sorted(shown, key=lambda block: (block.state == "over", -(block.off or 0))),
        prices=list(prices.values()),
        rules=[
            RuleBlock(code, Words(**data["name"]), rule(data, currency))
            for code, data in serves.items()
            if code not in templates and code not in prices
        ],
        wallet=[coupon for coupon in wallet if coupon.state in ("claimed", "held") and _lasts(coupon, now)],
    )


def coupon_of(data: Mapping[str, Any], terms: Mapping[str, Any], rule_said: Words) -> CouponBlock:
    """The face of a coupon that is still a draft, as if all of its stock were there."""
    given: Mapping[str, Any] = data.get("with") or next(iter((data.get("benefit") or {}).values()), {})
    tiers = given.get("tiers") or [{}]
    stock = terms.get("stock")
    return CouponBlock(
        code=data["code"], name=Words(**data["name"]), rule=rule_said,
        off=terms.get("face_value") or given.get("off") or given.get("amount") or tiers[-1].get("off"),
        basis_points=given.get("basis_points") or tiers[-1].get("basis_points"), left=stock, stock=stock or 0, mine=0,
        per_shopper=int(terms.get("per_shopper") or 1), opens_at=None, state="claim", price=unit_price(data),
    )  # fmt: skip


def _coupon(
    data: Mapping[str, Any], template: Template, mine: int, currency: str, stopped: bool, now: datetime
) -> CouponBlock:
    stock = template.stock
    left = max(0, stock.granted - stock.held - stock.spent) if stock.limited else None
    given: Mapping[str, Any] = data.get("with") or next(iter((data.get("benefit") or {}).values()), {})
    state = "claim"
    if stopped or left == 0:
        state = "over"
    elif mine >= template.per_shopper:
        state = "mine"
    elif template.opens_at and template.opens_at > now:
        state = "soon"
    return CouponBlock(
        code=data["code"],
        name=Words(**data["name"]),
        rule=rule(data, currency),
        off=template.face_value or given.get("off") or given.get("amount"),
        basis_points=given.get("basis_points"),
        left=left,
        stock=stock.granted if stock.limited else 0,
        mine=mine,
        per_shopper=template.per_shopper,
        opens_at=template.opens_at,
        state=state,
        price=unit_price(data),
    )


def _price(code: str, data: Mapping[str, Any]) -> PriceBlock | None:
    price = unit_price(data)
    sku = next(iter((data.get("scope") or {}).get("sku", [])), "")
    product = catalog.products(SYSTEM).filter(sku=sku).first() if price else None
    if price is None or product is None:
        return None
    found = promotions.visible(SYSTEM).filter(offer__code=code).select_related("units").first()
    units = found.units if found else None
    left = units.granted - units.held - units.spent if units else None
    return PriceBlock(code, product, Words(**data["name"]), price, left, units.granted if units else None)


def unit_price(data: Mapping[str, Any]) -> int | None:
    """What a unit costs by an offer that sets just that; None by every other."""
    said: Mapping[str, Any] = data.get("with") or next(iter((data.get("benefit") or {}).values()), {})
    if "price" not in said:
        return None  # most offers: they need not be read
    rule = read_rule(data, (), Problems())
    return rule.benefit.price if rule is not None and isinstance(rule.benefit, UnitPrice) else None


def _lasts(coupon: Coupon, now: datetime) -> bool:
    return coupon.expires_at is None or coupon.expires_at > now
