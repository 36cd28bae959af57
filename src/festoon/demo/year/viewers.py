"""In whose name the year is imported. These are the job's own names; nobody of the cast did any of it."""

from __future__ import annotations

from festoon.catalog import queries
from festoon.demo.year.names import CHANNEL, MERCHANT, store
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer

PLATFORM_RIGHTS = frozenset({"catalog.edit", "catalog.read", "jobs.run"})
OPERATOR_RIGHTS = frozenset(
    {
        "catalog.read", "campaigns.edit", "campaigns.read", "offers.edit", "offers.read", "distributions.edit",
        "coupons.issue", "orders.write", "data.read", "wallet.read", "shoppers.read",
    }
)  # fmt: skip
TILL_RIGHTS = frozenset(
    {
        "catalog.read", "quotes.write", "holds.write", "redemptions.write", "coupons.verify", "wallet.read",
        "shoppers.read", "orders.write",
    }
)  # fmt: skip


def importer() -> Viewer:
    """Brings the catalogue and the shoppers, which are the platform's."""
    return Viewer("year:import", PLATFORM, PLATFORM_RIGHTS)


def operator() -> Viewer:
    """Composes and submits the retailer's campaigns, and records its orders."""
    retailer = queries.merchant(SYSTEM, MERCHANT)
    return Viewer("year:operator", retailer.pk, OPERATOR_RIGHTS, channel=CHANNEL, roles=frozenset({"merchant"}))


def reviewer(role: str) -> Viewer:
    """Decides at the level of one role, as somebody who is not the author has to."""
    rights = frozenset({"campaigns.read", "offers.read", "costs.read", f"review.decide:{role}"})
    return Viewer(f"year:{role}", PLATFORM, rights, roles=frozenset({role}))


def till(number: int | None, operator: Viewer) -> Viewer:
    """The till of a store of the operator's merchant, where a coupon is quoted, held and redeemed."""
    place = store(number) if number is not None else ""
    return Viewer(f"year:till:{number or ''}", operator.merchant_id, TILL_RIGHTS, channel=CHANNEL, store=place)
