"""The list of offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString

from festoon.base.words import Words
from festoon.console import offer_page, words
from festoon.console.bulk import DEAR, Bulk
from festoon.console.columns import Column, Filter, Sort, counted, tabs_of
from festoon.console.given import given_of_each
from festoon.console.listing import MATCHED, List
from festoon.console.lists import offer_row
from festoon.console.lists.parts import BY_NAME, by_name, campaigns, few_by_name, merchants, state_of, title
from festoon.console.offer_desk import VERBS
from festoon.console.paging import Page, turn
from festoon.console.queries import ORDER
from festoon.console.standing import OUT, Standing
from festoon.offers import actions
from festoon.offers import queries as offers
from festoon.offers.released import as_seen
from festoon.records.among import Among
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

SHOWN = (
    *("code", "kind", "type", "name_en", "name_zh", "state", "out", "starts_at", "ends_at", "edited_at"),
    *(f"campaign__{name}" for name in ("code", "name_en", "name_zh")),
    *(f"merchant__{name}" for name in ("name_en", "name_zh", "zone")),
)  # fmt: skip
"""What rows show of an offer: the rest, first of all its draft, stays where it is."""


def _kinds(_: Viewer, __: str) -> Sequence[tuple[str, str]]:
    return [(code, words.of(words.KINDS, code)) for code in ("promotion", "coupon")]


def _types(viewer: Viewer, _: str) -> Sequence[tuple[str, str]]:
    return [(code, words.said(title)) for code, title in offer_page.types(viewer)]


def _given(offer: Any) -> str:
    return f"{offer.given.gone} / {offer.given.whole}" if offer.given else ""


def _by(verb: str) -> Callable[[Viewer, Any, str, datetime], object]:
    """The verb of the offer's kind, on the offer as it is worked on."""

    def act(viewer: Viewer, offer: Any, _: str, now: datetime) -> None:
        found = offers.own(viewer).filter(pk=offer.pk).first()
        if found is None:
            raise NotFound("offer")
        getattr(VERBS[found.kind], verb)(found, by=viewer, now=now)

    return act


def _stop(viewer: Viewer, offer: Any, why: str, now: datetime) -> None:
    actions.stop("offer", offer.code, why=why, by=viewer, now=now)


def _lift(viewer: Viewer, offer: Any, why: str, now: datetime) -> None:
    actions.lift("offer", offer.code, why=why, by=viewer, now=now)


