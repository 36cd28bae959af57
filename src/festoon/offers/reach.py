"""When, where and to whom an offer is given, as far as two of them can be shown never to meet in one cart.

What is read are the window and those conditions of which a cart has one value: its channel, scene, store, way of paying,
the buyer's level and number of orders, the hours of the week. Of two offers that ask for values without any in common no
cart has both. Segments are many for one buyer: there only who is asked for here and shut out there keeps two apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from festoon.base.windows import instant, local
from festoon.rulebook.conditions.hours import DAYS

FIRST, LAST = -(1 << 62), 1 << 62
"""Before and after every moment, in microseconds."""
ONE_OF = {"channel": "channel", "scene": "scene", "store": "store", "level": "level", "payment_method": "payment"}
LISTS = {"channels": "channel", "scenes": "scene", "stores": "store", "buyers": "buyer"}
"""What a distribution keeps to, each the name of the one value of a cart that it asks for."""
WEEK = 7 * 24 * 60
Only = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Apart:
    """Why two offers never meet: `goods`, `prices`, `currency`, `time`, or the name of what one cart has once.

    `mine` and `theirs` are the values that either of them asks for.
    """

    reason: str
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """One way by which an offer reaches people; an offer may have several of them, or one that holds no limit.

    `some`: in at least one of each of these segments; `none`: in none of these. `orders` is from the how manieth order
    to the how manieth, `hours` the open minutes of the week by zone.
    """

    since: int = FIRST
    until: int = LAST
    only: Only | None = None
    some: tuple[frozenset[str], ...] = ()
    none: frozenset[str] = frozenset()
    orders: tuple[int, int] = (1, LAST)
    hours: tuple[tuple[str, int], ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it keeps to anything but its time."""
        return bool(self.only or self.some or self.none or self.hours) or self.orders != (1, LAST)

    def open_at(self, at: int) -> bool:
        """Whether its hours of the week are open."""
        clocks = ((local(at, zone), open_) for zone, open_ in self.hours)
        return all(open_ >> (here.weekday() * 24 + here.hour) * 60 + here.minute & 1 for here, open_ in clocks)


def reaches(
    data: Mapping[str, Any], distributions: Sequence[Mapping[str, Any]], zone: str
) -> tuple[Reach, ...]:  # fmt: skip
    """The ways by which an offer in the offers-file form reaches people; `distributions` are those that name it."""
    since, until = span_of(data.get("window") or {}, zone)
    own = Reach(since, until)
    for condition in data.get("when") or ():
        for name, asked in condition.items():
            own = _with(own, name, asked, zone)
    return tuple(_spread(own, each, zone) for each in distributions) or (own,)


def span_of(window: Mapping[str, Any], zone: str) -> tuple[int, int]:
    """The two ends of a window in microseconds."""
    own = str(window.get("zone") or zone)
    start, end = window.get("start"), window.get("end")
    return instant(str(start), own) if start else FIRST, instant(str(end), own) if end else LAST


def meet(one: Sequence[Reach], other: Sequence[Reach], now: int) -> tuple[int, int] | Apart:
    """From when until when both may reach a cart, or why none from now on is reached by both.

    Of several such times the one from the first beginning to the last end.
    """
    spans: list[tuple[int, int]] = []
    why: Apart | None = None
    for mine in one:
        for theirs in other:
            since, until = max(mine.since, theirs.since, now), min(mine.until, theirs.until)
            found = Apart("time") if since >= until else _apart(mine, theirs) if mine.asks and theirs.asks else None
            if found is None:
                spans.append((since, until))
            elif why is None or why.reason == "time":
                why = found
    if spans:
        return (min(since for since, _ in spans), max(until for _, until in spans)) if len(spans) > 1 else spans[0]
    return why or Apart("time")


def _with(reach: Reach, name: str, asked: Mapping[str, Any], zone: str) -> Reach:
    """The reach with one more condition."""
    if name in ONE_OF:
        return _limited(reach, ONE_OF[name], asked.get("any") or ())
    if name == "segment":
        some = (*reach.some, frozenset(asked["any"])) if asked.get("any") else reach.some
        return replace(reach, some=some, none=reach.none | frozenset(asked.get("none") or ()))
    if name == "nth_order":
        least, most = int(asked.get("least") or 1), asked.get("most")
        return replace(
            reach, orders=(max(reach.orders[0], least), min(reach.orders[1], int(most) if most is not None else LAST))
        )
    if name == "window":
        since, until = span_of({"zone": "UTC", **asked}, zone)
        return replace(reach, since=max(reach.since, since), until=min(reach.until, until))
    if name == "hours":
        return replace(reach, hours=(*reach.hours, (str(asked.get("zone") or "UTC"), _week(asked))))
    return reach


def _spread(own: Reach, distribution: Mapping[str, Any], zone: str) -> Reach:
    since, until = span_of(distribution.get("window") or {}, zone)
    reach = replace(own, since=max(own.since, since), until=min(own.until, until))
    for name, what in LISTS.items():
        if distribution.get(name):
            reach = _limited(reach, what, distribution[name])
    if not distribution.get("segments"):
        return reach
    return replace(reach, some=(*reach.some, frozenset(distribution["segments"])))


def _limited(reach: Reach, what: str, values: Sequence[str]) -> Reach:
    had = (reach.only or {}).get(what)
    wanted = frozenset(values)
    return replace(reach, only={**(reach.only or {}), what: wanted if had is None else had & wanted})


def _apart(mine: Reach, theirs: Reach) -> Apart | None:
    """What a cart has once, and of which the two ask for different values."""
    if mine.only and theirs.only:
        for what in mine.only.keys() & theirs.only.keys():
            if mine.only[what].isdisjoint(theirs.only[what]):
                return Apart(what, tuple(sorted(mine.only[what])), tuple(sorted(theirs.only[what])))
    for here, there, turned in ((mine, theirs, False), (theirs, mine, True)):
        for some in here.some:
            if there.none and some <= here.none | there.none:
                ends = tuple(sorted(some)), tuple(sorted(there.none))
                return Apart("segment", *(ends[::-1] if turned else ends))
    if mine.orders[0] > theirs.orders[1] or theirs.orders[0] > mine.orders[1]:
        return Apart("orders")
    if mine.hours and theirs.hours and _never(mine, theirs):
        return Apart("hours")
    return None


def _never(mine: Reach, theirs: Reach) -> bool:
    """Whether the open hours of the two have no minute of the week in common, by one clock."""
    return any(
        zone == other and not open_ & there for zone, open_ in mine.hours for other, there in theirs.hours
    )  # fmt: skip


def _week(asked: Mapping[str, Any]) -> int:
    """The open minutes of a week as bits, Monday first."""
    return _minutes(
        tuple(asked.get("days") or ()), str(asked.get("start") or "00:00"), str(asked.get("end") or "24:00")
    )


@lru_cache(maxsize=1024)
def _minutes(days: tuple[str, ...], start: str, end: str) -> int:
    found = 0
    for day in _days(days):
        first, last = _minute(start), _minute(end)
        for minute in range(first, last if first < last else last + 24 * 60):
            found |= 1 << (day * 24 * 60 + minute) % WEEK
    return found


def _days(days: tuple[str, ...]) -> Iterator[int]:
    yield from [DAYS.index(day) for day in days] if days else range(7)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
