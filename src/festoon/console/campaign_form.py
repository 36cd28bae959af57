"""The forms a campaign is composed with: its dates and words, its goals, its money, whom it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from festoon.base.money import exponent
from festoon.base.words import Words
from festoon.campaigns.budget import KINDS as MONEY
from festoon.campaigns.form import METRICS
from festoon.campaigns.models import Campaign
from festoon.campaigns.queries import LONG_TERM, ONE_OFF
from festoon.catalog import queries as catalog
from festoon.catalog.models import PLATFORM
from festoon.console import words
from festoon.console.inputs import MoneyField, moment, to_choose
from festoon.console.words import said
from festoon.records.viewer import SYSTEM, Viewer

TERMS = {
    ONE_OFF: Words("One-off, archived after its end", "一次性活动，结束后归档"),
    LONG_TERM: Words("A long-term campaign, which goes on in versions", "长期活动，按版本更新"),
}
COLOURS = {"": Words("Blue", "蓝"), "red": Words("Red", "红"), "pink": Words("Pink", "粉")}
DATES = ("starts_at", "ends_at")
MONEYED = ("gmv",)
WHOLE = Words("This is counted: give a whole number.", "该指标按个数计算，请填写整数。")


def _text(en: str, zh: str, *, most: int = 128, need: bool = True, help: Words | None = None, **more: Any) -> Any:
    return forms.CharField(
        label=said(Words(en, zh)), max_length=most, required=need, help_text=said(help) if help else "", **more
    )


def _choices(table: Mapping[str, Words]) -> list[tuple[str, str]]:
    return [(code, said(label)) for code, label in table.items()]


class ThemeForm(forms.Form):
    """Name, reason, dates and term; `new` asks for the code too, which addresses and the codes of parts begin with."""

    def __init__(self, *given: Any, new: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        told = Words("What people see", "顾客看到的名称")
        self.fields |= {
            "name_en": _text("Name in English", "英文名称", help=told),
            "name_zh": _text("Name in Chinese", "中文名称", help=told),
            "reason_en": _text(
                "Why people buy now, in English", "英文购买理由", need=False,
                help=Words("One reason to buy, such as “The year's last great sale”", "一个购买理由，例如“年末大促”"),
            ),
            "reason_zh": _text("Why people buy now, in Chinese", "中文购买理由", need=False),
            "starts_at": moment(Words("Begins", "开始")),
            "ends_at": moment(Words("Ends", "结束"), last=True),
            "term": forms.ChoiceField(label=said(Words("How it ends", "结束方式")), choices=_choices(TERMS), required=False),
            "colour": forms.ChoiceField(label=said(Words("Colour", "颜色")), choices=_choices(COLOURS), required=False),
        }  # fmt: skip
        if new:
            self.fields["code"] = forms.RegexField(
                r"^[a-z0-9][a-z0-9-]*$", max_length=48, label=said(Words("Short name", "简称")),
                help_text=said(Words(
                    "For addresses and files, such as double-12: small letters, digits, hyphens. It stays.",
                    "用于网址与文件，如 double-12：小写字母、数字、连字符，之后不变。",
                )),
            )  # fmt: skip

    def to_data(self) -> dict[str, Any]:
        """What `campaigns.actions` takes."""
        found = self.cleaned_data
        return {
            "name": {"en": found["name_en"], "zh": found["name_zh"]},
            "reason": {"en": found["reason_en"], "zh": found["reason_zh"]},
            **{name: found[name] for name in (*DATES, "colour") if found.get(name) is not None},
            "term": found["term"] or ONE_OFF,
        }

    @classmethod
    def values(cls, campaign: Campaign) -> dict[str, Any]:
        """What a campaign says now, to begin from."""
        names = ("name_en", "name_zh", "reason_en", "reason_zh", *DATES, "term", "colour")
        return {name: getattr(campaign, name) for name in names}


class GoalForm(forms.Form):
    """One target: money in major units, the rest counted."""

    def __init__(self, *given: Any, currency: str = "CNY", **more: Any) -> None:
        super().__init__(*given, **more)
        known = {code: words.METRICS.get(code, Words(code, code)) for code in METRICS}
        self.fields |= {
            "metric": forms.ChoiceField(label=said(Words("What is counted", "指标")), choices=_choices(known)),
            "channel": forms.ChoiceField(
                label=said(Words("Where", "渠道")),
                choices=[("", said(words.CHANNELS[""])), *_channels()],
                required=False,
            ),
            "product": _text("Only for the product (its sku)", "仅限商品（货号）", most=64, need=False),
            "target": MoneyField(currency=currency, label=said(Words("Target", "目标")), min_value=1),
        }
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """Money may have its minor units; what is counted is whole."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        counted = found.get("metric") not in MONEYED
        if counted and (found.get("target") or 0) % 10 ** exponent(self.currency):
            self.add_error("target", said(WHOLE))
        return found

    def to_data(self, currency: str) -> dict[str, Any]:
        """What `set_goals` takes; a count was typed as a whole number, money in major units."""
        found = self.cleaned_data
        whole = found["target"] if found["metric"] in MONEYED else found["target"] // 10 ** exponent(currency)
        return {"metric": found["metric"], "channel": found["channel"], "product": found["product"], "target": whole}


