"""The goods of a cart: everything but id, sku, quantity and price comes from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from festoon.base.money import MOST
from festoon.catalog.goods import Goods, goods
from festoon.checkout.facts.merchants import currency_of, merchant
from festoon.checkout.request import OWN_GOODS, LineRequest, invalid
from festoon.engine.facts import Row
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

OWN = "facts:goods"
CATALOGUES = ("merchant", "tag_floor", "net_floor", "unit_cost")
"""What only the catalogue says of goods."""
Line = dict[str, Any]


class Sold(msgspec.Struct, frozen=True, eq=False):
    """One sku of the catalogue as carts need it: what a line tells of it, and what its row says. There is one of each."""

    told: Mapping[str, Any]
    seller: str
    single: tuple[str, str, str, str, str]
    many: tuple[tuple[str, ...], tuple[str, ...]]
    tag_floor: int
    net_floor: int

    @classmethod
    def of(cls, sku: str, line: Mapping[str, Any]) -> Sold:
        """What the catalogue has of it."""
        told = {name: value for name, value in line.items() if value}
        product, brand, store, seller = (str(told.get(name, "")) for name in ("product", "brand", "store", "merchant"))
        many = tuple(told.get("category", ())), tuple(sorted(told.get("tags", ())))
        return cls(told, seller, (sku, product, brand, store, seller), many, line["tag_floor"], line["net_floor"])


Alike = dict[tuple[Sold, int], list[tuple[str, int]]]
"""The lines of the same goods at the same price, each with its quantity."""


class Kinds:
    """The skus that carts asked for, as long as the catalogue is the same."""

    def __init__(self, known: Goods) -> None:
        self.known = known
        self._sold: dict[str, Sold] = {}

    def sold(self, sku: str) -> Sold | None:
        """The sku, None when the catalogue does not have it."""
        found = self._sold.get(sku)
        if found is None and sku in self.known.lines:
            found = self._sold.setdefault(sku, Sold.of(sku, self.known.lines[sku]))
        return found


class _Kept:
    kinds: Kinds | None = None


def _kinds(now: datetime) -> Kinds:
    known, found = goods(now), _Kept.kinds
    if found is None or found.known is not known:
        found = _Kept.kinds = Kinds(known)
    return found


def basket(
    asked: Sequence[LineRequest], currency: str, *, by: Viewer, now: datetime
) -> tuple[list[Line], list[Row] | None]:
    """The lines as facts, and as rows of units that cannot be told apart.

    There are no rows where a shop says itself what its goods are, or the amounts are beyond all bounds: such lines are
    to be read and checked. Raises Invalid for a sku nobody knows, another merchant's, or sold in another currency.

    A shop that keeps its own catalogue says the attributes itself; that needs the right `facts:goods`, else Forbidden.
    Whose the goods are and their floors are the catalogue's where it knows the sku; of others the viewer is the seller.
    """
    kinds, own = _kinds(now), "" if by.is_platform else merchant(by.merchant_id).code
    found: list[Line] = []
    alike: Alike = {}
    plain, total, seen = True, 0, ""
    for index, line in enumerate(asked):
        sold = kinds.sold(line.sku) if line.goods is None else None
        if sold is None:
            plain, attributes = False, _attributes(index, line, kinds.known, by)
            seller = str(attributes["merchant"])
            told: Mapping[str, Any] = {name: value for name, value in attributes.items() if value}
        else:
            seller, told = sold.seller, sold.told
            alike.setdefault((sold, line.unit_price), []).append((line.id, line.quantity))
        if seller != seen:
            _check_seller(index, line, seller, own, currency)
            seen = seller
        total += line.quantity * line.unit_price
        found.append({"id": line.id, "sku": line.sku, "quantity": line.quantity, "unit_price": line.unit_price, **told})
    return found, _rows(alike) if plain and total <= MOST else None


def lines(asked: Sequence[LineRequest], currency: str, *, by: Viewer, now: datetime) -> list[Line]:
    """The lines of a `basket`."""
    return basket(asked, currency, by=by, now=now)[0]


def _rows(alike: Alike) -> list[Row]:
    """What `read_facts` makes of the lines: rows in the order of their first line id."""
    rows = [
        Row(tuple(sorted(ids)), price, sold.single, sold.many, sold.tag_floor, sold.net_floor)
        for (sold, price), ids in alike.items()
    ]
    rows.sort(key=lambda row: row.lines[0][0])
    return rows


def _check_seller(index: int, line: LineRequest, seller: str, own: str, currency: str) -> None:
    if own and seller != own:
        raise _unknown(index, line.sku)
    if currency_of(seller) != currency:
        en, zh = f"{line.sku} is not sold in {currency}.", f"{line.sku} 不以 {currency} 计价。"
        raise invalid("currency", "foreign_currency", en, zh)


def anew(told: Sequence[Mapping[str, Any]], currency: str, *, by: Viewer, now: datetime) -> list[Line]:
    """The lines of a cart of some time ago as the catalogue has them now, at its list prices; raises what `basket` does.

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
