"""The forms by which it is said who must agree on what, who may submit how much, and who stands in for whom."""

from __future__ import annotations

from typing import Any

from django import forms

from festoon.base.money import MOST
from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import words
from festoon.console.inputs import MoneyField, PercentField, moment, to_choose
from festoon.console.words import said
from festoon.records.viewer import Viewer
from festoon.review.flows import MEASURES as MEASURED
from festoon.review.flows import deciding
from festoon.review.levels import MOST_HOURS, RULES, Step
from festoon.storefront.templatetags.said import money, number, percent

RULE_WORDS = {
    "any": Words("any one of them", "任一人"),
    "all": Words("all of them", "全部"),
    "some": Words("so many of them", "若干人"),
}
MEASURES = {
    "percent": Words("Deepest reduction", "最大降幅"),
    "amount": Words("Most off one order", "单笔最高优惠"),
    "budget": Words("Whole budget", "总预算"),
    "number": Words("How many are given out", "发放数量"),
}
AS_WRITTEN = Words(
    "As you write it: 20 for 20 %, 50.00 in money, or a count. Empty takes the ceiling away.",
    "按日常写法：20 即 20%，金额写作 50.00，数量写整数。留空即取消上限。",
)
LEVELS = 5


def measure_field(measure: str, currency: str, label: Words) -> forms.Field:
    """A figure of this measure as people write it: 20 for 20 %, 50.00 in money, a count."""
    given: dict[str, Any] = {"label": said(label), "required": False}
    if measure == "percent":
        return PercentField(**given)
    if measure == "number":
        return forms.IntegerField(min_value=0, max_value=MOST, **given)
    return MoneyField(currency=currency, **given)


def measured(measure: str, value: int, currency: str) -> str:
    """A figure of this measure as it is read."""
    if measure == "percent":
        return percent(value)
    return number(value) if measure == "number" else money(value, currency)


class FlowForm(forms.Form):
    """The flow of one kind: up to five levels, in order; a level with nobody ticked is left out."""

    def __init__(self, *given: Any, viewer: Viewer, currency: str, **more: Any) -> None:
        super().__init__(*given, **more)
        parties = _parties(viewer)
        if viewer.is_platform:
            self.fields["merchants"] = forms.MultipleChoiceField(
                label=said(Words("Only what belongs to", "仅限商家")), required=False,
                widget=forms.CheckboxSelectMultiple, choices=to_choose(catalog.merchants(viewer).order_by("id")),
            )  # fmt: skip
        for measure in MEASURED:
            least = Words(f"{MEASURES[measure].en}, at least", f"{MEASURES[measure].zh}不低于")
            self.fields[f"least_{measure}"] = measure_field(measure, currency, least)
        for n in range(1, LEVELS + 1):
            self.fields |= {
                f"name_en_{n}": _text("Name in English", "英文名称"),
                f"name_zh_{n}": _text("Name in Chinese", "中文名称"),
                f"parties_{n}": forms.MultipleChoiceField(
                    label=said(Words("Who", "审核人")), choices=parties, required=False,
                    widget=forms.CheckboxSelectMultiple,
                ),
                f"rule_{n}": forms.ChoiceField(
                    label=said(Words("Agreed when", "通过条件")), required=False,
                    choices=[(rule, said(RULE_WORDS[rule])) for rule in RULES],
                ),
                f"need_{n}": forms.IntegerField(
                    label=said(Words("How many people, where it is so many", "若干人时的人数")), min_value=1, required=False
                ),
                f"hours_{n}": forms.IntegerField(
                    label=said(Words("Due after so many hours (0: never)", "时限（小时，0 为不限）")), min_value=0,
                    max_value=MOST_HOURS, required=False,
                ),
            }  # fmt: skip

    def conditions(self) -> list[Any]:
        """The bound fields of the condition."""
        return [self[name] for name in ("merchants", *(f"least_{each}" for each in MEASURED)) if name in self.fields]

    def when(self) -> dict[str, Any]:
        """The condition as `set_flow` takes it; nothing said holds always."""
        found = self.cleaned_data
        least = {each: found[f"least_{each}"] for each in MEASURED if found[f"least_{each}"] is not None}
        whose = {"merchants": found["merchants"]} if found.get("merchants") else {}
        return whose | ({"at_least": least} if least else {})

    @classmethod
    def values(cls, row: Any) -> dict[str, Any]:
        """What the form begins with: a flow that is there, or None."""
        found: dict[str, Any] = {}
        if row is None:
            return found
        found["merchants"] = row.when.get("merchants", [])
        found |= {f"least_{measure}": least for measure, least in row.when.get("at_least", {}).items()}
        for level in row.levels[:LEVELS]:
            n = level["number"]
            found |= {f"{name}_{n}": level[name] for name in ("rule", "need", "hours")}
            found |= {f"name_en_{n}": level["name"]["en"], f"name_zh_{n}": level["name"]["zh"]}
            found[f"parties_{n}"] = [":".join(next(iter(party.items()))) for party in level["parties"]]
        return found

    def levels(self) -> list[Any]:
        """The bound fields of each level, and whether they are shown: the first, what is filled in, what is wrong."""
        names = ("name_en", "name_zh", "parties", "rule", "need", "hours")
        shown = [[self[f"{name}_{n}"] for name in names] for n in range(1, LEVELS + 1)]
        return [
            (level, n == 0 or bool(level[2].value()) or any(field.errors for field in level))
            for n, level in enumerate(shown)
        ]

    def steps(self) -> list[Step]:
        """What `set_flow` takes."""
        found = self.cleaned_data
        return [
            Step(
                Words(found[f"name_en_{n}"] or f"Level {n}", found[f"name_zh_{n}"] or f"第{n}级"), found[f"parties_{n}"],
                found[f"rule_{n}"] or "any", found[f"need_{n}"] or 1, found[f"hours_{n}"] or 0,
            )
            for n in range(1, LEVELS + 1)
            if found[f"parties_{n}"]
        ]  # fmt: skip


