"""The book as data: everything that is released and live, in the form the engine reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from festoon.catalog import queries as catalog
from festoon.offers import queries
from festoon.offers.models import Stop
from festoon.records.viewer import SYSTEM

_frozen: dict[tuple[int, str], Mapping[str, Any]] = {}


def book_data(currency: str | None = None) -> dict[str, Any]:
    """The live offers, distributions and exclusions of one currency, in the offers-file form, for `read_book`.

    Windows are inside it, so nothing changes because a clock passed a start. An offer under a stop is there as
    `stopped`; an exclusion is there when both its ends are. A release never changes, so a process reads each once.
    """
    currency = currency or settings.FESTOON_CURRENCY
    rows = queries.book_rows(SYSTEM, currency)
    frozen = _read([(number, digest) for _, number, digest, _ in rows])
    parts: dict[str, list[Mapping[str, Any]]] = {"offer": [], "distribution": [], "exclusion": []}
    for kind, number, digest, _ in rows:
        parts[kind].append(frozen[number, digest])
    stops = list(queries.stops(SYSTEM))
    offers = [_standing(offer, stops) for offer in parts["offer"]]
    codes = {offer["code"] for offer in offers}
    return {
        "festoon": 1,
        "currency": currency,
        "zone": zone(currency),
        "policy": dict(getattr(settings, "FESTOON_POLICY", {"conflict": "best_total", "objective": "best"})),
        "offers": offers,
        "exclusions": [each for each in parts["exclusion"] if codes >= set(each["between"])],
        "distributions": [kept for each in parts["distribution"] if (kept := _with_live(each, offers, codes))],
    }


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
