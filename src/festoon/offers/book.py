"""The book as data: everything that is released and live, in the form the engine reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings

from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.offers import queries
from festoon.offers.models import Stop
from festoon.offers.spread import spread
from festoon.records.viewer import SYSTEM

NOBODY = {"code": "(none)", "window": {"start": "1970-01-01T00:00:00+00:00", "end": "1970-01-02T00:00:00+00:00"}}
"""The distribution that is over: what only it names is for nobody."""
_frozen: dict[tuple[int, str], Mapping[str, Any]] = {}


def book_data(currency: str | None = None) -> dict[str, Any]:
    """What is live in one currency; see `numbered_book`."""
    return numbered_book(currency)[0]


def numbered_book(currency: str | None = None) -> tuple[dict[str, Any], dict[tuple[str, str], int]]:
    """The live offers, distributions and exclusions of one currency, in the offers-file form, for `read_book`; and the
    number of the release of each (kind, code), by which what was priced with it can be found for ever.

    Windows are inside it, so nothing changes because a clock passed a start. An offer under a stop is there as
    `stopped`; an exclusion is there when both its ends are; an offer when its campaign is approved. An offer that was
    distributed once and is no longer is for nobody; one that never was is for everybody. A release never changes, so a
    process reads each once.
    """
    currency = currency or settings.FESTOON_CURRENCY
    rows = queries.book_rows(SYSTEM, currency)
    frozen = _read([(number, digest) for _, number, digest, _ in rows])
    parts: dict[str, list[Mapping[str, Any]]] = {"offer": [], "distribution": [], "exclusion": []}
    for kind, number, digest, _ in rows:
        parts[kind].append(frozen[number, digest])
    stops = list(queries.stops(SYSTEM))
    waiting = campaigns.unapproved(SYSTEM)
    offers = [_standing(offer, stops) for offer in parts["offer"] if offer.get("campaign") not in waiting]
    codes = {offer["code"] for offer in offers}
    live = [kept for each in parts["distribution"] if (kept := _with_live(each, offers, codes))]
    data = {
        "festoon": 1,
        "currency": currency,
        "zone": zone(currency),
        "policy": dict(getattr(settings, "FESTOON_POLICY", {"conflict": "best_total", "objective": "best"})),
        "offers": offers,
        "exclusions": [each for each in parts["exclusion"] if codes >= set(each["between"])],
        "distributions": [*live, *_for_nobody(offers, live)],
    }
    return data, {(kind, code): number for kind, number, _, code in rows}


def live_data(currency: str, kind: str) -> dict[tuple[int, str], Mapping[str, Any]]:
    """What is released and live of one kind, by (number, digest) of the release: offers whose campaign waits, too."""
    rows = queries.book_rows(SYSTEM, currency)
    frozen = _read([(number, digest) for _, number, digest, _ in rows])
    return {(number, digest): frozen[number, digest] for of, number, digest, _ in rows if of == kind}


def distributions(currency: str) -> list[Mapping[str, Any]]:
    """What is released and live of how offers of one currency are given out, read alone."""
    rows = queries.live(SYSTEM).filter(kind="distribution", release__merchant__currency=currency)
    return list(rows.select_related(None).values_list("release__data", flat=True))


def _read(wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Mapping[str, Any]]:
    """The data of these releases; what no book holds any more is forgotten."""
    have = {key: data for key in wanted if (data := _frozen.get(key)) is not None}
    new = queries.release_data(SYSTEM, [key for key in wanted if key not in have])
    for gone in set(_frozen) - queries.live_keys(SYSTEM):
        _frozen.pop(gone, None)
    _frozen.update(new)
    return have | new


def zone(currency: str) -> str:
    """The zone of the platform, or of the first merchant that trades in this currency."""
    first = catalog.merchants(SYSTEM).filter(currency=currency).first()
    return first.zone if first else "UTC"


def _standing(offer: Mapping[str, Any], stops: list[Stop]) -> Mapping[str, Any]:
    names = {"offer": offer["code"], "campaign": offer.get("campaign"), "all": "all"}
    stopped = any(stop.kind == "all" or names.get(stop.kind) == stop.code for stop in stops)
    return {**offer, "state": "stopped"} if stopped else offer


def _with_live(
    distribution: Mapping[str, Any], offers: list[Mapping[str, Any]], codes: set[str]
) -> Mapping[str, Any] | None:
    """The distribution as the price knows it, with those of its offers that are live; None when there is none."""
    if not distribution.get("offers"):
        campaign = distribution["campaign"]
        return distribution if any(offer.get("campaign") == campaign for offer in offers) else None
    left = [code for code in distribution["offers"] if code in codes]
    return {**distribution, "offers": left} if left else None


def _for_nobody(
    offers: list[Mapping[str, Any]], live: list[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:  # fmt: skip
    """What takes an offer from everybody whose distributions were all recalled: without them it would be for all."""
    once = spread(queries.distributed(SYSTEM))
    now = spread((each["campaign"], each.get("offers") or []) for each in live)
    about = [(offer.get("campaign") or "", offer["code"]) for offer in offers]
    if left := sorted(code for campaign, code in about if once.holds(campaign, code) and not now.holds(campaign, code)):
        yield {**NOBODY, "offers": left}
