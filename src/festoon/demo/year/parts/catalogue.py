"""Merchant, stores, categories, makers, goods; households with their portraits; who is on which campaign's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from festoon.base.words import Words
from festoon.catalog import actions
from festoon.demo.year import names
from festoon.demo.year.parts.part import Batches
from festoon.demo.year.source import Source

UNKNOWN = "unknown"
PORTRAIT = (
    "age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count",
)  # fmt: skip
Rows = Iterator[dict[str, Any]]
KINDS = {
    "unknown": Words("Unknown product", "未知商品"),
    "pooled": Words("Coupons not tied to a product", "未对应商品的优惠券"),
}


def merchant(_: Source, first: int, end: int) -> Rows:
    """The one retailer of the data, labelled as what it is."""
    yield from [
        {
            "code": names.MERCHANT,
            "name_en": "Retailer (The Complete Journey)",
            "name_zh": "零售商（The Complete Journey）",
            "currency": names.CURRENCY,
            "zone": names.ZONE,
            "source": names.SOURCE,
        }
    ][first:end]


def stores(source: Source, first: int, end: int) -> Rows:
    """Stores have a number and nothing else."""
    question = "select distinct store from basket order by store limit ? offset ?"
    for (number,) in source.tuples(question, end - first, first):
        yield {"code": names.store(number), "merchant": names.MERCHANT, **_numbered("Store", "门店", number)}


CATEGORIES = """
    select '' as department_slug, '' as category_slug, null as name union all
    select department_slug, '', min(department) from product group by all union all
    select department_slug, category_slug, min(category) from product group by all
    order by department_slug, category_slug limit ? offset ?
"""


def categories(source: Source, first: int, end: int) -> Rows:
    """Departments and their categories below one root."""
    for department, category, name in source.tuples(CATEGORIES, end - first, first):
        path = _path(department, category)
        yield {
            "code": path[-1],
            "path": "/".join(path),
            "name_en": name or ("Unknown" if department else "Grocery (The Complete Journey)"),
            "name_zh": name or ("未知" if department else "杂货（The Complete Journey）"),
        }


MAKERS = """
    select distinct manufacturer from known where manufacturer is not null order by manufacturer limit ? offset ?
"""


def makers(source: Source, first: int, end: int) -> Rows:
    """The makers of the goods; they have a number and nothing else."""
    for (number,) in source.tuples(MAKERS, end - first, first):
        yield {"code": names.brand(number), **_numbered("Maker", "厂商", number)}


def goods(source: Source, first: int, end: int) -> Rows:
    """Goods have no name: type, size and number stand for it. What is not in the data's catalogue is called unknown."""
    question = "select * from product where number >= ? and number < ? order by number"
    for row in source.rows(question, first, end):
        known = ", ".join(part for part in (row["type"], row["size"]) if part)
        label = KINDS.get(row["kind"], KINDS[UNKNOWN])
        yield {
            "sku": names.sku(row["product"]),
            "product": str(row["product"]),
            "merchant": names.MERCHANT,
            "name_en": f"{known or label.en} (#{row['product']})",
            "name_zh": f"{known or label.zh} (#{row['product']})",
            "category": _path(row["department_slug"], row["category_slug"])[-1],
            "brand": names.brand(row["manufacturer"]) if row["manufacturer"] is not None else None,
            "tags": list(dict.fromkeys([(row["brand"] or UNKNOWN).lower(), row["kind"]])),
            "list_price": row["price"],
        }


def shoppers(source: Source, first: int, end: int) -> Rows:
    """Households. Two thirds have no portrait; what is not known is the group `unknown`, never left out."""
    question = "select * from shopper where number >= ? and number < ? order by number"
    for row in source.rows(question, first, end):
        yield {
            "code": names.shopper(row["household"]),
            **_numbered("Household", "家庭", row["household"]),
            "portrait": {name: row[name] or UNKNOWN for name in PORTRAIT},
            "source": names.SOURCE,
        }


def lists(source: Source, first: int, end: int) -> Rows:
    """One segment a campaign: who is on its list."""
    for (number,) in source.tuples("select campaign from campaign order by place limit ? offset ?", end - first, first):
        yield {
            "code": names.recipients(number),
            "name_en": f"Recipients of campaign {number}",
            "name_zh": f"活动 {number} 的名单",
        }


def listed(source: Source, first: int, end: int) -> Rows:
    """Who is on which list."""
    question = "select campaign, household from recipient order by campaign, household limit ? offset ?"
    for number, household in source.tuples(question, end - first, first):
        yield {"shopper": names.shopper(household), "segment": names.recipients(number)}


def _numbered(en: str, zh: str, number: int) -> dict[str, str]:
    return {"name_en": f"{en} {number}", "name_zh": f"{zh} {number}"}


def _path(department: str, category: str) -> list[str]:
    path = [names.MERCHANT]
    if department:
        path.append(f"{path[-1]}-{department}")
    if category:
        path.append(f"{path[-1]}-{category}")
    return path


def _count(question: str) -> Any:
    return lambda source: source.number(f"select count(*) from ({question})")


def _all(question: str) -> Any:
    return _count(question.replace("limit ? offset ?", ""))


PARTS = [
    Batches("merchant", Words("Merchant", "商家"), 10, lambda _: 1, merchant, actions.take_merchants, 1),
    Batches("stores", Words("Stores", "门店"), 1, _count("select distinct store from basket"), stores,
            actions.take_stores, 500),
    Batches("categories", Words("Categories", "类目"), 1, _all(CATEGORIES), categories, actions.take_categories, 500),
    Batches("makers", Words("Makers", "厂商"), 1, _all(MAKERS), makers, actions.take_brands, 1000),
    Batches("goods", Words("Goods", "商品"), 1, _count("from product"), goods, actions.take_products, 1000),
    Batches("shoppers", Words("Households", "家庭"), 1, _count("from shopper"), shoppers, actions.take_shoppers, 500),
    Batches("lists", Words("Lists", "名单"), 1, _count("from campaign"), lists, actions.take_segments, 500),
    Batches("listed", Words("Recipients", "名单上的家庭"), 1, _count("from recipient"), listed,
            actions.take_memberships, 1000),
]  # fmt: skip