class MoneyForm(forms.Form):
    """Money to set aside."""

    def __init__(self, *given: Any, viewer: Viewer, currency: str = "CNY", **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= {
            "kind": forms.ChoiceField(
                label=said(Words("For", "用途")), choices=[(code, said(words.KINDS[code])) for code in MONEY]
            ),
            "payer": forms.ChoiceField(label=said(Words("Who pays", "承担方")), choices=_payers(viewer)),
            "amount": MoneyField(currency=currency, label=said(Words("Amount", "金额"))),
            "key": forms.CharField(widget=forms.HiddenInput, required=False, max_length=80),
        }


def _payers(viewer: Viewer) -> list[tuple[str, str]]:
    rows = catalog.merchants(viewer).order_by("id")
    merchants = [(f"merchant:{code}", name) for code, name in to_choose(rows.exclude(pk=PLATFORM))]
    return [("platform", words.payer("platform")), *merchants] if viewer.is_platform else merchants


class SpreadForm(forms.Form):
    """By which channels, to whom and where; nothing ticked is no limit."""

    def __init__(self, *given: Any, viewer: Viewer, campaign: Campaign, **more: Any) -> None:
        super().__init__(*given, **more)
        offers = campaign.offers.order_by("code")
        mine = offers if viewer.is_platform else offers.filter(merchant_id=viewer.merchant_id)
        self.fields |= {
            "name_en": _text("Name in English", "英文名称"),
            "name_zh": _text("Name in Chinese", "中文名称"),
            "offers": _several("Only these offers", "仅限这些优惠", to_choose(mine)),
            "channels": _several("Used in", "使用渠道", _channels()),
            "claim_channels": _several("Claimed in", "领取渠道", _channels(words.CLAIMED_IN)),
            "stores": _several("Only in these stores", "仅限门店", to_choose(catalog.stores(viewer))),
            "segments": _several("Only for these groups", "仅限人群", to_choose(catalog.segments(SYSTEM))),
        }

    def to_data(self) -> dict[str, Any]:
        """What `distribution.actions` takes."""
        found = self.cleaned_data
        lists = ("offers", "channels", "claim_channels", "stores", "segments")
        return {"name": {"en": found["name_en"], "zh": found["name_zh"]}} | {
            name: found[name] for name in lists if found[name]
        }


def _channels(known: Mapping[str, Words] = words.CHANNELS) -> list[tuple[str, str]]:
    return [(code, said(label)) for code, label in known.items() if code]


def _several(en: str, zh: str, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=said(Words(en, zh)), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )
