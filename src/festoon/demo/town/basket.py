"""What a shopper puts into the basket: drawn from the world's goods, the same for the same chance."""

from __future__ import annotations

from random import Random
from typing import Any

from festoon.demo.cast import world

SHIPPING = 800
"""Fen a parcel."""
GIFT = "gift"


def draw(chance: Random, *, merchant: str = "") -> list[dict[str, Any]]:
    """One to four lines of goods that are for sale, of one merchant or of all; once in a while several of a thing."""
    shelf = [row for row in world.goods() if GIFT not in row["tags"] and merchant in {"", row["merchant"]}]
    chosen = chance.sample(shelf, chance.choice((1, 1, 2, 2, 3, 4)))
    return [line(n, row["sku"], row["list_price"], chance.choice((1, 1, 1, 2, 3))) for n, row in enumerate(chosen, 1)]


def line(number: int, sku: str, unit_price: int, quantity: int = 1) -> dict[str, Any]:
    """One line as /v1 takes it."""
    return {"id": str(number), "sku": sku, "quantity": quantity, "unit_price": unit_price}
