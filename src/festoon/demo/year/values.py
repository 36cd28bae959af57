"""What a coupon is worth, read from its bar code.

No table of the data says it. A maker's code has eleven digits: 5, the maker (5), the family (3), the value code (2).
The meanings below are inferred from the data, not official; docs/year-definitions.md says how often each was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

MEANINGS: dict[str, tuple[int, int]] = {
    "09": (200, 3), "13": (100, 4), "24": (50, 2), "28": (55, 2), "31": (60, 2), "32": (75, 2), "33": (100, 2),
    "34": (125, 2), "36": (150, 2), "40": (40, 1), "41": (50, 3), "42": (100, 3), "50": (50, 1), "51": (200, 2),
    "55": (55, 1), "60": (60, 1), "75": (75, 1), "76": (100, 1), "77": (125, 1), "78": (150, 1), "82": (200, 1),
    "87": (300, 1), "98": (65, 2),
}  # fmt: skip
"""Value code → (face value in cents, least units of goods in scope)."""


@dataclass(frozen=True, slots=True)
class Value:
    """A coupon's face value in cents and the least units it asks for (1: no such condition)."""

    face: int
    least: int


def value_of(coupon: str) -> Value | None:
    """What the bar code says the coupon is worth; None where it cannot be read. It is then unknown, never 0."""
    meaning = MEANINGS.get(coupon[-2:]) if _makers(coupon) else None
    return Value(*meaning) if meaning else None


def maker_of(coupon: str) -> str:
    """The five digits of the maker whose form the code has; "" where it is not a maker's."""
    return coupon[1:6] if _makers(coupon) else ""


def _makers(coupon: str) -> bool:
    return len(coupon) == 11 and coupon.startswith("5")
