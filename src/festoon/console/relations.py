"""What stands between two offers, as screens say it: they combine, exclude each other, are locked, or never meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.words import Words
from festoon.console import words
from festoon.console.shapes import Mark
from festoon.engine.stages import PRICE
from festoon.offers import caution, queries
from festoon.offers.models import Exclusion
from festoon.offers.overlap import Overlap, Table, moment, stage
from festoon.offers.reach import Apart
from festoon.offers.released import out_of
from festoon.offers.standing import Standing
from festoon.records.viewer import SYSTEM, Viewer

MARKS = {
    "lock": (Words("Locked by a rule", "规则锁定"), "lock", "warn"),
    "not": (Words("Exclude each other", "互斥"), "x", "bad"),
    "soon": (Words("Excluded, not in force yet", "互斥，尚未生效"), "clock", "note"),
    "both": (Words("Combine", "可叠加"), "check", "good"),
    "apart": (Words("Never meet", "不相遇"), "minus", "quiet"),
}
"""Icon and tone of each; in the order in which a page lists them."""
CONFLICTS = ("lock", "not", "soon")
EXCLUSIVE = Words("One of them excludes everything: that is how it was made.", "其中一项与一切互斥：创建时即如此设定。")
ONE_PRICE = Words(
    "Both set the price of a unit; each unit takes the lowest price, never two.",
    "两者均直接定价；每件只取最低价，不会叠加。",
)
WHY_APART = {
    "goods": Words("no goods are in both", "没有共同商品"),
    "prices": Words("their price ranges do not meet", "价格区间不相交"),
    "currency": Words("they trade in different currencies", "使用不同币种"),
    "time": Words("they are never given at the same time", "时间不重叠"),
    "channel": Words("they are for different channels", "渠道不同"),
    "scene": Words("they are for different scenes", "场景不同"),
    "store": Words("they are for different stores", "门店不同"),
    "level": Words("they are for different member levels", "会员等级不同"),
    "payment": Words("they are for different ways of paying", "支付方式不同"),
    "buyer": Words("they are for different people", "面向不同顾客"),
    "segment": Words("one is for shoppers the other shuts out", "一方的人群被另一方排除"),
    "orders": Words("they are for different orders of a shopper", "适用的订单次序不同"),
    "hours": Words("their hours do not meet", "时段不重叠"),
}
LIFTS = Words("A reviewer may lift it, with a reason.", "审核人可填写原因后解除。")
NOBODY_LIFTS = Words("Nothing lifts it: change one of the two offers.", "不可解除：需修改其中一项优惠。")


@dataclass(frozen=True, slots=True)
class Relation:
    """One pair: its mark, why, the exclusions that were said, and what the two share or why nothing.

    `lifts` says who may lift a lock; `policy` that the shop's policy wrote it or will.
    """

    mark: str
    why: Words
    rows: Sequence[Exclusion]
    met: Overlap | Apart
    lifts: Words | None = None
    policy: bool = False

    @property
    def label(self) -> str:
        """The mark in words."""
        return words.said(MARKS[self.mark][0])

    @property
    def tone(self) -> str:
        """Of the mark."""
        return MARKS[self.mark][2]

    @property
    def icon(self) -> str:
        """Of the mark."""
        return MARKS[self.mark][1]

    @property
    def count(self) -> int:
        """How many goods the two share."""
        return 0 if isinstance(self.met, Apart) else self.met.count

    @property
    def since(self) -> Any:
        """From when the two are given together; None for always."""
        return None if isinstance(self.met, Apart) else moment(self.met.since)

    @property
    def until(self) -> Any:
        """Until when; None for always."""
        return None if isinstance(self.met, Apart) else moment(self.met.until)


class Relations:
    """The relations among some offers, read once for any number of pairs; `drafts` are those that are being edited."""

    def __init__(self, viewer: Viewer, on: Table, codes: Iterable[str], drafts: Iterable[str] = ()) -> None:
        self.on = on
        wanted = sorted(set(codes))
        self._rows: dict[frozenset[str], list[Exclusion]] = {}
        for row in queries.between(viewer, wanted):
            self._rows.setdefault(frozenset((row.first.code, row.second.code)), []).append(row)
        self._live = out_of(SYSTEM, on.currency, wanted)
        self._settled = self._live - set(drafts)
        self._locks = caution.on(caution.COUPON)
        self._stages: dict[str, int | None] = {}

    def of(self, one: Standing, other: Standing, met: Overlap | Apart | None = None) -> Relation:
        """What stands between two."""
        met = met or self.on.between(one, other)
        rows = self._rows.get(frozenset((one.code, other.code)), [])
        said = [row for row in rows if row.state not in ("recalled", "rejected")]
        if locked := next((row for row in said if row.lock), None):
            why = Words(locked.reason_en, locked.reason_zh)
            return Relation("lock", why, said, met, LIFTS, policy=True)
        if said:
            row = said[0]
            live = row.state == "released" and {one.code, other.code} <= self._live
            return Relation("not" if live else "soon", Words(row.reason_en, row.reason_zh or row.reason_en), said, met)
        if isinstance(met, Apart):
            return Relation("apart", why_apart(met), said, met)
        if one.data.get("exclusive") or other.data.get("exclusive"):
            return Relation("lock", EXCLUSIVE, said, met, NOBODY_LIFTS)
        if self._stage(one) == PRICE == self._stage(other):
            return Relation("lock", ONE_PRICE, said, met, NOBODY_LIFTS)
        if self._will_lock(one, other) and not any(row.lock for row in rows):
            return Relation("lock", caution.POLICIES[caution.COUPON].reason, said, met, LIFTS, policy=True)
        return Relation("both", COMBINE, said, met)

    def _will_lock(self, one: Standing, other: Standing) -> bool:
        """Whether the policy will write a lock when the one of them that is still a draft is submitted."""
        settled = {one.code, other.code} <= self._settled
        return self._locks and not settled and caution.kept_apart(one, other)

    def _stage(self, each: Standing) -> int | None:
        if each.code not in self._stages:
            self._stages[each.code] = stage(each.data)
        return self._stages[each.code]


COMBINE = Words("Nothing stands between them: both may serve one line.", "两者之间没有限制：可在同一行同享。")


def why_apart(apart: Apart) -> Words:
    """Why two never meet, with what either of them asks for."""
    said = WHY_APART[apart.reason]
    if not apart.mine or not apart.theirs:
        return Words(f"Never together: {said.en}.", f"不会同时使用：{said.zh}。")
    ends = [_codes(apart.reason, each) for each in (apart.mine, apart.theirs)]
    return Words(
        f"Never together: {said.en} ({ends[0].en} · {ends[1].en}).",
        f"不会同时使用：{said.zh}（{ends[0].zh} · {ends[1].zh}）。",
    )


def marks() -> tuple[Mark, ...]:
    """The key of a matrix."""
    return tuple(Mark(code, words.said(label), icon, tone) for code, (label, icon, tone) in MARKS.items())


def _codes(reason: str, values: Sequence[str]) -> Words:
    table = {"channel": words.CHANNELS, "level": words.LEVELS}.get(reason, {})
    named = [table.get(value, Words(value, value)) for value in values[:4]]
    return Words(", ".join(each.en for each in named), "、".join(each.zh for each in named))
