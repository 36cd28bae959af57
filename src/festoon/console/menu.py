"""The side menu: screens by what people come for, with how much waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from festoon.base.words import Words
from festoon.console.words import said
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews


@dataclass(frozen=True, slots=True)
class Item:
    """One screen in the menu."""

    to: str
    words: Words
    icon: str
    right: str = ""
    platform: bool = False
    count: int = 0

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


def menu(viewer: Viewer) -> Sequence[Group]:
    """The menu of one person: the screens it may open."""
    waits = len(reviews.inbox(viewer))
    seen = [Group(group.words, [item for item in group.items if _opens(viewer, item)]) for group in _groups(waits)]
    return [group for group in seen if group.items]


def _opens(viewer: Viewer, item: Item) -> bool:
    return (not item.right or viewer.may(item.right)) and (viewer.is_platform or not item.platform)


def _groups(waits: int) -> Sequence[Group]:
    return (
        Group(
            Words("", ""),
            (
                Item("console:start", Words("Start here", "从这里开始"), "sparkles"),
                Item("console:dashboard", Words("Dashboard", "数据看板"), "layout_dashboard", "data.read"),
                Item("console:inbox", Words("Review inbox", "审核待办"), "inbox", count=waits),
            ),
        ),
        Group(
            Words("Promotions", "促销"),
            (
                Item("console:campaigns", Words("Campaigns", "活动主题"), "confetti", "campaigns.read"),
                Item("console:offers", Words("Offers", "优惠"), "discount", "offers.read"),
                Item("console:try", Words("Try it", "试算"), "basket", "prices.explain"),
                Item("console:watch", Words("Burn rates", "消耗监控"), "flame", "offers.stop"),
                Item("console:flash", Words("Flash sale", "秒杀"), "bolt", "data.read"),
            ),
        ),
        Group(
            Words("Looking back", "复盘"),
            (
                Item(
                    "console:year", Words("A year of trade", "一年交易"), "calendar_stats", "data.read", platform=True
                ),
                Item("console:webhooks", Words("Webhooks", "事件推送"), "webhook", "webhooks.edit"),
                Item("console:health", Words("Health", "健康检查"), "heartbeat", "data.read"),
            ),
        ),
    )
