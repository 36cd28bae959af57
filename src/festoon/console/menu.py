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
    """The menu of one person."""
    waits = len(reviews.inbox(viewer))
    return (
        Group(
            Words("", ""),
            (
                Item("console:start", Words("Start here", "从这里开始"), "sparkles"),
                Item("console:dashboard", Words("Dashboard", "数据看板"), "layout_dashboard"),
                Item("console:inbox", Words("Review inbox", "审核待办"), "inbox", waits),
            ),
        ),
        Group(
            Words("Promotions", "促销"),
            (
                Item("console:campaigns", Words("Campaigns", "活动主题"), "confetti"),
                Item("console:offers", Words("Offers", "优惠"), "discount"),
                Item("console:try", Words("Try it", "试算"), "basket"),
                Item("console:flash", Words("Flash sale", "秒杀"), "bolt"),
            ),
        ),
        Group(
            Words("Looking back", "复盘"),
            (
                Item("console:year", Words("A year of trade", "一年交易"), "calendar_stats"),
                Item("console:health", Words("Health", "健康检查"), "heartbeat"),
            ),
        ),
    )
