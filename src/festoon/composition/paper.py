"""A campaign as text: everything a person decided about it, and nothing the machine adds.

The form is the offers file's, with the campaign, its goals and its budget beside the offers. It is what
`festoon export` writes and `festoon plan` and `festoon apply` read; the console shows the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from festoon.campaigns import next_version
from festoon.campaigns.models import Campaign
from festoon.composition.queries import overview
from festoon.distribution.models import Distribution
from festoon.offers import exclusion_rows
from festoon.offers.drafts import releasable
from festoon.offers.from_preset import rules_of
from festoon.offers.models import Offer
from festoon.offers.released import as_seen
from festoon.records.viewer import Viewer

FORM = 1
MOMENTS = ("starts_at", "ends_at", "start", "end", "expires", "opens_at")
OVER = ("recalled", "rejected")
FIELDS = ("festoon", "campaign", "goals", "budget", "offers", "exclusions", "distributions")


def paper(viewer: Viewer, campaign: Campaign) -> dict[str, Any]:
    """The campaign as data, in an order that does not depend on anything but its content.

    What is another house's is told as it was agreed on: nothing of what is worked on there.
    """
    parts = overview(viewer, campaign)
    own = viewer.is_platform or parts.campaign.merchant_id == viewer.merchant_id
    offers = as_seen(viewer, sorted(parts.offers, key=lambda one: (one.kind, one.code)))
    codes = {offer.code for offer in offers}
    between = [each for each in parts.exclusions if {each.first.code, each.second.code} <= codes]
    return {
        "festoon": FORM,
        "campaign": _theme(next_version.drafted(parts.campaign) if own else parts.campaign),
        "goals": (next_version.goals if own else next_version.agreed_goals)(viewer, parts.campaign),
        "budget": next_version.budget(viewer, parts.campaign),
        "offers": [offer_form(viewer, offer) for offer in offers],
        "exclusions": [_between(each) for each in between if each.state not in OVER],
        "distributions": [distribution_form(each) for each in sorted(parts.distributions, key=lambda one: one.code)],
    }


def offer_form(viewer: Viewer, offer: Offer) -> dict[str, Any]:
    """An offer in the offers-file form, with the terms that were set beside it; of a preset's rules, the values."""
    terms = {name: value for name, value in offer.draft.get("terms", {}).items() if value is not None}
    theirs = rules_of(offer.draft, viewer)
    own = {name: value for name, value in releasable(offer).items() if name not in theirs}
    return {**own, **terms} | ({"preset": offer.draft["preset"]} if theirs else {})


def distribution_form(distribution: Distribution) -> dict[str, Any]:
    """A distribution in the offers-file form, with its name."""
    return {**distribution.draft, "name": {"en": distribution.name_en, "zh": distribution.name_zh}}


def local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as a paper writes it: by the clock of the campaign's zone, to the minute unless it has seconds."""
    whole = moment.second == moment.microsecond == 0
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes" if whole else "auto")


def renamed(written: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """The paper with every code in `codes` replaced, wherever it is named as a code."""
    return {name: _renamed(value, codes) for name, value in written.items()}


def shifted(written: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """The paper with every moment of its campaign, windows and terms so much later."""
    return {name: _shifted(value, by) for name, value in written.items()}


def _shifted(value: Any, by: timedelta, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _shifted(each, by, key) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_shifted(each, by) for each in value]
    if name in MOMENTS and isinstance(value, str):
        later = datetime.fromisoformat(value) + by
        return later.isoformat(timespec="auto" if later.second else "minutes")
    return value


def _renamed(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        named = ("code", "campaign", "offers", "between")
        return {
            name: _code(each, codes) if name in named and not isinstance(each, Mapping) else _renamed(each, codes)
            for name, each in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_renamed(each, codes) for each in value]
    return value


def _code(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return codes.get(value, value)
    return [_code(each, codes) if isinstance(each, str) else _renamed(each, codes) for each in value]


def _theme(campaign: Campaign) -> dict[str, Any]:
    zone = ZoneInfo(campaign.zone)
    return {
        "code": campaign.code,
        "merchant": campaign.merchant.code,
        "name": {"en": campaign.name_en, "zh": campaign.name_zh},
        "reason": {"en": campaign.reason_en, "zh": campaign.reason_zh},
        "zone": campaign.zone,
        "starts_at": local(campaign.starts_at, zone),
        "ends_at": local(campaign.ends_at, zone),
        "colour": campaign.colour,
        "term": campaign.term,
    }


def _between(exclusion: Any) -> dict[str, Any]:
    data = exclusion_rows.data(exclusion)
    return {name: data[name] for name in ("between", "grain", "reason", "window") if name in data}
