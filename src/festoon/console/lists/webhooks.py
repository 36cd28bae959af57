"""Endpoints of other systems, and what is on its way to one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.console.bulk import Bulk
from festoon.console.columns import Column, Sort
from festoon.console.events import event
from festoon.console.listing import List
from festoon.console.lists.parts import figure, state_of
from festoon.console.templatetags.listed import age
from festoon.records.viewer import Viewer
from festoon.storefront.templatetags.said import number
from festoon.webhooks import actions, queries

ENDPOINT = '<span><a class="name" href="{}">{}</a><span class="under text-break">{}</span></span>'
EVENT = '<span>{} <span class="under" title="{} · {}">{} · {}</span></span>'


def _by(verb: Callable[..., object]) -> Callable[[Viewer, Any, str, datetime], object]:
    return lambda viewer, row, _, now: verb(row.pk, by=viewer, now=now)


def _endpoint(each: Any) -> str:
    return format_html(ENDPOINT, reverse("console:webhook", args=[each.pk]), each.name, each.url)


def _event(each: Any) -> str:
    about = truncatechars(each.object, 14)
    return format_html(EVENT, event(each.kind), each.object, number(each.sequence), each.kind, about)


class EndpointList(List):
    """Who is told."""

    name = "webhooks"
    label = Words("Who is told", "推送对象")
    empty = (
        "webhook",
        Words("Nobody yet", "还没有推送对象"),
        Words("Give an https address of your own system.", "请填写贵方系统的 https 地址。"),
    )
    columns = (
        Column("name", Words("Name", "名称"), lambda each: each.name, always=True, cell=lambda each: _endpoint(each)),
        Column("url", Words("Address", "地址"), lambda each: each.url, drawn=False),
        state_of("state"),
        figure("waiting", Words("Waiting", "等待中"), "waiting"),
        figure("dead", Words("Not taken", "未送达"), "dead"),
    )
    sorts = (Sort("", Words("By name", "按名称"), ("name", "id")),)
    bulks = (
        Bulk(
            "pause", Words("Pause", "暂停"), "player_pause", actions.RIGHT,
            Words("Send nothing to these for now?", "暂停向这些地址推送？"), _by(actions.pause), None, "plain",
        ),
        Bulk(
            "resume", Words("Go on", "恢复"), "player_play", actions.RIGHT,
            Words("Send to these again?", "恢复向这些地址推送？"), _by(actions.resume),
        ),
    )  # fmt: skip

    def every(self) -> QuerySet[Any]:
        return queries.endpoints(self.viewer).order_by()

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        for row in rows:
            row.title = row.name
        return rows


class DeliveryList(List):
    """What is on its way to one endpoint, the latest first."""

    name = "deliveries"
    label = Words("Deliveries", "推送记录")
    empty = (
        "mail_forward",
        Words("Nothing was sent yet", "还没有推送"),
        Words("Every event it asked for appears here with its answer.", "它订阅的每个事件及对方的应答会显示在这里。"),
    )
    columns = (
        Column("event", Words("Event", "事件"), lambda each: each.kind, always=True, cell=lambda each: _event(each)),
        Column("about", Words("About", "对象"), lambda each: each.object, drawn=False),
        state_of("state"),
        figure("tries", Words("Tries", "次数"), "attempts"),
        Column(
            "answer",
            Words("Answer", "应答"),
            lambda each: f"{each.status or ''} {each.error}".strip(),
            cell=lambda each: f"{each.status or ''} {each.error}" if each.status or each.error else "–",
        ),
        Column("when", Words("When", "时间"), lambda each: each.created_at, cell=lambda each: age(each.created_at)),
    )
    states = ("waiting", "sent", "dead")
    sorts = (Sort("", Words("Latest first", "最新在前"), ("-id",)),)

    def __init__(self, request: HttpRequest, viewer: Viewer, now: datetime, *, endpoint: Any) -> None:
        super().__init__(request, viewer, now)
        self.endpoint = endpoint

    def every(self) -> QuerySet[Any]:
        return queries.deliveries(self.viewer).order_by().filter(endpoint=self.endpoint)
