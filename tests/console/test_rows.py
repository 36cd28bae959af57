"""Rows of lists, drawn without templates: what is escaped, what a phone labels, how often a page asks for its budgets."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from festoon.base.words import Words
from festoon.campaigns import actions
from festoon.console.columns import Column
from festoon.console.row import rows
from tests.console.test_walls import signed_in  # noqa: F401

HEADS = (
    Column("name", Words("What", "内容"), lambda each: each.title, always=True),
    Column("by", Words("Who & why", "谁"), lambda each: each.by),
    Column("many", Words("Many", "多少"), lambda each: each.many, number=True, alike=lambda each: each.many),
)


def row(**of: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"pk": 7, "title": "Tea", "by": "lin", "many": "3"} | of)


def test_what_people_wrote_is_no_markup():
    drawn = rows([row(title='<b>"Tea"</b>', by="lin & <i>chen</i>")], HEADS, "offers-bulk", "Tick <it>")
    assert "<b>" not in drawn and "<i>" not in drawn and "<it>" not in drawn
    assert '<td class="first">&lt;b&gt;&quot;Tea&quot;&lt;/b&gt;</td>' in drawn
    assert 'aria-label="Tick &lt;it&gt;: &lt;b&gt;&quot;Tea&quot;&lt;/b&gt;"' in drawn
    assert '<td data-label="Who &amp; why">lin &amp; &lt;i&gt;chen&lt;/i&gt;</td>' in drawn


def test_an_empty_cell_has_no_label():
    assert rows([row(by="")], HEADS, "", "") == (
        '<tr><td class="first">Tea</td><td></td><td class="number" data-label="Many">3</td></tr>'
    )


def test_what_cannot_be_ticked_keeps_its_place():
    drawn = rows([row(untickable=True), row(pk=8)], HEADS, "reviews-bulk", "Tick")
    assert drawn.count('<td class="tick"></td>') == 1 and drawn.count('value="8"') == 1 and 'value="7"' not in drawn


def test_what_many_rows_say_is_drawn_once():
    asked: list[str] = []
    heads = (
        HEADS[0],
        Column("state", Words("State", "状态"), lambda each: said(asked, each), alike=lambda each: each.many),
    )
    drawn = rows([row(), row(many="4"), row()], heads, "", "")
    assert asked == ["3", "4"]
    assert [drawn.count(f">{many}</td>") for many in "34"] == [2, 1]


def said(asked: list[str], each: Any) -> str:
    asked.append(each.many)
    return str(each.many)


@pytest.mark.django_db
def test_the_budgets_of_a_page_of_campaigns_are_read_at_once(cast, signed_in):  # noqa: F811
    client, asked = signed_in("lin"), []
    for made in (0, 8):
        for n in range(made):
            with_budget(cast, n)
        client.get("/campaigns/")
        with CaptureQueriesContext(connection) as told:
            page = client.get("/campaigns/")
        asked.append(len(told))
    assert asked[0] == asked[1]
    shown = {row.code: (row.given.gone, row.given.whole) for row in page.context["list"].rows}
    assert [shown[f"more-{n}"] for n in range(8)] == [(0, 1000 + n) for n in range(8)]


def with_budget(cast: Any, n: int) -> None:
    text = {"en": f"More {n}", "zh": f"更多{n}"}
    window = {"starts_at": cast.now.isoformat(), "ends_at": (cast.now + timedelta(days=3)).isoformat()}
    how: Any = {"by": cast.person("lin"), "now": cast.now}
    theme = actions.create({"code": f"more-{n}", "name": text, "reason": text, **window}, **how)
    actions.add_budget_line(theme, kind="discount", payer="platform", amount=1000 + n, name=Words(**text), **how)
