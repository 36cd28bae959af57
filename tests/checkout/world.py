"""A world as small as a case needs: a platform, two merchants, their goods, two shoppers, offers that are live.

Releases are put into the book directly: who agreed to them is the business of other tests.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from festoon.campaigns.models import BudgetLine, Campaign
from festoon.catalog import goods
from festoon.catalog.models import Category, Membership, Merchant, Product, Segment, Shopper
from festoon.checkout import book
from festoon.checkout.facts import merchants
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.coupons.models import Template
from festoon.distribution import claimable
from festoon.ledger import accounts
from festoon.ledger.store import writer
from festoon.offers.models import BookVersion, Live, Offer, Release, Stop
from festoon.offers.sight import sight_of
from festoon.offers.version import watch
from festoon.promotions.models import Promotion
from festoon.records.canonical import digest
from festoon.records.viewer import Viewer
from tests import rows

NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)
HALVES = [{"payer": "platform", "basis_points": 5000}, {"payer": "merchant:willow", "basis_points": 5000}]
SHOP = Viewer("key:shop", 1, frozenset({"*"}), channel="app")
TILL = Viewer("person:gu", 2, frozenset({"*"}), channel="store", store="willow-west")


def begin() -> None:
    """The small world, and a process that remembers nothing of another one."""
    rows.begin_with("small", make)
    goods._kept.goods = None  # the catalogue was written past its actions
    forget()


@transaction.atomic
def make() -> None:
    """The platform, Willow and Kite, tea and a kite, Mei and Tao, a campaign."""
    platform = _merchant("lantern", 1)
    willow, kite = _merchant("willow", 2), _merchant("kite", 3)
    tea = Category.objects.create(code="tea", path="drink/tea", name_en="Tea", name_zh="茶")
    sport = Category.objects.create(code="sport", path="sport", name_en="Sport", name_zh="运动")
    for merchant, category, sku, price in (
        (willow, tea, "t-01", 9900),
        (willow, tea, "t-02", 3333),
        (kite, sport, "s-01", 29900),
    ):
        Product.objects.create(
            merchant=merchant, sku=sku, product=sku, name_en=sku, name_zh=sku, category=category, list_price=price
        )
    gold = Segment.objects.create(code="gold", name_en="Gold", name_zh="金卡")
    for code in ("mei", "tao", *(f"town-{n:03}" for n in range(40))):
        Shopper.objects.create(code=code)
    Membership.objects.create(shopper=Shopper.objects.get(code="mei"), segment=gold)
    Campaign.objects.create(
        merchant=platform, code="double-12", name_en="Double 12", name_zh="双十二", starts_at=NOW - timedelta(days=3),
        ends_at=NOW + timedelta(days=9), zone="Asia/Shanghai", author="person:lin", created_at=NOW, state="approved",
        version=1, in_force=True,
    )  # fmt: skip
    BookVersion.objects.create(pk=1, number=1)


def changed() -> None:
    """The book moved on, and this process knows."""
    BookVersion.objects.update(number=BookVersion.objects.get().number + 1)
    watch.forget()


def forget() -> None:
    """This process starts anew."""
    watch.forget()
    claimable.forget()
    book.forget()
    merchants.forget()
    writer.forget()


def offer(code: str, **data: Any) -> Offer:
    """A live offer of the campaign."""
    kind = data.setdefault("kind", "promotion")
    merchant = Merchant.objects.get(code=data.setdefault("owner", "lantern"))
    data = {
        "code": code, "name": {"en": code, "zh": code}, "scope": {"all": True}, "campaign": "double-12",
        "payers": [{"payer": "platform", "basis_points": 10000}], **data,
    }  # fmt: skip
    made = Offer.objects.create(
        merchant=merchant, campaign=Campaign.objects.get(), code=code, kind=kind, type=data.get("type", ""),
        name_en=code, name_zh=code, state="released", draft=data, author="person:lin", created_at=NOW, edited_at=NOW,
        out=True, sight=sight_of(data),
    )  # fmt: skip
    release("offer", code, data, merchant)
    if kind == "promotion":
        Promotion.objects.create(offer=made)
    return made


def release(kind: str, code: str, data: dict[str, Any], merchant: Merchant) -> None:
    made = Release.objects.create(
        merchant=merchant, kind=kind, code=code, version=1, data=data, digest=digest(data), review_id=0,
        released_at=NOW, released_by="person:chen",
    )  # fmt: skip
    Live.objects.create(kind=kind, code=code, release=made, since=NOW, by="person:chen")
    changed()


def coupon(code: str, *, stock: int, per_shopper: int = 1, days: int | None = 7, **data: Any) -> Offer:
    """A live coupon template with stock."""
    made = offer(code, kind="coupon", **data)
    account = accounts.open_account(accounts.stock(code), merchant_id=1, kind="stock", unit="piece")
    accounts.fund(account, stock, at=NOW)
    Template.objects.create(offer=made, stock=account, per_shopper=per_shopper, days_from_claim=days)
    changed()
    return made


def limit(code: str, *, most: int | None = None, each: str = "day", device: int | None = None) -> None:
    """The coupon is limited by period, by device, or both."""
    period = {"period_most": most, "period_each": each if most else "", "period_zone": "Asia/Shanghai"}
    Template.objects.filter(offer__code=code).update(**period, per_device=device)
    changed()


def budget(payer: str, amount: int) -> None:
    """A budget line of the campaign for discounts this payer pays."""
    account = accounts.open_account(
        accounts.budget("double-12", "discount", payer), merchant_id=1, kind="budget", unit="CNY"
    )
    accounts.fund(account, amount, at=NOW)
    BudgetLine.objects.create(
        campaign=Campaign.objects.get(), merchant_id=1, kind="discount", payer=payer, name_en="", name_zh="",
        account=account,
    )  # fmt: skip


def distribution(code: str, **data: Any) -> None:
    release("distribution", code, {"code": code, "campaign": "double-12", **data}, Merchant.objects.get(id=1))


def stop(kind: str, code: str) -> None:
    Stop.objects.create(merchant_id=1, kind=kind, code=code, at=NOW, by="person:lin", why="a test")
    BookVersion.objects.update(number=BookVersion.objects.get().number + 1)


def _merchant(code: str, number: int) -> Merchant:
    return Merchant.objects.create(
        id=number, code=code, name_en=code, name_zh=code, currency="CNY", zone="Asia/Shanghai"
    )


def cart(*lines: tuple[str, int, int], buyer: str = "", **more: Any) -> QuoteRequest:
    """A cart of (sku, quantity, unit price), lines named a, b, c …"""
    asked = [LineRequest("abcdefghij"[place], *line) for place, line in enumerate(lines)]
    return QuoteRequest(lines=asked, buyer=buyer, **more)


def per_shopper(code: str, limit: int) -> None:
    """The promotion serves so many orders of one shopper."""
    Promotion.objects.filter(offer__code=code).update(per_shopper=limit)
    changed()


def later(**time: int) -> datetime:
    """So long after NOW."""
    return NOW + timedelta(**time)
