"""A corner of the cast, made by actions, for tests of the desks where offers are made: small, and there at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.catalog import actions as catalog
from festoon.catalog import queries
from festoon.catalog.roles import rights_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows
from festoon.review.levels import Step
from tests import rows
from tests.cast import forget

NOW = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def person(code: str, merchant: int, *roles: str) -> Viewer:
    return Viewer(f"person:{code}", merchant, rights_of(roles, platform=merchant == 1), roles=frozenset(roles))


LIN = person("lin", 1, "operator")
CHEN = person("chen", 1, "reviewer")
HE = person("he", 1, "finance")
REVIEWER = Step(Words(en="Reviewer", zh="审核人"), ["role:reviewer"])
FINANCE = Step(Words(en="Finance", zh="财务"), ["role:finance"])


def named(code: str, en: str, zh: str, **more):
    return {"code": code, "name_en": en, "name_zh": zh, **more}


def product(sku: str, merchant: str, category: str, price: int, cost: int | None = None, **more):
    return {
        "sku": sku, "product": sku, "merchant": merchant, "name_en": sku, "name_zh": sku, "category": category,
        "list_price": price, "unit_cost": cost, **more,
    }  # fmt: skip


MERCHANTS = [
    named("lantern", "Lantern Market", "灯集", currency="CNY", zone="Asia/Shanghai"),
    named("willow", "Willow Tea House", "柳叶茶铺", currency="CNY", zone="Asia/Shanghai"),
    named("kite", "Kite Sports", "纸鸢运动", currency="CNY", zone="Asia/Shanghai"),
]
GOODS = [
    product("t-01", "willow", "green-tea", 12800, 6200, brand="willow"),
    product("t-04", "willow", "oolong", 15900, 7400, brand="willow"),
    product("w-01", "willow", "teaware", 3900, 1400, brand="willow", tags=["gift"]),
    product("s-01", "kite", "sport", 39900, 19500),
    product("s-04", "kite", "sport", 3900, 1300),
]


@pytest.fixture
def shop(transactional_db) -> None:
    """The catalogue, four shoppers, and who must agree on what."""
    rows.begin_with("desk", make_shop)
    forget()


def make_shop() -> None:
    """The same, for the first time."""
    how = {"by": SYSTEM, "now": NOW, "key": ""}
    catalog.take_merchants(MERCHANTS, **how)
    catalog.take_categories(
        [
            named("tea", "Tea", "茶叶", path="tea"),
            named("green-tea", "Green tea", "绿茶", path="tea/green-tea"),
            named("oolong", "Oolong", "乌龙茶", path="tea/oolong"),
            named("teaware", "Teaware", "茶具", path="teaware"),
            named("sport", "Sport", "运动", path="sport"),
        ],
        **how,
    )
    catalog.take_brands([named("willow", "Willow", "柳叶")], **how)
    catalog.take_stores([named("willow-west", "West Lake", "西湖店", merchant="willow")], **how)
    catalog.take_products(GOODS, **how)
    catalog.take_segments([named("gold", "Gold members", "金卡会员")], **how)
    catalog.take_shoppers([{"code": code} for code in ("mei", "tao", "rui", "nan")], **how)
    catalog.take_memberships([{"shopper": code, "segment": "gold"} for code in ("mei", "nan")], **how)
    for kind in ("promotion", "coupon", "distribution"):
        flows.set_flow(kind, [REVIEWER], by=SYSTEM, now=NOW)
    flows.set_flow("campaign", [REVIEWER, FINANCE], by=SYSTEM, now=NOW)


@pytest.fixture
def theme(shop):
    """The campaign Double 12, a draft."""
    return double_12()


@pytest.fixture
def ye(shop):
    """Ye Qing of Willow Tea House."""
    return person("ye", queries.merchant(SYSTEM, "willow").pk, "merchant")


@pytest.fixture
def stranger(shop):
    """Somebody of Kite Sports."""
    return person("kite-owner", queries.merchant(SYSTEM, "kite").pk, "merchant")


def double_12(**more):
    """The campaign Double 12, a draft."""
    data = {
        "code": "double-12", "name": {"en": "Double 12", "zh": "双十二"},
        "reason": {"en": "The year's last great sale", "zh": "年末大促"},
        "starts_at": "2026-12-08T00:00", "ends_at": "2026-12-15T00:00", **more,
    }  # fmt: skip
    return campaigns.create(data, by=LIN, now=NOW)


def spend_and_save(code: str = "d12-300-less-50", **more):
    """50 off 300 of tea and teaware, in the offers-file form."""
    return {
        "code": code, "name": {"en": "50 off 300", "zh": "满300减50"}, "type": "spend_and_save",
        "with": {"tiers": [{"at": 30000, "off": 5000}]}, "scope": {"category": ["tea", "teaware"]},
        "payers": [{"payer": "platform", "basis_points": 10000}], "campaign": "double-12", **more,
    }  # fmt: skip


def coupon(code: str = "d12-shop-30", **more):
    """30 off 200, a hundred of them, one each."""
    return {
        "code": code, "name": {"en": "30 off 200", "zh": "满200减30券"}, "type": "amount",
        "with": {"off": 3000, "at": 20000}, "scope": {"all": True}, "campaign": "double-12",
        "payers": [{"payer": "platform", "basis_points": 10000}], "stock": 100, "days_from_claim": 7, **more,
    }  # fmt: skip


def in_the_app(code: str = "d12-app", **more):
    """A distribution of the whole campaign in the app."""
    return {
        "code": code,
        "name": {"en": "In the app", "zh": "应用内"},
        "campaign": "double-12",
        "channels": ["app"],
        **more,
    }
