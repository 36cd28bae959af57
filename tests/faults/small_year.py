"""A made-up year in the shape of the real one's files, small enough to be killed in the middle again and again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HOUSEHOLDS = range(1, 61)
PRODUCTS = range(1001, 1081)
CAMPAIGNS = {
    1: ("Type A", date(2017, 2, 6), 30),
    2: ("Type B", date(2017, 4, 3), 42),
    3: ("Type C", date(2017, 9, 4), 70),
}
VALUES = ("76", "50", "82", "33", "00")
"""Value codes of the bar codes: 1.00, 0.50, 2.00, 1.00 for two, and one nobody can read."""
EVENING = timedelta(hours=21)
"""Shopping at nine in the evening of UTC is the same day in New York."""


def write(folder: Path, *, seed: int, baskets: int = 800) -> Path:
    """The files, the same for the same seed."""
    chance = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    coupons = {campaign: _coupons(campaign, chance) for campaign in CAMPAIGNS}
    mailed = {campaign: sorted(chance.sample(HOUSEHOLDS, 20)) for campaign in CAMPAIGNS}
    lines = [line for number in range(baskets) for line in _basket(number, chance)]
    redeemed = _redemptions(lines, coupons, mailed, chance)
    _table(folder, "transactions", lines)
    _table(folder, "products", [_product(number) for number in PRODUCTS])
    _table(folder, "demographics", [_household(number) for number in HOUSEHOLDS if number % 3 == 0])
    _table(folder, "campaign_descriptions", [_campaign(number) for number in CAMPAIGNS])
    _table(folder, "campaigns", [{"campaign_id": c, "household_id": h} for c, all_of in mailed.items() for h in all_of])
    _table(folder, "coupons", [row for all_of in coupons.values() for row in all_of])
    _table(folder, "coupon_redemptions", redeemed)
    return folder


def _coupons(campaign: int, chance: Random) -> list[dict[str, Any]]:
    codes = [int(f"5{campaign:05d}{n:03d}{VALUES[n % len(VALUES)]}") for n in range(20 if campaign == 1 else 6)]
    return [
        {"coupon_upc": code, "product_id": product, "campaign_id": campaign}
        for code in codes
        for product in sorted(chance.sample(PRODUCTS, 8))
    ]


def _basket(number: int, chance: Random) -> list[dict[str, Any]]:
    at = datetime(2017, 1, 2) + timedelta(days=number % 350) + EVENING
    household, store = chance.choice(HOUSEHOLDS), chance.choice((301, 302, 303))
    return [
        {
            "household_id": household,
            "store_id": store,
            "basket_id": 50_000 + number,
            "product_id": product,
            "quantity": (units := chance.choice((1, 1, 1, 2, 3))),
            "sales_value": units * (100 + product % 37 * 10) / 100,
            "retail_disc": chance.choice((0.0, 0.0, 0.3)),
            "coupon_disc": chance.choice((0.0, 0.0, 0.0, 1.0)),
            "coupon_match_disc": 0.0,
            "week": number % 350 // 7 + 1,
            "transaction_timestamp": at,
        }
        for product in sorted(chance.sample(PRODUCTS, chance.randint(1, 8)))
    ]


def _redemptions(lines: Any, coupons: Any, mailed: Any, chance: Random) -> list[dict[str, Any]]:
    """On days of the campaign's own on which a household on its list bought something: half of these days, one coupon."""
    found: dict[tuple[int, int, date], dict[str, Any]] = {}
    for line in lines:
        day = line["transaction_timestamp"].date()
        for campaign, (_, first, days) in CAMPAIGNS.items():
            running = first <= day < first + timedelta(days=days)
            if running and line["household_id"] in mailed[campaign] and chance.random() < 0.5:
                row = chance.choice(coupons[campaign])
                found.setdefault(
                    (campaign, line["household_id"], day),
                    {
                        "household_id": line["household_id"],
                        "coupon_upc": row["coupon_upc"],
                        "campaign_id": campaign,
                        "redemption_date": datetime(day.year, day.month, day.day),
                    },
                )
    return list(found.values())


def _product(number: int) -> dict[str, Any]:
    return {
        "product_id": number,
        "manufacturer_id": number % 5,
        "department": ("GROCERY", "DRUG GM")[number % 2],
        "brand": ("National", "Private")[number % 2],
        "product_category": f"CATEGORY {number % 7}",
        "product_type": f"TYPE {number % 11}",
        "package_size": "12 OZ",
    }


def _household(number: int) -> dict[str, Any]:
    return {
        "household_id": number,
        "age": "35-44",
        "income": "50-74K",
        "home_ownership": None if number % 2 else "Homeowner",
        "marital_status": None,
        "household_size": "2",
        "household_comp": "2 Adults No Kids",
        "kids_count": "0",
    }


def _campaign(number: int) -> dict[str, Any]:
    kind, first, days = CAMPAIGNS[number]
    start = datetime(first.year, first.month, first.day)
    return {
        "campaign_id": number,
        "campaign_type": kind,
        "start_date": start,
        "end_date": start + timedelta(days=days - 1),
    }


def _table(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
