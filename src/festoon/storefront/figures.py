"""Small sums the screens share: minor units to decimals, shares of a whole."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_precision


def major(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal of the currency."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def basis_points(part: int, whole: int) -> int:
    """`part` of `whole` in basis points; nothing of nothing is 0."""
    return part * 10_000 // whole if whole else 0


def share(part: int, whole: int) -> int:
    """How long a bar is, 0 to 100."""
    return min(100, max(0, part * 100 // whole)) if whole else 0
