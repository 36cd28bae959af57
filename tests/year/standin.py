"""A year as small as its quirks: made-up rows in the shape of the real files, every figure reckoned by hand.

Nobody of these households lives; no amount was ever paid. Each oddity of the real data stands here once: time
stamps that are another day in UTC, dust where 0 is meant, pooled coupon lines, goods that no catalogue knows, fuel
counted in thousandths of a gallon, lines without quantity, rows given twice, a bar code in two campaigns, a coupon
used twice, values nobody can read, and redemptions that no rule allows.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

DUST = 1e-15
SOUP, BREAD, MILK, FUEL = 101, 102, 103, 104
POOLED, SOLD_UNKNOWN, SCOPE_UNKNOWN = 9001, 9002, 9003
DOLLAR, HALF, TWO_FOR_A_DOLLAR = 50001100176, 50001100250, 50001100333
OWN, ITEM_FREE, NOWHERE = 10000000001, 50001100401, 59999999976

PRODUCTS = [
    (SOUP, 11, "GROCERY", "National", "SOUP", "CONDENSED SOUP", "10 OZ"),
    (BREAD, 69, "GROCERY", "Private", "BREAD", "BREAD:ITALIAN/FRENCH", None),
    (MILK, 69, "DAIRY", "Private", "MILK", "FLUID MILK WHITE ONLY", "1 GA"),
    (FUEL, 900, "MISCELLANEOUS", "National", None, "GASOLINE-REG UNLEADED", None),
]
CAMPAIGNS = [
    (1, "A", "2017-02-06", "2017-03-05"),
    (2, "B", "2017-03-01", "2017-03-31"),
    (3, "C", "2017-06-01", "2017-06-30"),
]
RECIPIENTS = [(1, 1), (1, 2), (2, 1), (2, 3), (3, 2)]
SCOPES = [
    (1, DOLLAR, SOUP), (1, HALF, BREAD), (1, HALF, MILK), (1, OWN, SOUP), (1, OWN, BREAD), (1, OWN, MILK),
    (2, DOLLAR, MILK), (2, TWO_FOR_A_DOLLAR, SOUP), (2, TWO_FOR_A_DOLLAR, SOUP), (2, TWO_FOR_A_DOLLAR, SCOPE_UNKNOWN),
    (3, ITEM_FREE, SOUP),
]  # fmt: skip
# basket, household, store, UTC, [(product, quantity, sales, card, match, maker)]
BASKETS = [
    (1, 1, 10, "2017-02-11 03:30", [(SOUP, 2, 3.00, 0.20, 0, 1.00), (MILK, 1, 2.50, DUST, 0, 0)]),
    (2, 1, 10, "2017-02-10 15:00", [(BREAD, 1, 1.00, 0, 0, 0)]),
    (3, 1, 11, "2017-02-12 15:00", [(SOUP, 1, 1.50, 0, 0, 0.60)]),
    (4, 2, 10, "2017-02-20 15:00", [(BREAD, 1, 0.30, 0, 0.50, 0.50), (POOLED, 0, 0, 0, 0, 0.75)]),
    (5, 3, 10, "2017-02-21 15:00", [(SOUP, 1, 1.20, 0, 0, 0)]),
    (6, 1, 10, "2017-03-06 15:00", [(BREAD, 1, 1.00, 0, 0, 0)]),
    (7, 3, 10, "2017-03-07 15:00", [(SOUP, 1, 1.50, 0, 0, 0)]),
    (8, 3, 10, "2017-03-08 15:00", [(MILK, 1, DUST, 0, 0, 0)]),
    (10, 1, 10, "2017-03-20 15:00", [(SOUP, 0, 2.00, 0, 0, 0), (FUEL, 9000, 20.00, 0, 0, 0)]),
    (11, 1, 10, "2017-03-21 15:00", [(SOUP, 2, 1.01, 0, 0, 1.00)]),
    (12, 1, 10, "2017-03-21 14:00", [(SOUP, 2, 1.01, 0, 0, 0)]),
    (13, 2, 10, "2017-06-06 02:00", [(SOLD_UNKNOWN, 1, 3.33, 0, 0, 0)]),
    (14, 2, 10, "2017-06-05 15:00", [(POOLED, 0, 0, 0, 0, 0.25)]),
]
REDEMPTIONS = [
    (1, DOLLAR, 1, "2017-02-10"),  # by rule: 1.00 of 3.00, on the basket that was yesterday in New York
    (1, DOLLAR, 1, "2017-02-12"),  # by rule, a further coupon: 1.00, where the till took 0.60
    (1, HALF, 2, "2017-02-20"),  # by rule: 0.50, and the retailer tops up with what is left, 0.30
    (1, OWN, 2, "2017-02-20"),  # value unknown
    (1, DOLLAR, 3, "2017-02-21"),  # not a recipient
    (1, HALF, 1, "2017-03-06"),  # the day after the last
    (2, TWO_FOR_A_DOLLAR, 1, "2017-03-06"),  # no goods in scope
    (2, TWO_FOR_A_DOLLAR, 3, "2017-03-07"),  # one unit, two are asked
    (2, DOLLAR, 3, "2017-03-08"),  # the milk cost nothing
    (2, TWO_FOR_A_DOLLAR, 1, "2017-03-20"),  # a line without quantity is one unit; fuel is none of the scope
    (2, TWO_FOR_A_DOLLAR, 1, "2017-03-21"),  # by rule, a further coupon: of two alike baskets the smaller number
    (3, ITEM_FREE, 2, "2017-06-05"),  # a value code without a single meaning
    (3, NOWHERE, 2, "2017-06-05"),  # a coupon that no table has
]


def write(folder: Path) -> Path:
    """The seven files."""
    folder.mkdir(parents=True, exist_ok=True)
    _file(folder, "products", PRODUCTS, product_id=int, manufacturer_id=int, department=str, brand=str,
          product_category=str, product_type=str, package_size=str)  # fmt: skip
    _file(folder, "campaign_descriptions", [(n, f"Type {t}", _day(a), _day(b)) for n, t, a, b in CAMPAIGNS],
          campaign_id=int, campaign_type=str, start_date=datetime, end_date=datetime)  # fmt: skip
    _file(folder, "campaigns", RECIPIENTS, campaign_id=int, household_id=int)
    _file(folder, "coupons", [(coupon, product, n) for n, coupon, product in SCOPES], coupon_upc=int, product_id=int,
          campaign_id=int)  # fmt: skip
    _file(folder, "coupon_redemptions", [(h, coupon, n, _day(day)) for n, coupon, h, day in REDEMPTIONS],
          household_id=int, coupon_upc=int, campaign_id=int, redemption_date=datetime)  # fmt: skip
    _file(folder, "demographics", [(1, "35-44", "50-74K", None, "Married", "2", "2 Adults No Kids", "0")],
          household_id=int, age=str, income=str, home_ownership=str, marital_status=str, household_size=str,
          household_comp=str, kids_count=str)  # fmt: skip
    _file(folder, "transactions", _lines(), household_id=int, store_id=int, basket_id=int, product_id=int,
          quantity=int, sales_value=float, retail_disc=float, coupon_disc=float, coupon_match_disc=float, week=int,
          transaction_timestamp=datetime)  # fmt: skip
    return folder


def _lines() -> Iterable[tuple[Any, ...]]:
    for basket, household, store, stamp, lines in BASKETS:
        at = datetime.fromisoformat(stamp)
        for product, quantity, sales, card, match, maker in lines:
            yield household, store, basket, product, quantity, sales, card, maker, match, 0, at


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text)


KINDS = {int: pa.int64(), float: pa.float64(), str: pa.string(), datetime: pa.timestamp("us")}


def _file(folder: Path, name: str, rows: Iterable[tuple[Any, ...]], **columns: type) -> None:
    given = list(zip(*rows, strict=True))
    arrays = [pa.array(values, KINDS[kind]) for values, kind in zip(given, columns.values(), strict=True)]
    pq.write_table(pa.table(arrays, names=list(columns)), folder / f"{name}.parquet")
