"""The goods of a cart: everything but id, sku, quantity and price comes from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.catalog.goods import goods
from festoon.checkout.facts.merchants import currency_of, merchant
from festoon.checkout.request import LineRequest, invalid
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


def lines(asked: Sequence[LineRequest], currency: str, *, by: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The lines as facts. Raises Invalid for a sku nobody knows, another merchant's, or sold in another currency."""
    known, own = goods(now), "" if by.is_platform else merchant(by.merchant_id).code
    found = []
    for index, line in enumerate(asked):
        try:
            attributes = known.fill(line.sku)
        except NotFound:
            raise _unknown(index, line.sku) from None
        seller = str(attributes["merchant"])
        if own and seller != own:
            raise _unknown(index, line.sku)
        if currency_of(seller) != currency:
            raise invalid(
                "currency",
                "foreign_currency",
                f"{line.sku} is not sold in {currency}.",
                f"{line.sku} 不以 {currency} 计价。",
            )
        found.append(
            {
                "id": line.id,
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                **{name: value for name, value in attributes.items() if value not in (None, "", [], 0)},
            }
        )
    return found


def anew(told: Sequence[Mapping[str, Any]], currency: str, *, by: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The lines of a cart of some time ago as the catalogue has them now, at its list prices; raises what `lines` does."""
    prices = goods(now).prices
    asked = [
        LineRequest(line["id"], line["sku"], line["quantity"], prices.get(line["sku"], line["unit_price"]))
        for line in told
    ]
    return lines(asked, currency, by=by, now=now)


def _unknown(index: int, sku: str) -> Exception:
    return invalid(f"lines[{index}].sku", "unknown_product", f"There is no product {sku}.", f"没有商品 {sku}。")
