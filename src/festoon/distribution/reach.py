"""Whom a distribution reaches, where and when."""

from __future__ import annotations

from datetime import datetime

from festoon.base.windows import ALWAYS, since_1970
from festoon.catalog import queries as catalog
from festoon.distribution import refusals
from festoon.distribution.claimable import Claimable, Way
from festoon.records.viewer import SYSTEM, Viewer

_ANYBODY = Way("", ALWAYS, frozenset(), frozenset(), frozenset(), frozenset())


def way_in(found: Claimable, shopper: str, by: Viewer, scene: str, now: datetime) -> Way:
    """The first distribution that reaches this shopper here and now; else the reason nearest to it.

    A coupon that was never distributed is for anybody; one whose distributions were all recalled is for nobody.
    """
    at = since_1970(now)
    if (found.opens_at is not None and now < found.opens_at) or not found.window.holds(at):
        raise refusals.not_open()
    if not found.ways and not found.distributed:
        return _ANYBODY
    open_ways = [way for way in found.ways if way.window.holds(at)]
    if not open_ways:
        raise refusals.not_open()
    mine = [way for way in open_ways if _reaches(way, shopper)]
    if not mine:
        raise refusals.not_for_you()
    here = [way for way in mine if by.channel in (way.channels or {by.channel}) and scene in (way.scenes or {scene})]
    if not here:
        raise refusals.not_for_channel()
    return here[0]


def _reaches(way: Way, shopper: str) -> bool:
    if not way.buyers and not way.segments:
        return True
    if shopper in way.buyers:
        return True
    return bool(way.segments) and not way.segments.isdisjoint(catalog.segments_of_code(SYSTEM, shopper))
