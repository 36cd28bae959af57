"""Every component on one page, for those who build screens: what there is, and how it looks in both themes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.base.words import Words
from festoon.console.history import Happened
from festoon.console.inputs import MoneyField, PercentField
from festoon.console.screen import page, screen
from festoon.console.shapes import Cell, Head, Mark, Matrix, Row, Sheet, SheetRow, Step
from festoon.console.words import KINDS, LEVELS, said
from festoon.records.viewer import Viewer

RIGHT = "components.read"
"""An administrator's."""
THINGS = ("promotion", "coupon", "campaign", "distribution", "preset")
TELLS = Words("What this is for, in a sentence.", "用一句话说明它的用途。")


class Example(forms.Form):
    """A field of every kind."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [(code, said(words)) for code, words in KINDS.items()]
        told = said(TELLS)
        self.fields |= {
            "name": forms.CharField(label=said(Words("Name", "名称")), help_text=told, max_length=40),
            "note": forms.CharField(label=said(Words("Why", "原因")), widget=forms.Textarea({"rows": 2}), required=False),
            "least": MoneyField(label=said(Words("Spend", "满"))),
            "off": PercentField(label=said(Words("Percent off", "折扣比例")), help_text=told),
            "stock": forms.IntegerField(label=said(Words("Stock", "库存")), min_value=1),
            "starts_at": forms.DateTimeField(label=said(Words("Start", "开始"))),
            "kind": forms.ChoiceField(label=said(Words("Kind", "类型")), choices=kinds),
            "kinds": forms.MultipleChoiceField(label=said(Words("Kinds", "多种类型")), choices=kinds, required=False),
            "levels": forms.MultipleChoiceField(
                label=said(Words("Levels", "等级")), choices=[(code, said(each)) for code, each in LEVELS.items()],
                widget=forms.CheckboxSelectMultiple,
            ),
            "sure": forms.BooleanField(label=said(Words("I have read it", "我已阅读"))),
        }  # fmt: skip


@screen
def components(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All of them, with what they draw; nothing here is kept."""
    viewer.require(RIGHT)
    context = {
        "form": Example({"least": "12.505", "stock": "0", "off": "120"}) if "wrong" in request.GET else Example(),
        "steps": steps(), "matrix": matrix(), "sheet": sheet(), "happened": happened(),
    }  # fmt: skip
    return page(request, "console/components.html", context)


def steps() -> list[Step]:
    """A way with a step of each state."""
    names = (Words("Basics", "基本信息"), Words("Rules", "规则"), Words("Goods", "商品"), Words("Preview", "预览"))
    states = ("done", "wrong", "here", "todo")
    return [Step(said(name), state, "?", "") for name, state in zip(names, states, strict=True)]


def matrix() -> Matrix:
    """Five things with each other."""
    heads = [Head(said(KINDS[code]), code, "?wrong") for code in THINGS]
    marks = ("both", "not", "both", "lock")
    rows = [
        Row(head, [None if x == y else Cell(marks[(x + y) % 4], head.label, "?wrong") for x in range(len(heads))])
        for y, head in enumerate(heads)
    ]
    key = (
        Mark("both", said(Words("Combine", "可叠加")), "check", "good"),
        Mark("not", said(Words("Exclude each other", "互斥")), "x", "bad"),
        Mark("lock", said(Words("Locked by a rule", "规则锁定")), "lock", "warn"),
    )
    return Matrix(said(Words("Exclusions", "互斥关系")), heads, rows, key)


def sheet() -> Sheet:
    """A file with one row that is wrong."""
    wrong = said(Words("No goods have this number.", "没有该编号的商品。"))
    rows = [SheetRow(1, ["t-01", "12.50"]), SheetRow(2, ["t-99", "8.00"], [wrong])]
    return Sheet("goods.csv", ["sku", "price"], rows, total=2, wrong=1)


def happened() -> list[Happened]:
    """A remark between two things that happened."""
    now, lin = timezone.now(), said(Words("Lin Yue", "林悦"))
    asked = said(Words("@chen is 15% right for @he?", "@chen 15% 合适吗？请 @he 看一下。"))
    return [
        Happened(now - timedelta(minutes=5), lin, said(Words("Submitted for review", "提交审核")), "warn"),
        Happened(now - timedelta(hours=2), lin, "", "note", asked, remark=True),
        Happened(now - timedelta(days=1), lin, said(Words("Created", "创建")), "quiet"),
    ]
