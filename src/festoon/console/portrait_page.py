"""The portrait of a campaign: who claimed and bought, and how, beside everybody; as charts, tables and a file."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from festoon.analytics.lake.folder import lake
from festoon.base.words import Words
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.catalog.goods import goods
from festoon.composition import portrait as people
from festoon.console import charts, queries, words
from festoon.console.portrait_words import NO_SCENE, NO_STORE, edges, names
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.figures import basis_points
from festoon.storefront.templatetags.said import percent

LASTS = timedelta(minutes=2)
KEPT = 32
FEW = 5
"""Of fewer people nothing is told to who may not know shoppers one by one, nor what the others add up to but for them."""
ENOUGH, OFTEN = 20, 12_000
"""What stands out is this many people or baskets at least, and this many basis points of what it is among all."""
CLAIMED, BOUGHT = Words("Claimed", "领取的人"), Words("Bought with it", "使用优惠的人")
SHOPPERS, HERE = Words("All shoppers", "全部顾客"), Words("All who bought here", "本店全部买家")
WITH, BASKETS = Words("Baskets with it", "享优惠的订单"), Words("All baskets", "同期全部订单")
OPENED, GIVEN, USED = (
    Words("Page opened", "打开页面"),
    Words("Coupons given", "发放券数"),
    Words("Coupons used", "核销券数"),
)
TITLES: Mapping[str, Words] = {
    "visit": Words("New or returning", "新客与老客"), "level": Words("Level", "会员等级"),
    "segment": Words("Segment", "人群"), "orders": Words("Orders so far", "累计下单"),
    "channel": Words("Channel", "渠道"), "store": Words("Store", "门店"), "hour": Words("Hour of the day", "下单时段"),
    "size": Words("Paid in a basket", "订单实付金额"), "category": Words("What is in it", "购买类目"),
}  # fmt: skip
OF_PEOPLE, OF_BASKETS = ("visit", "level", "segment", "orders"), ("channel", "store", "hour", "size", "category")
MOST = 12
"""So many segments, stores and categories are shown; the file has all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a trait: how many in each group, None where that is not told."""

    value: str
    counts: tuple[int | None, ...]
    wholes: tuple[int, ...]

    @property
    def shares(self) -> tuple[int | None, ...]:
        """The share of each group, in basis points."""
        pairs = zip(self.counts, self.wholes, strict=True)
        return tuple(None if count is None else basis_points(count, whole) for count, whole in pairs)

    @property
    def index(self) -> int:
        """How common it is in the last of the campaign's groups beside all, in basis points; 0 for too few to say."""
        own, every = self.counts[-2], self.shares[-1]
        return basis_points(self.shares[-2] or 0, every) if own and own >= ENOUGH and every else 0


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait with its values and the groups that are compared, all of them last."""

    code: str
    groups: tuple[Words, ...]
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        """What it is called."""
        return words.said(TITLES[self.code])

    @property
    def compared(self) -> bool:
        """Whether the last group is all there are."""
        return self.groups[-1] in (SHOPPERS, HERE, BASKETS)

    @property
    def tall(self) -> str:
        """How tall its chart is: as many lines need room."""
        return "15rem" if self.code == "hour" else f"{4.5 + 2.4 * min(len(self.lines), MOST):g}rem"

    @property
    def chart(self) -> charts.Chart:
        """Shares side by side."""
        shown = self.lines if self.code == "hour" else self.lines[:MOST]
        series = {words.said(group): [line.shares[n] for line in shown] for n, group in enumerate(self.groups)}
        cells = [[_cell(line, n) for n in range(len(self.groups))] for line in shown]
        return charts.shares(
            [line.value for line in shown],
            series,
            cells,
            said=self.title,
            upright=self.code == "hour",
            compared=self.compared,
        )


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that was counted at a moment; `places` by scene and store: opened, given, used."""

    at: datetime
    claimed: int
    bought: int
    sampled: int
    baskets: tuple[int, int]
    traits: Sequence[Trait]
    places: Sequence[tuple[str, str, int, int, int]]

    @property
    def people(self) -> Sequence[Trait]:
        """The traits of people of which anything is known."""
        return [trait for trait in self.traits if trait.code in OF_PEOPLE and trait.lines]

    @property
    def buying(self) -> Sequence[Trait]:
        """The traits of baskets."""
        return [trait for trait in self.traits if trait.code in OF_BASKETS and trait.lines]

    @property
    def striking(self) -> Sequence[tuple[str, str, str]]:
        """What is far more common than among all: trait, value, how many times."""
        every = (
            (line.index, trait.title, line.value) for trait in self.traits if trait.compared for line in trait.lines
        )
        found = sorted((each for each in every if each[0] >= OFTEN), reverse=True)[:4]
        return [(title, value, f"{index / 10_000:.1f}") for index, title, value in found]


_kept: OrderedDict[tuple[Any, ...], Portrait] = OrderedDict()
_lock = threading.Lock()


def forget() -> None:
    """Begin anew: for tests, whose rows are put back."""
    _kept.clear()


def portrait(viewer: Viewer, campaign: Campaign, *, now: datetime) -> Portrait:
    """The portrait as of two minutes ago at most; one is counted at a time, for each reads much."""
    key = (
        viewer.merchant_id,
        viewer.may("shoppers.read"),
        campaign.pk,
        campaign.starts_at,
        campaign.ends_at,
        words.said(CLAIMED),
    )
    with _lock:
        found = _kept.get(key)
        if found is None or not found.at <= now < found.at + LASTS:
            found = _kept[key] = _counted(viewer, campaign, now)
            _kept.move_to_end(key)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return found


