"""A campaign on paper: a poster or a roll-up banner with its name, its days, its best offers and the code of its page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils import translation

from festoon.base.words import Words
from festoon.campaigns.models import Campaign
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM
from festoon.storefront.page import CouponBlock, page
from festoon.storefront.templatetags.said import money_round, worth_percent

SHOPPER = replace(SYSTEM, channel="app")
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper in millimetres; `most`: how many offers fit; `foot`: what is hidden below, as in a banner's case."""

    name: Words
    width: int
    height: int
    most: int
    foot: int = 0


PAPERS: Mapping[str, Paper] = {
    "a4": Paper(Words("A4, a counter card", "A4 台卡"), 210, 297, 3),
    "a3": Paper(Words("A3, a small poster", "A3 小海报"), 297, 420, 3),
    "a2": Paper(Words("A2, a poster", "A2 海报"), 420, 594, 3),
    "a1": Paper(Words("A1, a large poster", "A1 大海报"), 594, 841, 3),
    "roll-up": Paper(Words("Roll-up banner, 85 × 200 cm", "易拉宝 85×200 厘米"), 850, 2000, 5, foot=120),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One offer as it stands on paper: what it is worth, where that is one figure, its name and its sentence.

    `called` is what its makers call it.
    """

    code: str
    worth: Words | None
    name: Words
    rule: Words
    called: Words


@dataclass(frozen=True, slots=True)
class Poster:
    """What is printed. `link` is what the code leads to, `place` the store it hangs in; `sure`: it was agreed on."""

    paper: Paper
    colour: str
    house: Words
    name: Words
    reason: Words
    days: Words
    promises: Sequence[Promise]
    link: str
    place: Words | None
    sure: bool
    first: str = "en"


def promises(campaign: Campaign, *, now: datetime) -> Sequence[Promise]:
    """What of the campaign is released and can be had, the best first: coupons by what they give, prices, the rest."""
    shown, currency = page(SHOPPER, campaign, shopper="", now=now), campaign.merchant.currency
    coupons = [one for one in shown.coupons if one.state != "over"]
    return [
        *(Promise(one.code, _worth(one, currency), one.name, one.rule, one.name) for one in coupons),
        *(
            Promise(one.code, _money(one.price, currency, ""), name_of(one.product), one.name, one.name)
            for one in shown.prices
        ),
        *(Promise(one.code, None, one.name, one.rule, one.name) for one in shown.rules),
    ]


def chosen(every: Sequence[Promise], picked: Collection[str], paper: Paper) -> Sequence[Promise]:
    """Those that were picked, else the best; as many as fit on the paper."""
    found = [one for one in every if one.code in picked] or list(every)
    return found[: paper.most]


def days(campaign: Campaign) -> Words:
    """From the first to the last day, as the campaign's zone has them: an end at midnight is the day before."""
    zone = ZoneInfo(campaign.zone)
    first = campaign.starts_at.astimezone(zone).date()
    last = max(first, (campaign.ends_at - timedelta(microseconds=1)).astimezone(zone).date())
    en = f"{format_date(first, 'MMM d', locale='en')} – {format_date(last, 'MMM d, y', locale='en')}"
    zh = f"{first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日"
    return Words(en, zh)


def _worth(one: CouponBlock, currency: str) -> Words | None:
    if one.off:
        return _money(one.off, currency, "off")
    if one.price is not None:
        return _money(one.price, currency, "")
    return _each(lambda: " ".join(worth_percent(one.basis_points or 0)).strip()) if one.basis_points else None


def _money(minor: int, currency: str, after: str) -> Words:
    said = _each(lambda: money_round(minor, currency))
    return Words(f"{said.en} {after}".strip(), said.zh)


def _each(say: Callable[[], str]) -> Words:
    """What is said in each language."""
    found = []
    for language in LANGUAGES.values():
        with translation.override(language):
            found.append(say())
    return Words(*found)