class OfferList(List):
    """All offers the viewer sees, the latest change first."""

    name = "offers"
    label = Words("Offers", "优惠")
    menus = True
    searched = BY_NAME
    sheets = True
    icons = ("dots_vertical", "eye", "layout_sidebar_right", "arrows_split_2", "history", "ticket")
    empty = (
        "discount",
        Words("No offers yet", "还没有优惠"),
        Words(
            "An offer is what shoppers get: money off, a gift, a coupon.",
            "优惠就是顾客得到的好处：立减、赠品或优惠券。",
        ),
    )
    columns = (
        Column("name", Words("Offer", "优惠"), title, always=True),
        Column("code", Words("Code", "编号"), lambda offer: offer.code, drawn=False),
        Column(
            "type", Words("Kind and type", "类别与类型"), lambda offer: _type(offer),
            cell=offer_row.kind_and_type, alike=lambda offer: (offer.kind, offer.type),
        ),
        state_of("shown"),
        Column(
            "campaign", Words("Campaign", "活动主题"), lambda offer: title(offer.campaign),
            cell=offer_row.theme, alike=lambda offer: offer.campaign_id,
        ),
        Column(
            "window", Words("Window", "时间"),
            cell=offer_row.window, alike=lambda offer: (offer.starts_at, offer.ends_at),
        ),
        Column("start", Words("Start", "开始"), lambda offer: offer.starts_at, drawn=False),
        Column("end", Words("End", "结束"), lambda offer: offer.ends_at, drawn=False),
        Column("given", Words("Given out", "已发放"), _given, cell=offer_row.given_out, alike=attrgetter("given")),
        Column(
            "owner", Words("Owner", "归属方"), lambda offer: title(offer.merchant),
            cell=offer_row.owner, alike=lambda offer: offer.merchant_id,
        ),
    )  # fmt: skip
    filters = (
        Filter("kind", Words("All kinds", "全部类别"), _kinds, "kind"),
        Filter("type", Words("All types", "全部类型"), _types, "type"),
        Filter("campaign", Words("All campaigns", "全部活动主题"), campaigns, "campaign__code"),
        Filter("merchant", Words("All merchants", "全部商家"), merchants, "merchant__code"),
    )
    sorts = (
        Sort("", Words("Latest change first", "最近修改在前"), ("-edited_at", "-id")),
        Sort("oldest", Words("Oldest change first", "最早修改在前"), ("edited_at", "id")),
    )
    bulks = (
        Bulk(
            "submit", Words("Submit", "提交审核"), "send", "offers.edit",
            Words("Submit these offers for review? Drafts go to who has to agree.", "提交这些优惠？草稿将送交审核人。"),
            _by("submit"), most=DEAR,
        ),
        Bulk(
            "withdraw", Words("Withdraw", "撤回"), "arrow_back_up", "offers.edit",
            Words("Withdraw these offers from review? They are drafts again.", "撤回这些优惠的审核？将恢复为草稿。"),
            _by("withdraw"), tone="plain",
        ),
        Bulk(
            "stop", Words("Stop", "停用"), "hand_stop", "offers.stop",
            Words("Stop these offers? From then on nothing more is granted.", "停用这些优惠？确认后立即不再发放或使用。"),
            _stop, Words("Why", "原因"), "danger",
        ),
        Bulk(
            "lift", Words("Lift the stop", "解除停用"), "player_play", "offers.stop",
            Words("Lift the stop of these offers? They are granted again.", "解除这些优惠的停用？它们将重新生效。"), _lift,
            tone="plain",
        ),
    )  # fmt: skip

    def every(self) -> QuerySet[Any]:
        return self.seen.all()

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Of everything, the few of this name are known before it is asked where they stand and in what order."""
        return by_name(rows, text) if self.called is None else rows.filter(Among("pk", self.called))

    def within(self, rows: QuerySet[Any], tab: str) -> QuerySet[Any]:
        rows = rows.select_related("campaign", "merchant").only(*SHOWN)
        if not tab:
            return rows
        ways = self.standing.where(tab)
        return rows.filter(reduce(or_, ways)) if ways else rows.none()

    def ticked(self, picks: Sequence[Any]) -> QuerySet[Any]:
        return self.within(super().ticked(picks), "")

    def counts(self) -> Mapping[str, tuple[str, int | None]]:
        found = self._all() if self.counted_whole else self._few()
        if found is None:
            return tabs_of(dict.fromkeys(ORDER), None)
        return tabs_of({code: found.get(code, 0) for code in ORDER}, sum(found.values()))

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        found = as_seen(self.viewer, rows)
        given = given_of_each(found)
        for offer in found:
            offer.shown, offer.given = self.standing.of(offer), given.get(offer.pk)  # type: ignore[attr-defined]
        return found

    def draw(self, box: str, house: Any, tick: str, more: str) -> SafeString:
        return offer_row.rows(self.rows, self.heads, self.form(box), house, tick, more)

    @property
    def may_write(self) -> bool:
        """Whether the viewer may begin a new one."""
        return self.viewer.may("offers.edit")

    @cached_property
    def seen(self) -> QuerySet[Any]:
        """What the viewer sees: for a merchant, to know which of the platform's offers touch its goods is worked out."""
        return offers.visible(self.viewer).order_by()

    @cached_property
    def called(self) -> Sequence[int] | None:
        """The numbers of the offers of the name that is searched for, of all there are; None when there are too many. A
        merchant's are looked for among its own.
        """
        return few_by_name(self.every(), self.text, MATCHED) if self._all_over else None

    @property
    def _all_over(self) -> bool:
        return bool(self.text) and self.viewer.is_platform

    @property
    def too_many(self) -> bool:
        """Whether so many have the name that a page is full soon, from the latest change on, and no tab is told."""
        return self._all_over and self.called is None

    @cached_property
    def standing(self) -> Standing:
        """What decides where each offer stands."""
        return Standing.at(self.now)

    def _all(self) -> Mapping[str, int]:
        """Each count from its index."""
        rows = self.every()
        work = dict(rows.filter(out=False).values_list("state").annotate(n=Count("*")))
        ways = {code: self.standing.where(code, counted=True) for code in OUT}
        parts = counted({(code, n): rows.filter(way) for code in OUT for n, way in enumerate(ways[code])}, "out")
        return work | {code: sum(parts[code, n] for n, _ in enumerate(ways[code])) for code in OUT}

    @cached_property
    def asked_rows(self) -> QuerySet[Any]:
        """What a search found is looked for once: the page takes it from what the tabs were told by."""
        if not self.narrowed or self.few is None:
            return self.within(self.matching, self.tab)
        return self._of(self._in_tab(self.few))

    @cached_property
    def page(self) -> Page:
        """The first page is among those by which the tabs are told, and needs no more of them than it shows."""
        if self.counted_whole or self.too_many or self.asked.get("after") or self.asked.get("before"):
            return super().page
        shown = self._in_tab(self.first)[: self.per_page + 1]
        if self.few is None and len(shown) <= self.per_page:
            return super().page
        if self.fitting is None:
            return turn(self._of(shown), self.sort.by, self.per_page)
        return Page([row for row in self.fitting if row.pk in shown], "", "")

    @cached_property
    def fitting(self) -> Sequence[Any] | None:
        """What a search found when one page can show all of it: where each stands is then told by its row."""
        if self.called is None or len(self.called) > self.per_page:
            return None
        return list(self.within(self.matching, "").order_by(*self.sort.by)) if self.called else []

    @property
    def counted_whole(self) -> bool:
        """Whether the tabs are counted by their indexes, which know neither a filter nor a merchant's wall."""
        return not self.narrowed and self.viewer.is_platform

    @cached_property
    def first(self) -> Sequence[tuple[int, str]]:
        """The first of what was found, in the list's order: each number, and where it stands."""
        if self.fitting is not None:
            return [(row.pk, self.standing.of(row)) for row in self.fitting]
        rows = self.matching.order_by(*self.sort.by).values_list("pk", self.standing.column())
        return list(rows[: MATCHED + 1])

    @property
    def few(self) -> Sequence[tuple[int, str]] | None:
        """All that was found; None when there are too many."""
        return None if self.too_many or len(self.first) > MATCHED else self.first

    def _in_tab(self, found: Sequence[tuple[int, str]]) -> list[int]:
        return [number for number, stands in found if self.tab in ("", stands)]

    def _of(self, numbers: Sequence[int]) -> QuerySet[Any]:
        return self.within(offers.these(self.viewer, numbers).order_by(), "")

    def _few(self) -> Mapping[str, int] | None:
        return None if self.few is None else Counter(stands for _, stands in self.few)


def _type(offer: Any) -> str:
    kind = words.of(words.KINDS, offer.kind)
    return f"{kind} · {words.said(offer_page.type_title(offer.type))}" if offer.type else kind
