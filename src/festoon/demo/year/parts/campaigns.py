"""The campaigns in the order of their start: composed, submitted, reviewed, released, distributed to their lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns.models import Campaign
from festoon.composition import actions as composition
from festoon.coupons import actions as coupons
from festoon.demo.year import names, viewers
from festoon.demo.year.parts.part import Part
from festoon.demo.year.source import Source
from festoon.demo.year.values import Value, maker_of, value_of
from festoon.distribution import actions as distributions
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM
from festoon.review.queries import role_now

TYPES = {
    "A": Words("16 coupons of a pool for each household on the list", "名单上每户从券池得 16 张"),
    "B": Words("every coupon for each household on the list", "名单上每户得全部优惠券"),
    "C": Words("every coupon for each household on the list", "名单上每户得全部优惠券"),
}
CEILING = 1_000_000
"""In cents. The data states no budget; without one the ledger could not show what the retailer's match came to."""
MATCH_UPTO = 100
PER_SHOPPER = 99
"""The data states no limit, and households did use a coupon twice."""
NO_GOODS = "no-goods-known"
"""The tag of no goods: what a coupon is about that was redeemed and that no scope is stated of."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The retailer's double coupons, all year: a promotion in a campaign of its own, so that the ledger shows its cost."""

    code: str = "match"
    words: Words = Words("Double coupons", "券面加补")
    cost: int = 500

    def size(self, source: Source) -> int:
        """One campaign."""
        return source.number("select cast(count(*) > 0 as integer) from campaign")

    def take(self, source: Source, place: int, now: datetime) -> int:
        """Composed, reviewed and released."""
        del place
        key, by = f"year:{source.mark}:{names.MATCH}", viewers.operator()
        ((first, last),) = source.tuples("select min(first), max(last) from campaign")
        starts_at, ends_at = names.window(first, last)
        data = _campaign(names.MATCH, Words("Double coupons", "券面加补"), starts_at, ends_at) | {
            "reason": _said(
                Words("A maker's coupon below 1.00 counts double, up to 1.00", "厂商券不足 1.00 的翻倍，至多 1.00")
            )
        }
        made = campaigns.create(data, by=by, now=now, key=f"{key}:campaign")
        if made.state == "draft":
            campaigns.add_budget_line(
                made, kind="discount", payer=f"merchant:{names.MERCHANT}", amount=CEILING,
                name=Words("A ceiling of the demonstration, not in the data", "演示用上限，数据中没有"), by=by, now=now,
                key=f"{key}:budget",
            )  # fmt: skip
        promotions.create(_match(), by=by, now=now, key=f"{key}:promotion")
        release(made, key, now)
        return 1


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Each campaign with its coupon templates and the distribution to its list."""

    code: str = "campaigns"
    words: Words = Words("Campaigns", "活动")
    cost: int = 9_000

    def size(self, source: Source) -> int:
        """How many campaigns."""
        return source.number("select count(*) from campaign")

    def take(self, source: Source, place: int, now: datetime) -> int:
        """The next campaign, from draft to release."""
        (row,) = source.rows("select * from campaign where place = ?", place + 1)
        number, by = row["campaign"], viewers.operator()
        key = f"year:{source.mark}:{names.campaign(number)}"
        starts_at, ends_at = names.window(row["first"], row["last"])
        name = Words(f"Campaign {number} (type {row['type']})", f"活动 {number}（{row['type']} 类）")
        data = _campaign(names.campaign(number), name, starts_at, ends_at) | {"reason": _said(TYPES[row["type"]])}
        made = campaigns.create(data, by=by, now=now, key=f"{key}:campaign")
        batch = coupons.create_all(list(_templates(source, number)), by=by, now=now, key=f"{key}:templates")
        if batch.refused:
            raise Conflict("year_refused", batch.refused[0].words, field=batch.refused[0].field)
        distributions.create(_to_list(number), by=by, now=now, key=f"{key}:list")
        release(made, key, now)
        return place + 1


def release(campaign: Campaign, key: str, now: datetime) -> None:
    """Submit the campaign with all its parts and have each level's role agree, until nothing waits."""
    if campaign.state == "draft":
        composition.submit(campaign, by=viewers.operator(), now=now, key=f"{key}:submit")
    while waiting := composition.overview(SYSTEM, campaign).waiting:
        reviewer = viewers.reviewer(role_now(waiting[0]))
        composition.approve(campaign, by=reviewer, now=now, comment="The import of the year agrees to what happened.")


def _campaign(code: str, name: Words, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    return {
        "code": code, "name": _said(name), "starts_at": starts_at, "ends_at": ends_at, "zone": names.ZONE,
        "source": names.SOURCE,
    }  # fmt: skip


def _match() -> dict[str, Any]:
    return {
        "code": names.MATCH,
        "name": {"en": "Double coupons", "zh": "券面加补"},
        "benefit": {"match_coupon": {"upto": MATCH_UPTO}},
        "scope": {"merchant": [names.MERCHANT]},
        "payers": [{"payer": f"merchant:{names.MERCHANT}", "basis_points": 10_000}],
        "campaign": names.MATCH,
        "source": names.SOURCE,
    }


def _templates(source: Source, number: int) -> Iterator[dict[str, Any]]:
    question = """
        select coupon, list(product order by product) filter (product is not null) as products
        from template left join scope using (campaign, coupon) where campaign = ? group by coupon order by coupon
    """
    for coupon, products in source.tuples(question, number):
        yield _template(number, coupon, products or [])


def _template(number: int, coupon: str, products: list[int]) -> dict[str, Any]:
    value, maker = value_of(coupon), maker_of(coupon)
    data = {
        "code": names.template(number, coupon),
        "name": _named(coupon, value),
        "benefit": {"amount_off": {"amount": value.face}} if value else {"value_unknown": {}},
        "scope": {"sku": [names.sku(product) for product in products]} if products else {"tag": [NO_GOODS]},
        "campaign": names.campaign(number),
        "per_shopper": PER_SHOPPER,
        "claimable": False,
        "face_value": value.face if value else None,
        "source": names.SOURCE,
    }
    if value and value.least > 1:
        data["when"] = [{"least_quantity": {"quantity": value.least}}]
    if maker:
        data["payers"] = [{"payer": f"maker:{maker}", "basis_points": 10_000}]
    return data


def _named(coupon: str, value: Value | None) -> dict[str, str]:
    if value is None:
        return {"en": f"Coupon {coupon}, value unknown", "zh": f"优惠券 {coupon}，面值未知"}
    worth = f"{value.face // 100}.{value.face % 100:02d}"
    return {"en": f"Coupon {coupon}, {worth} off", "zh": f"优惠券 {coupon}，减 {worth}"}


def _to_list(number: int) -> dict[str, Any]:
    code = names.recipients(number)
    name = {"en": f"Mailed to the list of campaign {number}", "zh": f"寄给活动 {number} 的名单"}
    return {"code": code, "name": name, "campaign": names.campaign(number), "segments": [code]}


def _said(words: Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}


PARTS: list[Part] = [Matching(), Campaigns()]
