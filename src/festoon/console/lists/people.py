"""The colleagues of a company: who they are, what they may do, whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html

from festoon.base.words import Words
from festoon.catalog import queries
from festoon.console import words
from festoon.console.columns import Column, Sort
from festoon.console.listing import List
from festoon.console.lists.parts import by_name, title
from festoon.console.templatetags.festoon import roles

COMES_IN, SUSPENDED = Words("May come in", "可登录"), Words("Suspended", "已停用")
ON, OFF = Words("Switched on", "已开启"), Words("Switched off", "未开启")

FIRST = '<span><a class="name" href="{}" data-drawer>{}</a><span class="under">{} · {}</span></span>'
HAS, HAS_NOT = '<span class="state tone-good">{}</span>', '<span class="text-quiet">{}</span>'
MAY_NOT = '<span class="text-bad">{}</span>'


def _first(each: Any) -> str:
    return format_html(FIRST, reverse("console:person", args=[each.code]), each.title, each.code, title(each.merchant))


def _roles(each: Any) -> str:
    return ", ".join(words.of(words.ROLES, code) for code in each.roles)


def _state(each: Any) -> str:
    return words.said(COMES_IN if each.user.is_active else SUSPENDED)


def _factor(each: Any) -> str:
    return words.said(ON if each.factor else OFF)


class PeopleList(List):
    """Colleagues by name."""

    name = "people"
    label = Words("People", "人员")
    searched = Words("Name or code", "姓名或登录名")
    columns = (
        Column("name", Words("Name", "姓名"), title, always=True, cell=lambda each: _first(each)),
        Column("code", Words("Signs in as", "登录名"), lambda each: each.code, drawn=False),
        Column("house", Words("Company", "公司"), lambda each: title(each.merchant), drawn=False),
        Column("roles", Words("Roles", "角色"), _roles, cell=lambda each: roles(each.roles)),
        Column(
            "factor",
            Words("Second factor", "两步验证"),
            _factor,
            cell=lambda each: format_html(HAS if each.factor else HAS_NOT, _factor(each)),
        ),
        Column(
            "state",
            Words("State", "状态"),
            _state,
            cell=lambda each: _state(each) if each.user.is_active else format_html(MAY_NOT, _state(each)),
        ),
    )
    sorts = (Sort("", Words("By name", "按姓名"), ("code", "id")),)
    empty = (
        "users",
        Words("Nobody yet", "还没有人员"),
        Words("Invite a colleague beside this list.", "请在右侧邀请同事。"),
    )

    def every(self) -> QuerySet[Any]:
        return queries.people(self.viewer).order_by()

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return by_name(rows, text)

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        on = set(
            queries.with_a_phone(self.viewer)
            .filter(user__in=[row.user_id for row in rows])
            .values_list("user", flat=True)
        )
        for row in rows:
            row.title, row.factor = title(row), row.user_id in on
        return rows
