"""Who took a campaign's coupons, by what is known of shoppers: counted by the database, never one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.catalog.models import Shopper
from festoon.checkout import queries as checkout
from festoon.coupons import queries as coupons
from festoon.records.parts import in_parts
from festoon.records.viewer import SYSTEM, Viewer

ORDERS = (0, 1, 2, 5, 10)
"""Orders placed so far, in steps: none, one, from two, from five, from ten."""
Traits = Mapping[str, Mapping[str, int]]
"""By trait and value: how many people."""


def claimants(viewer: Viewer, campaign: Campaign) -> QuerySet[Shopper]:
    """Everybody who was ever given a coupon of the campaign."""
    held = coupons.visible(viewer).select_related(None).order_by().filter(template__offer__campaign=campaign)
    return catalog.shoppers(SYSTEM).order_by().filter(pk__in=held.values("shopper"))


def all_shoppers(viewer: Viewer) -> QuerySet[Shopper]:
    """All there are for the platform; for a merchant, who ever bought in its shops."""
    rows = catalog.shoppers(SYSTEM).order_by()
    if viewer.is_platform:
        return rows
    bought = checkout.redemptions(viewer).select_related(None).order_by()
    return rows.filter(pk__in=bought.values("hold__shopper"))


def traits(people: QuerySet[Shopper]) -> Traits:
    """How many of them have each level, are in each segment, and placed so many orders."""
    steps = [When(orders_placed__gte=step, then=Value(str(step))) for step in reversed(ORDERS)]
    segments = catalog.memberships(SYSTEM).filter(shopper__in=people.values("pk")).values_list("segment__code")
    return {
        "level": dict(people.values_list("level").annotate(n=Count("pk"))),
        "segment": dict(segments.annotate(n=Count("pk"))),
        "orders": dict(people.values_list(Case(*steps, default=Value("0"))).annotate(n=Count("pk"))),
    }


def returning(viewer: Viewer, people: QuerySet[Shopper], campaign: Campaign) -> int:
    """How many of them had bought at the viewer's before the campaign began: a merchant's are who bought in its shops.

    The platform's are who bought anywhere, also by what its shop says of orders placed so far.
    """
    at = {"at__lt": campaign.starts_at}
    before = checkout.redemptions(viewer).select_related(None).order_by().filter(hold__shopper=OuterRef("pk"), **at)
    orders = checkout.orders(viewer).order_by().filter(shopper=OuterRef("pk"), placed_at__lt=campaign.starts_at)
    here = Q(Exists(before)) | Q(Exists(orders))
    return people.filter(here | Q(orders_placed__gt=0) if viewer.is_platform else here).count()


def of_codes(viewer: Viewer, codes: list[str], campaign: Campaign) -> tuple[int, Traits, int]:
    """The same of shoppers named by their codes: how many are known, their traits, how many had bought before."""
    known, came_back, found = 0, 0, dict[str, Counter[str]]()
    for part in in_parts(codes):
        people = catalog.shoppers(SYSTEM).order_by().filter(code__in=part)
        known += people.count()
        came_back += returning(viewer, people, campaign)
        for trait, counts in traits(people).items():
            found.setdefault(trait, Counter()).update(counts)
    return known, found, came_back


def places(viewer: Viewer, campaign: Campaign) -> Iterable[tuple[str, str, int, int]]:
    """Scene, store, how many coupons of the campaign were given there, and how many of them are used."""
    held = coupons.visible(viewer).select_related(None).order_by().filter(template__offer__campaign=campaign)
    rows: Any = held.values_list("scene", "store").order_by("scene", "store")
    return list(rows.annotate(given=Count("pk"), used=Count("pk", filter=Q(state="redeemed"))))
