"""A basket as a case file: the rules, the cart and what came out, for `festoon price` and for a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from festoon.offers.book import book_data
from festoon.records.viewer import Viewer


def text(cart: Mapping[str, Any], quote: Mapping[str, Any], *, by: Viewer) -> str:
    """YAML with `offers` (those the quote speaks of), `cart` and `expect`; costs only for who may see them."""
    met = {one["offer"] for one in quote["verdicts"]}
    data = book_data(quote["currency"])
    offers = {
        **data,
        "offers": [one for one in data["offers"] if one["code"] in met],
        "exclusions": [one for one in data["exclusions"] if met.issuperset(one["between"])],
        "distributions": [kept for one in data["distributions"] if (kept := _among(one, met))],
    }
    return yaml.safe_dump(
        {"offers": offers, "cart": _seen(cart, by), "expect": _expected(quote)},
        allow_unicode=True,
        sort_keys=False,
        width=120,
    )


def _among(distribution: Mapping[str, Any], met: set[str]) -> Mapping[str, Any] | None:
    if not distribution.get("offers"):
        return distribution
    left = [code for code in distribution["offers"] if code in met]
    return {**distribution, "offers": left} if left else None


def _seen(cart: Mapping[str, Any], by: Viewer) -> Mapping[str, Any]:
    if by.may("costs.read"):
        return cart
    return {**cart, "lines": [{k: v for k, v in line.items() if k != "unit_cost"} for line in cart["lines"]]}


def _expected(quote: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **{name: quote["totals"][name] for name in ("payable", "discount")},
        "applied": {one["offer"]: one["amount"] for one in quote["offers"]},
        "verdicts": {one["offer"]: one["code"] for one in quote["verdicts"]},
    }