def rows(found: Portrait) -> Iterator[Sequence[Any]]:
    """The whole as lines of a file: trait, value, group, count, share of the group."""
    yield [words.said(head) for head in FILE]
    for trait in found.traits:
        for line in trait.lines:
            for group, count, share in zip(trait.groups, line.counts, line.shares, strict=True):
                yield [trait.title, line.value, words.said(group), count, percent(share) if share is not None else ""]
    for scene, store, *counts in found.places:
        for group, count in zip((OPENED, GIVEN, USED), counts, strict=True):
            yield [words.said(SCENE), f"{scene} · {store}", words.said(group), count, ""]


FILE = (
    Words("Trait", "特征"), Words("Value", "取值"), Words("Group", "群体"), Words("Count", "数量"), Words("Share", "占比"),
)  # fmt: skip
SCENE = Words("Scene and store", "场景与门店")
UNTOLD = Words("too few to tell", "人数过少，不显示")


def _counted(viewer: Viewer, campaign: Campaign, now: datetime) -> Portrait:
    from festoon.analytics.portrait import baskets  # heavy, and a process nobody asks for it need not know it

    shops = catalog.merchants(SYSTEM if viewer.is_platform else viewer).filter(currency=campaign.merchant.currency)
    sold = baskets(
        lake(), campaign.code, since=campaign.starts_at, until=min(campaign.ends_at, now + timedelta(minutes=5)),
        zone=campaign.zone, merchants=list(shops.values_list("code", flat=True)), edges=edges(campaign.merchant.currency),
    )  # fmt: skip
    took, every = people.claimants(viewer, campaign), people.all_shoppers(viewer)
    known, bought, came_back = people.of_codes(viewer, list(sold.sample), campaign)
    wholes = took.count(), known, every.count()
    groups = CLAIMED, BOUGHT, SHOPPERS if viewer.is_platform else HERE
    least = 0 if viewer.may("shoppers.read") else FEW
    told = [people.traits(took), bought, people.traits(every)]
    again = people.returning(viewer, took, campaign)
    visits = {"new": (wholes[0] - again, known - came_back), "returning": (again, came_back)}
    said = names(viewer, campaign)
    found = [Trait("visit", groups[:2], _lines(visits, wholes[:2], said["visit"], least, parts=True))]
    for code in ("level", "segment", "orders"):
        values = {
            value: tuple(each.get(code, {}).get(value, 0) for each in told)
            for each in told
            for value in each.get(code, {})
        }
        found.append(Trait(code, groups, _lines(values, wholes, said[code], least, parts=code != "segment")))
    for code, counts in {**sold.traits, "category": _categories(sold.pieces, now)}.items():
        whole = sold.count if code != "category" else tuple(map(sum, zip(*counts.values(), strict=True))) or (0, 0)
        found.append(Trait(code, (WITH, BASKETS), _lines(counts, whole, said[code], least)))
    return Portrait(now, wholes[0], sold.buyers, known, sold.count, found, _places(viewer, campaign, sold.opened))


def _lines(
    values: Mapping[Any, tuple[int, ...]],
    wholes: tuple[int, ...],
    name: Callable[[Any], str],
    least: int,
    *,
    parts: bool = False,
) -> Sequence[Line]:
    """In their own order where values are numbers, else the most common first; `parts`: everybody has one of the values."""
    numbered = all(isinstance(value, int) or str(value).isdecimal() for value in values)
    most = {value: ([-n for n in reversed(counts)], str(value)) for value, counts in values.items()}
    keys = sorted(values, key=int) if numbered else sorted(values, key=most.__getitem__)
    told = [_told({key: values[key][n] for key in keys}, least, parts=parts) for n in range(len(wholes))]
    return [Line(name(key), tuple(each.get(key) for each in told), wholes) for key in keys]


def _told(counts: Mapping[Any, int], least: int, *, parts: bool) -> Mapping[Any, int]:
    """Those of at least so many; of parts as many fewer as keep what is left of the whole from telling of the few."""
    found, left = dict[Any, int](), sum(counts.values())
    for key in sorted(counts, key=lambda key: (-counts[key], str(key))):
        rest = left - counts[key]
        if counts[key] < least or (parts and 0 < rest < least):
            break
        found[key], left = counts[key], rest
    return found


def _categories(pieces: Mapping[str, tuple[int, int]], now: datetime) -> Mapping[str, tuple[int, int]]:
    """Units sold by the first shelf of their goods."""
    have, own, every = goods(now), Counter[str](), Counter[str]()
    for sku, (mine, whole) in pieces.items():
        path = have.lines.get(sku, {}).get("category") or ("",)
        own[path[0]] += mine
        every[path[0]] += whole
    return {code: (own[code], every[code]) for code in every}


def _places(
    viewer: Viewer, campaign: Campaign, opened: Mapping[tuple[str, str], int]
) -> Sequence[tuple[str, str, int, int, int]]:
    """Scene and store by name: page opened, coupons given and used there; the most used first."""
    given = {(scene, store): (n, used) for scene, store, n, used in people.places(viewer, campaign)}
    stores = queries.names_of(catalog.stores(SYSTEM), {store for _, store in [*given, *opened] if store})
    found = [
        (scene or words.said(NO_SCENE), words.said(stores[store]) if store in stores else store or words.said(NO_STORE),
         opened.get((scene, store), 0), *given.get((scene, store), (0, 0)))
        for scene, store in {**given, **opened}
    ]  # fmt: skip
    return sorted(found, key=lambda row: ([-n for n in row[2:]], row[:2]))


def _cell(line: Line, n: int) -> str:
    count, share = line.counts[n], line.shares[n]
    return words.said(UNTOLD) if count is None else f"{percent(share)} ({count:,})"
