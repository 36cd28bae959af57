"""Who must agree on what: flows by kind, ceilings by role, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.roles import permissions
from festoon.console import words
from festoon.console.campaign_form import refused
from festoon.console.screen import done, page, screen
from festoon.console.words import said
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import Viewer
from festoon.review import flows, queries
from festoon.review.levels import RULES, Step

KINDS = ("campaign", "promotion", "coupon", "preset", "exclusion", "distribution")
SAVED = Words(
    "Saved. Open reviews keep the levels they were submitted with.", "已保存。进行中的审核仍按提交时的级别进行。"
)
RULE_WORDS = {
    "any": Words("any one of them", "任一人"),
    "all": Words("all of them", "全部"),
    "some": Words("so many of them", "若干人"),
}
MEASURES = {
    "percent": Words("Deepest reduction (basis points: 2000 is 20 %)", "最大降幅（基点：2000 即 20%）"),
    "amount": Words("Most off one order (minor units: 5000 is 50.00)", "单笔最高优惠（分）"),
    "budget": Words("Whole budget (minor units)", "总预算（分）"),
    "number": Words("How many are given out", "发放数量"),
}
LEVELS = 3


class FlowForm(forms.Form):
    """The flow of one kind: up to three levels, in order; a level with nobody ticked is left out."""

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        parties = _parties(viewer)
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
                    required=False,
                ),
            }  # fmt: skip

    def levels(self) -> list[Any]:
        """The bound fields of each level."""
        names = ("name_en", "name_zh", "parties", "rule", "need", "hours")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, LEVELS + 1)]

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

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= {
            "role": forms.ChoiceField(label=said(Words("People of the role", "角色")), choices=_roles()),
            "measure": forms.ChoiceField(
                label=said(Words("May submit at most", "提交上限")),
                choices=[(code, said(label)) for code, label in MEASURES.items()],
            ),
            "most": forms.IntegerField(
                label=said(Words("Up to (empty: takes the ceiling away)", "上限（留空即取消）")), min_value=0, required=False
            ),
            "then": forms.ChoiceField(label=said(Words("Above it, also asked", "超过时另需审核")), choices=_parties(viewer)),
        }  # fmt: skip


class DelegateForm(forms.Form):
    """Who decides in whose place, from when until when."""

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        people = [(row.code, said(Words(row.name_en, row.name_zh))) for row in catalog.people(viewer)]
        mine = viewer.name.partition(":")[2]
        whose = people if viewer.may("review.configure") else [row for row in people if row[0] == mine]
        self.fields |= {
            "person": forms.ChoiceField(label=said(Words("In the place of", "被代理人")), choices=whose),
            "to": forms.ChoiceField(label=said(Words("Decides", "代理人")), choices=people),
            "since": forms.DateTimeField(label=said(Words("From", "开始")), widget=forms.DateTimeInput),
            "until": forms.DateTimeField(label=said(Words("Until", "结束")), widget=forms.DateTimeInput),
        }


@screen
def settings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All flows, ceilings and delegations; forms for each."""
    now, doing, may = timezone.now(), request.POST.get("do", ""), viewer.may("review.configure")
    kind = request.GET.get("kind", "campaign")
    kind = kind if kind in KINDS else "campaign"
    flow = FlowForm(request.POST if doing == "flow" else None, viewer=viewer, initial=_flow(viewer, kind))
    ceiling = CeilingForm(request.POST if doing == "ceiling" else None, viewer=viewer)
    delegate = DelegateForm(request.POST if doing == "delegate" else None, viewer=viewer)
    if doing == "end" and request.POST.get("number", "").isdecimal():
        flows.end_delegation(int(request.POST["number"]), by=viewer, now=now)
        return done(request, request.get_full_path(), SAVED)
    for form, act in _acts(viewer, kind, flow, ceiling, delegate, now):
        if form.is_bound and form.is_valid():
            try:
                act()
                return done(request, request.get_full_path(), SAVED)
            except (Conflict, Invalid, NotFound) as refusal:
                refused(form, refusal)
    context = {
        "may": may, "kind": kind, "kinds": KINDS, "flow": flow if may else None, "ceiling": ceiling if may else None,
        "delegate": delegate, "flows": {row.subject_kind: row for row in queries.flows(viewer, KINDS) if row.number == 1},
        "others": [row for row in queries.flows(viewer, [kind]) if row.number != 1],
        "ceilings": queries.ceilings(viewer), "delegations": queries.delegations(viewer).filter(until__gt=now),
        "measures": {code: said(label) for code, label in MEASURES.items()},
    }  # fmt: skip
    return page(request, "console/review_settings.html", context)


def _acts(
    viewer: Viewer, kind: str, flow: FlowForm, ceiling: CeilingForm, delegate: DelegateForm, now: datetime
) -> list[tuple[forms.Form, Callable[[], Any]]]:
    def set_flow() -> None:
        there = queries.flow(viewer, kind)
        flows.set_flow(kind, flow.steps(), by=viewer, now=now, when=there.when if there else {})

    def set_ceiling() -> None:
        found = ceiling.cleaned_data
        then = Step(Words("Above the ceiling", "超过上限"), [found["then"]])
        flows.set_ceiling(found["role"], found["measure"], found["most"], then=then, by=viewer, now=now)

    def stand_in() -> None:
        flows.delegate(**delegate.cleaned_data, by=viewer, now=now)

    return [(flow, set_flow), (ceiling, set_ceiling), (delegate, stand_in)]


def _flow(viewer: Viewer, kind: str) -> dict[str, Any]:
    """What the form begins with: the flow that is there."""
    found: dict[str, Any] = {}
    row = next((row for row in queries.flows(viewer, [kind]) if row.number == 1), None)
    for level in (row.levels if row else ())[:LEVELS]:
        n = level["number"]
        found |= {
            f"name_en_{n}": level["name"]["en"], f"name_zh_{n}": level["name"]["zh"], f"rule_{n}": level["rule"],
            f"need_{n}": level["need"], f"hours_{n}": level["hours"],
            f"parties_{n}": [":".join(next(iter(party.items()))) for party in level["parties"]],
        }  # fmt: skip
    return found


def _parties(viewer: Viewer) -> list[tuple[str, str]]:
    people = [(f"person:{row.code}", said(Words(row.name_en, row.name_zh))) for row in catalog.people(viewer)]
    deciders = [code for code, role in permissions().roles.items() if f"review.decide:{code}" in role.rights]
    every = said(Words("everybody who is", "所有"))
    return [(f"role:{code}", f"{every} {words.of(words.ROLES, code)}") for code in deciders] + people


def _roles() -> list[tuple[str, str]]:
    return [(code, said(label)) for code, label in words.ROLES.items()]


def _text(en: str, zh: str) -> forms.CharField:
    return forms.CharField(label=said(Words(en, zh)), max_length=64, required=False)
