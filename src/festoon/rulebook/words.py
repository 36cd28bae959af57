"""Words that several things on the shelves share."""

from __future__ import annotations

from festoon.base.words import Words

OF = {
    "scope": Words("the goods of the offer", "活动商品"),
    "order": Words("the whole order", "整单商品"),
}


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 unit", "3 units"."""
    return f"{n} {one if n == 1 else many}"


def listed(codes: tuple[str, ...]) -> Words:
    """Codes one after another."""
    return Words(", ".join(codes), "、".join(codes))
