"""Rows of lists, drawn without templates: what is escaped, what a phone labels, how often a page asks for its budgets."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from festoon.base.words import Words
from festoon.campaigns import actions
from festoon.console.columns import Column
from festoon.console.lists import campaigns, offer_row, people, webhooks
from festoon.console.lists.audit import AuditList
from festoon.console.lists.campaigns import CampaignList
from festoon.console.lists.coupons import CouponList
from festoon.console.lists.offers import OfferList
from festoon.console.lists.people import PeopleList
from festoon.console.lists.reviews import ReviewList
from festoon.console.lists.webhooks import DeliveryList, EndpointList
from festoon.console.row import rows
from tests.console.test_walls import signed_in  # noqa: F401

MARKUP = """<b a="1">&amp; 'x'</b>"""
SHOP = SimpleNamespace(code=MARKUP, name_en=MARKUP, name_zh="", currency="CNY")
EVERYTHING = SimpleNamespace(
    pk=MARKUP, code=MARKUP, title=MARKUP, name=MARKUP, name_en=MARKUP, name_zh="", subject=MARKUP, object=MARKUP, by=MARKUP,
    url=MARKUP, href=f"/?q={MARKUP}", did=MARKUP, who=MARKUP, thing=f"the {MARKUP}", about=MARKUP, why=MARKUP, moved=MARKUP,
    came_from=MARKUP, colour=MARKUP, source="preset", channel=MARKUP, store=MARKUP, kind=MARKUP, type="", error=MARKUP,
    state=MARKUP, shown=MARKUP, subject_kind=MARKUP, roles=[MARKUP], merchant=SHOP, merchant_id=1, shopper=SHOP, campaign=SHOP,
    campaign_id=1, user=SimpleNamespace(is_active=False), factor=True, at=datetime.now(UTC), starts_at=datetime.now(UTC),
    ends_at=None, claimed_at=datetime.now(UTC), expires_at=None, opened_at=datetime.now(UTC), created_at=datetime.now(UTC),
    due_at=datetime.now(UTC), overdue=True, level=1, levels=[{}], status=500, attempts=1, sequence=1, waiting=1, dead=1,
    offer_count=1, given=None, template=None,
)  # fmt: skip
"""Of each thing a list is of, in one: everything that people wrote is markup."""
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


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "kind", [AuditList, CampaignList, CouponList, DeliveryList, EndpointList, OfferList, PeopleList, ReviewList]
)
def test_nor_is_it_in_any_cell_of_any_list(kind, language, monkeypatch):
    for of in (campaigns, offer_row, people, webhooks):
        monkeypatch.setattr(of, "reverse", lambda name, args: f"/{name}/{args}")
    heads = [head for head in kind.columns if head.drawn]
    with override(language):
        offer_row.to.cache_clear()
        drawn = rows([EVERYTHING], heads, "bulk", "Tick")
    offer_row.to.cache_clear()
    assert drawn.count("&lt;b a=") >= 2
    assert "<b" not in drawn and "&amp;lt;" not in drawn


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
