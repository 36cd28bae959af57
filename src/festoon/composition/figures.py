"""What a campaign came to: the figures that are kept of it when it is thrown away."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.composition.queries import Overview
from festoon.composition.results import kept
from festoon.coupons import queries as coupons
from festoon.ledger.models import Account
from festoon.promotions import queries as promotions
from festoon.records.viewer import Viewer


def figures(viewer: Viewer, campaign: Campaign, parts: Overview) -> dict[str, Any]:
    """Counts and money (minor units of `currency`): coupons by state, stock and units taken, what the budgets paid.

    And what was sold in its time, with how far each goal was reached.
    """
    states = (
        coupons.visible(viewer).order_by().filter(template__offer__campaign=campaign)
        .values_list("template__offer__code", "state").annotate(n=Count("pk")).order_by("template__offer__code", "state")
    )  # fmt: skip
    by_offer: dict[str, dict[str, int]] = {}
    for code, state, n in states:
        by_offer.setdefault(code, {})[state] = n
    stocks = {row.offer.code: row.stock for row in coupons.templates(viewer).filter(offer__campaign=campaign)}
    units = {row.offer.code: row.units for row in promotions.visible(viewer).filter(offer__campaign=campaign)}
    return {
        "currency": campaign.merchant.currency,
        "coupons": {code: by_offer.get(code, {}) | _account(stock) for code, stock in sorted(stocks.items())},
        "units": {code: _account(account) for code, account in sorted(units.items()) if account is not None},
        "budget": [
            {"kind": line.kind, "payer": line.payer} | _account(line.account)
            for line in campaigns.budget(viewer, campaign)
        ],
        **kept(viewer, campaign, list(parts.goals)),
        "offers": {kind: sum(offer.kind == kind for offer in parts.offers) for kind in ("promotion", "coupon")},
    }


def _account(account: Account) -> dict[str, int | None]:
    whole = account.granted if account.limited else None
    return {"whole": whole, "taken": account.spent, "reserved": account.held}