class CeilingForm(forms.Form):
    """The most that a role may submit, and who agrees above it."""

    def __init__(self, *given: Any, viewer: Viewer, currency: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.currency = currency
        self.fields |= {
            "role": forms.ChoiceField(label=said(Words("People of the role", "角色")), choices=_roles()),
            "measure": forms.ChoiceField(
                label=said(Words("May submit at most", "提交上限")),
                choices=[(code, said(label)) for code, label in MEASURES.items()],
            ),
            "most": forms.DecimalField(
                label=said(Words("Up to", "上限")), min_value=0, required=False, help_text=said(AS_WRITTEN)
            ),
            "then": forms.ChoiceField(label=said(Words("Above it, also asked", "超过时另需审核")), choices=_parties(viewer)),
        }  # fmt: skip

    def clean_most(self) -> int | None:
        """The figure in the units of its measure; None takes the ceiling away."""
        found, measure = self.cleaned_data.get("most"), self.cleaned_data.get("measure")
        if found is None or measure is None:
            return None
        exact: int | None = measure_field(measure, self.currency, MEASURES[measure]).clean(str(found))
        return exact


class DelegateForm(forms.Form):
    """Who decides in whose place, from when until when."""

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        people = to_choose(catalog.people(viewer))
        mine = viewer.name.partition(":")[2]
        whose = people if viewer.may("review.configure") else [row for row in people if row[0] == mine]
        self.fields |= {
            "person": forms.ChoiceField(label=said(Words("In the place of", "被代理人")), choices=whose),
            "to": forms.ChoiceField(label=said(Words("Decides", "代理人")), choices=people),
            "since": moment(Words("From", "开始")),
            "until": moment(Words("Until", "结束"), last=True),
        }


def _parties(viewer: Viewer) -> list[tuple[str, str]]:
    people = [(f"person:{code}", name) for code, name in to_choose(catalog.people(viewer))]
    every, house = said(Words("everybody who is", "所有")), "platform" if viewer.is_platform else "merchant"
    return [(f"role:{code}", f"{every} {words.of(words.ROLES, code)}") for code in deciding(house)] + people


def _roles() -> list[tuple[str, str]]:
    return [(code, said(label)) for code, label in words.ROLES.items()]


def _text(en: str, zh: str) -> forms.CharField:
    return forms.CharField(label=said(Words(en, zh)), max_length=64, required=False)
