"""The form of a rule on how fast things are given: what is watched, and what is too fast for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms

from festoon.base.money import MOST
from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.console import queries as names
from festoon.console.inputs import MoneyField
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.offers.spends.queries import limited_in_money
from festoon.records.names import name_of
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

PIECES = Words(
    "Counted in coupons or units. Left empty: what there is, spread evenly over the dates.",
    "券按张、商品按件填写。留空则按活动日期均摊总量。",
)
MONEY = Words("Left empty: the budget, spread evenly over the dates.", "留空则按活动日期均摊预算。")
PLANNED = Words("Planned an hour", "每小时计划消耗")
FACTOR = Words(
    "At 300 percent it stops when three times as much is given as was planned.", "填 300%，即消耗达到计划的三倍时停用。"
)


class Watched(forms.Select):
    """What may be watched; an option that is watched in money is marked, so that its plan is asked for in money."""

    in_money: Collection[str] = ()

    def create_option(self, name: str, value: Any, *given: Any, **more: Any) -> dict[str, Any]:
        """The option, with its mark."""
        option = super().create_option(name, value, *given, **more)
        if value in self.in_money:
            option["attrs"]["class"] = "in-money"
        return option


class WatchForm(forms.Form):
    """The plan is pieces, or money of the company's currency: whichever the chosen thing is watched in."""

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        currency = names.currency(viewer)
        pieces, costs, budgets = _things(viewer, currency)
        self.in_money = dict([*costs, *budgets]).keys()
        groups = (
            (Words("Offers, by what is given", "优惠（按发放量）"), pieces),
            (Words("Offers, by what they may cost", "优惠（按支出上限）"), costs),
            (Words("Campaigns, by their budget", "活动主题（按预算）"), budgets),
        )
        choices = [("", said(Words("Choose …", "请选择…"))), *((said(title), each) for title, each in groups if each)]
        chosen = Watched(choices=choices)
        chosen.in_money = self.in_money
        self.fields |= {
            "of": forms.CharField(label=said(Words("Offer or campaign", "优惠或活动主题")), widget=chosen),
            "factor": forms.IntegerField(
                label=said(Words("Stop at this percent of the plan", "达到计划的百分之多少时停用")), help_text=said(FACTOR),
                min_value=110, max_value=100_000, initial=300,
            ),
            "minutes": forms.IntegerField(
                label=said(Words("Looked at over so many minutes", "统计窗口（分钟）")), min_value=1, max_value=1440, initial=5
            ),
            "per_hour": forms.IntegerField(
                label=said(PLANNED), help_text=said(PIECES), min_value=1, max_value=MOST, required=False
            ),
            "money": MoneyField(
                currency=currency, label=said(PLANNED), help_text=said(MONEY), min_value=1, required=False
            ),
        }  # fmt: skip

    @property
    def thing(self) -> tuple[str, str]:
        """Kind and code of what is watched."""
        kind, _, code = self.cleaned_data["of"].partition(":")
        return kind, code

    @property
    def plan(self) -> str:
        """The field that the plan of the chosen thing stands in."""
        return "money" if self.cleaned_data.get("of") in self.in_money else "per_hour"

    def terms(self) -> dict[str, Any]:
        """What `set_rule` takes: a plan in money in minor units."""
        found = self.cleaned_data
        return {"factor": found["factor"], "minutes": found["minutes"], "per_hour": found[self.plan]}

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field."""
        self.add_error({"code": "of", "per_hour": self.plan}.get(refusal.field), said(refusal.words))


def _things(viewer: Viewer, currency: str) -> Sequence[list[tuple[str, str]]]:
    """The offers watched in pieces, those watched in money, and the campaigns: of money, what is in this currency."""
    out = list(offers.own(viewer).filter(state="released").order_by("code").defer("draft")[:500])
    limited = set(limited_in_money(viewer).values_list("offer__code", flat=True))
    themes = campaigns.own(viewer).filter(in_force=True, merchant__currency=currency).order_by("code")[:200]
    return (
        _options("offer", (one for one in out if one.code not in limited)),
        _options("offer", (one for one in out if one.code in limited and one.merchant.currency == currency)),
        _options("campaign", themes),
    )


def _options(kind: str, rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(f"{kind}:{row.code}", f"{said(name_of(row))} · {row.code}") for row in rows]
