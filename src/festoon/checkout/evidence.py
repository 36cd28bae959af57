"""What a hold can be judged by again, long after: the cart in its own token, and the releases its price went by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from festoon.checkout import refusals
from festoon.checkout.held import Held
from festoon.checkout.models import Hold
from festoon.checkout.token import open_token
from festoon.offers import queries as offers
from festoon.records.refusal import Invalid
from festoon.records.viewer import SYSTEM


def facts_of(hold: Hold, field: str = "redemption") -> dict[str, Any]:
    """The facts of the cart it was made for. Raises Conflict `not_judged` on `field` when no secret of ours opens them."""
    try:
        facts: dict[str, Any] = open_token(bytes(hold.token).decode())["facts"]
    except Invalid:
        raise refusals.not_judged(field) from None
    return facts


def book_of(held: Held) -> Mapping[str, Any]:
    """The book of what applied, as an offers file says it: the releases whose numbers the hold kept."""
    rows = list(offers.releases(SYSTEM).filter(id__in=list(held.releases)))
    codes = {row.code for row in rows if row.kind == "offer"}
    return {
        "festoon": 1, "currency": held.currency, "zone": held.zone, "policy": dict(held.policy),
        "offers": [row.data for row in rows if row.kind == "offer"],
        "exclusions": [row.data for row in rows if row.kind == "exclusion"],
        "distributions": [_of_these(row.data, codes) for row in rows if row.kind == "distribution"],
    }  # fmt: skip


def _of_these(distribution: Mapping[str, Any], codes: Collection[str]) -> Mapping[str, Any]:
    """A distribution, naming of its offers only those that applied."""
    named = distribution.get("offers")
    return {**distribution, "offers": [code for code in named if code in codes]} if named else distribution
