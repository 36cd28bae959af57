"""The goods of a cart: everything but id, sku, quantity and price comes from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.catalog.goods import Goods, goods
from festoon.checkout.facts.merchants import currency_of, merchant
from festoon.checkout.request import OWN_GOODS, LineRequest, invalid
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

OWN = "facts:goods"
CATALOGUES = ("merchant", "tag_floor", "net_floor", "unit_cost")
"""What only the catalogue says of goods."""


def lines(asked: Sequence[LineRequest], currency: str, *, by: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The lines as facts. Raises Invalid for a sku nobody knows, another merchant's, or sold in another currency.

    A shop that keeps its own catalogue says the attributes itself; that needs the right `facts:goods`, else Forbidden.
    Whose the goods are and their floors are the catalogue's where it knows the sku; of others the viewer is the seller.
    """
    known, own = goods(now), "" if by.is_platform else merchant(by.merchant_id).code
    found = []
    for index, line in enumerate(asked):
        attributes = _attributes(index, line, known, by)
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
                **{name: value for name, value in attributes.items() if value},
            }
        )
    return found


def anew(told: Sequence[Mapping[str, Any]], currency: str, *, by: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The lines of a cart of some time ago as the catalogue has them now, at its list prices; raises what `lines` does.

    Goods of a shop's own catalogue are as the shop told them then.
    """
    known = goods(now)
    asked = [
        LineRequest(
            line["id"], line["sku"], line["quantity"], known.prices.get(line["sku"], line["unit_price"]),
            None if line["sku"] in known.lines or not by.may(OWN) else {n: line[n] for n in OWN_GOODS if n in line},
        )
        for line in told
    ]  # fmt: skip
    return lines(asked, currency, by=by, now=now)


def _attributes(index: int, line: LineRequest, known: Goods, by: Viewer) -> Mapping[str, Any]:
    """What is known of the goods of a line: by the catalogue, or by the shop that keeps its own."""
    try:
        filled = known.fill(line.sku)
    except NotFound:
        if line.goods is None:
            raise _unknown(index, line.sku) from None
        filled = {"merchant": merchant(by.merchant_id).code}
    if line.goods is None:
        return filled
    by.require(OWN)
    return {**{name: filled[name] for name in CATALOGUES if name in filled}, **line.goods}


def _unknown(index: int, sku: str) -> Exception:
    return invalid(f"lines[{index}].sku", "unknown_product", f"There is no product {sku}.", f"没有商品 {sku}。")
