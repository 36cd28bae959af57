"""The coupons of one template: who holds them, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.console import words
from festoon.console.bulk import Bulk
from festoon.console.columns import Column, Sort, tabs_of
from festoon.console.listing import List
from festoon.console.lists.parts import state_of, title
from festoon.coupons import queries as coupons
from festoon.coupons.recalling import void_one
from festoon.records.viewer import Viewer
from festoon.storefront.templatetags.said import moment, named


def _void(viewer: Viewer, coupon: Any, why: str, now: datetime) -> None:
    void_one(coupon.pk, why=why, by=viewer, now=now)


def _where(coupon: Any) -> str:
    store = format_html('<span class="under">{}</span>', coupon.store) if coupon.store else ""
    return format_html('<span class="nowrap">{}</span> {}', words.of(words.CLAIMED_IN, coupon.channel), store)


def _at(at: datetime | None) -> str:
    return format_html('<span class="nowrap">{}</span>', moment(at))


class CouponList(List):
    """The coupons of one template, the latest claimed first."""

    name = "coupons"
    label = Words("Coupons", "优惠券")
    searched = Words("Search the code", "搜索券码")
    sheets = True
    empty = (
        "wallet",
        Words("In no wallet yet", "还没有人领取"),
        Words("Coupons appear here when shoppers claim them, or when you give them to many.", "顾客领取或批量发放后会显示在这里。"),
    )  # fmt: skip
    columns: Sequence[Column] = (
        Column(
            "code",
            Words("Coupon", "优惠券"),
            lambda each: each.code or each.pk,
            always=True,
            cell=lambda each: format_html("<code>{}</code>", each.code or each.pk),
        ),
        Column(
            "shopper",
            Words("Shopper", "顾客"),
            lambda each: title(each.shopper),
            cell=lambda each: named(each.shopper) or each.shopper.code,
        ),
        state_of("state"),
        Column(
            "where",
            Words("Where", "渠道"),
            lambda each: words.of(words.CLAIMED_IN, each.channel),
            cell=lambda each: _where(each),
            alike=lambda each: (each.channel, each.store),
        ),
        Column(
            "claimed",
            Words("Claimed", "领取时间"),
            lambda each: each.claimed_at,
            cell=lambda each: _at(each.claimed_at),
        ),
        Column("ends", Words("Ends", "到期时间"), lambda each: each.expires_at, cell=lambda each: _at(each.expires_at)),
    )
    states = ("claimed", "held", "redeemed", "void")
    bulks = (
        Bulk(
            "void", Words("Make void", "作废"), "ticket_off", "coupons.void",
            Words(
                "Make these coupons void? They serve no order from then on, and do not come back into the stock.",
                "作废这些优惠券？作废后不能再用于任何订单，也不退回库存。",
            ),
            _void, Words("Why", "原因"), "danger",
        ),
    )  # fmt: skip
    sorts = (Sort("", Words("Latest first", "最新在前"), ("-claimed_at", "-id")),)

    def __init__(
        self, request: HttpRequest, viewer: Viewer, now: datetime, *, offer: Any, known: Mapping[str, int]
    ) -> None:
        super().__init__(request, viewer, now)
        self.offer, self.known = offer, known
        if not viewer.may("shoppers.read"):
            self.columns = tuple(each for each in type(self).columns if each.code != "shopper")

    def every(self) -> QuerySet[Any]:
        rows = coupons.visible(self.viewer).order_by().filter(template=self.offer.template)
        return rows.select_related(None).defer(None).select_related("shopper").defer("shopper__portrait")

    def counts(self) -> Mapping[str, tuple[str, int | None]]:
        if self.narrowed:
            return super().counts()
        return tabs_of({state: self.known.get(state, 0) for state in self.states}, sum(self.known.values()))

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return rows.filter(code__icontains=text)
