"""The codes that people would not know by heart, with their names: what a field offers to tick or to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from festoon.base.problems import Path
from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.console.words import CHANNELS
from festoon.records.viewer import SYSTEM, Viewer
from festoon.records.zones import zone_name

Known = Sequence[tuple[str, Words]]
DAYS = (
    ("mon", Words("Monday", "周一")), ("tue", Words("Tuesday", "周二")), ("wed", Words("Wednesday", "周三")),
    ("thu", Words("Thursday", "周四")), ("fri", Words("Friday", "周五")), ("sat", Words("Saturday", "周六")),
    ("sun", Words("Sunday", "周日")),
)  # fmt: skip
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore",
    "Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Kolkata", "Asia/Karachi",
    "Asia/Dubai", "Asia/Riyadh", "Asia/Jerusalem", "Europe/Istanbul", "Europe/Moscow", "Europe/Athens", "Europe/Warsaw",
    "Europe/Berlin", "Europe/Paris", "Europe/Rome", "Europe/Madrid", "Europe/Amsterdam", "Europe/Stockholm",
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi",
    "Africa/Johannesburg", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Santiago", "America/Bogota",
    "America/Lima", "America/Mexico_City", "America/New_York", "America/Toronto", "America/Chicago", "America/Denver",
    "America/Phoenix", "America/Los_Angeles", "America/Vancouver", "America/Anchorage", "Pacific/Honolulu",
    "Australia/Perth", "Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland", "UTC",
)  # fmt: skip
"""The clocks one trades by, from east to west of Shanghai; one that a draft names besides is shown too."""
PLATFORM = ("platform", Words("The platform", "平台"))
OF_THE_GOODS = ("merchant", Words("The merchant of the goods", "商品所属商家"))
NO_CAMPAIGN = ("", Words("None: it stands by itself", "不属于任何活动"))


class Vocabulary:
    """What one viewer may name; each list is read when a field first asks for it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._read: dict[str, Known] = {}

    def __call__(self, path: Path) -> Known | None:
        """The codes of the field at the end of the path; None where anything may be typed."""
        steps = [str(step) for step in path if not isinstance(step, int)]
        name = ".".join(steps[-2:])
        ask = LISTS.get(name)
        if ask is None:
            return None
        if name not in self._read:
            self._read[name] = ask(self.viewer)
        return self._read[name]


def _named(rows: Any) -> list[tuple[str, Words]]:
    return [(code, Words(en, zh or en)) for code, en, zh in rows.values_list("code", "name_en", "name_zh")]


def _segments(viewer: Viewer) -> Known:
    return _named(catalog.segments(viewer))


def _stores(viewer: Viewer) -> Known:
    return _named(catalog.stores(viewer))


def _channels(viewer: Viewer) -> Known:
    del viewer
    return [(code, words) for code, words in CHANNELS.items() if code]


def _days(viewer: Viewer) -> Known:
    del viewer
    return DAYS


def _zones(viewer: Viewer) -> Known:
    """Those of the merchants the viewer sees stand first."""
    own = catalog.merchants(viewer).order_by("zone").values_list("zone", flat=True).distinct()
    return [(zone, _clock(zone)) for zone in dict.fromkeys([*own, *ZONES])]


@cache
def _clock(zone: str) -> Words:
    """A zone as it is called everywhere."""
    return Words(zone_name(zone, "en"), zone_name(zone, "zh_Hans"))


def _campaigns(viewer: Viewer) -> Known:
    return [
        NO_CAMPAIGN,
        *_named(campaigns.visible(viewer).exclude(state="recalled").order_by("-starts_at", "code")[:200]),
    ]


def _owners(viewer: Viewer) -> Known:
    return _named(catalog.merchants(viewer))


def _payers(viewer: Viewer) -> Known:
    if not viewer.is_platform:
        return [(f"merchant:{code}", words) for code, words in _owners(viewer)]
    others = [(f"merchant:{code}", words) for code, words in _named(catalog.merchants(SYSTEM).exclude(pk=1))]
    return [PLATFORM, OF_THE_GOODS, *others]


LISTS: Mapping[str, Callable[[Viewer], Known]] = {
    "segment.any": _segments, "segment.none": _segments, "store.any": _stores, "channel.any": _channels,
    "hours.days": _days, "hours.zone": _zones, "window.zone": _zones, "birthday_month.zone": _zones,
    "campaign": _campaigns, "owner": _owners, "payers.payer": _payers,
}  # fmt: skip
"""By the last two steps of a field's path."""
