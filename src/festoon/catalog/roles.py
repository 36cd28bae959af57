"""Roles and the rights they carry. A right is the name of what one may do; actions ask for it by that name."""

from __future__ import annotations

from collections.abc import Iterable

READ = frozenset({"catalog.read", "campaigns.read", "offers.read", "data.read", "prices.explain", "quotes.write"})

RIGHTS: dict[str, frozenset[str]] = {
    "operator": READ
    | {
        "catalog.edit", "campaigns.edit", "offers.edit", "offers.stop", "presets.edit", "distributions.edit",
        "coupons.issue", "jobs.run", "wallet.read", "shoppers.read", "webhooks.edit",
    },
    "reviewer": READ | {"review.decide:reviewer", "costs.read:campaign", "offers.stop"},
    "finance": READ | {"review.decide:finance", "costs.read", "offers.stop"},
    "analyst": READ | {"jobs.run", "shoppers.read", "wallet.read"},
    "merchant": READ
    | {
        "catalog.edit", "campaigns.edit", "presets.edit", "offers.edit", "offers.stop", "distributions.edit",
        "webhooks.edit",
    },
    "staff": frozenset(
        {"catalog.read", "quotes.write", "holds.write", "redemptions.write", "coupons.verify", "wallet.read"}
    ),
    "admin": frozenset({"*"}),
}  # fmt: skip


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything the roles allow together; a role nobody knows allows nothing."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
