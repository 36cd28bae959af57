"""Codes and names of what the year brings along. Every code says where it comes from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MERCHANT = "retailer"
SOURCE = "The Complete Journey"
CURRENCY = "USD"
ZONE = "America/New_York"
CHANNEL = "store"
MATCH = "journey-double-coupons"


def sku(product: int) -> str:
    """The sku of a product."""
    return f"cj-{product}"


def store(number: int) -> str:
    """The code of a store."""
    return f"{MERCHANT}-{number}"


def shopper(household: int) -> str:
    """The code of a household."""
    return f"household-{household}"


def brand(manufacturer: int) -> str:
    """The code of a maker."""
    return f"maker-{manufacturer}"


def campaign(number: int) -> str:
    """The code of a campaign."""
    return f"journey-{number:02d}"


def recipients(number: int) -> str:
    """The segment of the households on a campaign's list."""
    return f"{campaign(number)}-list"


def template(number: int, coupon: str) -> str:
    """The code of a coupon template: the same bar code in two campaigns is two templates."""
    return f"{campaign(number)}-{coupon}"


def order(basket: int) -> str:
    """The code of a basket."""
    return f"basket-{basket}"


def midnight(day: date) -> datetime:
    """When a day begins where the shops are."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))


def window(first: date, last: date) -> tuple[datetime, datetime]:
    """A campaign's first and last day, both of which belong to it, as [start, end)."""
    return midnight(first), midnight(last + timedelta(days=1))
