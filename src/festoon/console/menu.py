"""The side menu: screens by what people come for, with how much waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from festoon.base.words import Words
from festoon.catalog.roles import right_of
from festoon.console.words import said
from festoon.records.viewer import Viewer

CAMPAIGNS, OFFERS = frozenset({"console:distribution"}), frozenset({"console:coupon", "console:newest"})


@dataclass(frozen=True, slots=True)
class Item:
    """One screen in the menu, for whom may open it; `right` where that is not the right its screen asks for.

    `others` are screens that belong to it and stand at other addresses.
    """

    to: str
    words: Words
    icon: str
    right: str = ""
    platform: bool = False
    count: int = 0
    others: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """In the language of the page."""
        return said(self.words)


@dataclass(frozen=True, slots=True)
class Group:
    """Screens under one heading."""

    words: Words
    items: Sequence[Item]

    @property
    def label(self) -> str:
        """In the language of the page."""
        return said(self.words)


def menu(viewer: Viewer, waits: int = 0) -> Sequence[Group]:
    """The menu of one person: the screens it may open; so many reviews wait for it."""
    seen = [Group(group.words, [item for item in group.items if _opens(viewer, item)]) for group in _groups(waits)]
    return [group for group in seen if group.items]


def _opens(viewer: Viewer, item: Item) -> bool:
    right = item.right or right_of(item.to)
    return (not right or viewer.may(right)) and (viewer.is_platform or not item.platform)


def _groups(waits: int) -> Sequence[Group]:
    return (
        Group(
            Words("", ""),
            (
                Item("console:start", Words("Start here", "从这里开始"), "sparkles"),
                Item("console:dashboard", Words("Dashboard", "数据看板"), "layout_dashboard"),
                Item("console:inbox", Words("Review inbox", "审核待办"), "inbox", count=waits),
            ),
        ),
        Group(
            Words("Promotions", "促销"),
            (
                Item("console:campaigns", Words("Campaigns", "活动主题"), "confetti", others=CAMPAIGNS),
                Item("console:offers", Words("Offers", "优惠"), "discount", others=OFFERS),
                Item("console:presets", Words("Rule library", "规则库"), "books"),
                Item("console:matrix", Words("What combines", "叠加与互斥"), "arrows_split_2"),
                Item("console:try", Words("Try it", "试算"), "basket"),
                Item("console:watch", Words("Stops and burn rates", "停用与消耗监控"), "flame"),
                Item("console:service", Words("Customer service", "客服"), "headset"),
                Item("console:flash", Words("Flash sale", "秒杀"), "bolt"),
            ),
        ),
        Group(
            Words("Looking back", "复盘"),
            (
                Item("console:year", Words("A year of trade", "一年交易"), "calendar_stats", platform=True),
                Item("console:audit", Words("Who did what", "操作记录"), "history"),
                Item("console:health", Words("Health", "健康检查"), "heartbeat"),
            ),
        ),
        Group(
            Words("Settings", "设置"),
            (
                Item("console:review-settings", Words("Who agrees on what", "审核设置"), "checklist"),
                Item("console:policies", Words("Exclusion policies", "互斥策略"), "shield_lock"),
                Item("console:people", Words("People", "人员"), "users"),
                Item("console:webhooks", Words("Webhooks", "事件推送"), "webhook"),
            ),
        ),
    )
