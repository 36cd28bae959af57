"""What a paper says, as it would be kept: with what is filled in where it says nothing, and moments as a paper writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from festoon.campaigns.form import placed, when
from festoon.composition.paper import distribution_form, local, offer_form
from festoon.coupons import actions as coupons
from festoon.distribution import drafts as spread
from festoon.offers.checks import Known, known
from festoon.offers.drafts import draft
from festoon.promotions import actions as promotions
from festoon.records.batch import Wrong
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

ROOMS = {promotions.KIND: promotions.ROOM, coupons.KIND: coupons.ROOM}
STAYS = ("merchant", "zone", "term")
"""What a campaign keeps where its paper does not say it."""


def theme(there: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """A campaign that is there, as written; what cannot be read is left for its verb to refuse."""
    found = {**{name: there[name] for name in STAYS}, "reason": {"en": "", "zh": ""}, "colour": "", **written}
    try:
        zone = ZoneInfo(found["zone"])
        moments = {name: local(placed(when(found[name]), zone.key), zone) for name in ("starts_at", "ends_at")}
    except (KeyError, ValueError, TypeError, OSError, Wrong):
        return found
    return found | moments


def exclusion(written: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of two offers, as written: a reason in one language stands for the other, an empty one for none."""
    reason, window = written.get("reason"), written.get("window")
    told = {name: value for name, value in written.items() if name not in ("reason", "window")}
    if isinstance(reason, Mapping) and str(reason.get("en", "")).strip():
        told["reason"] = {"en": reason["en"], "zh": reason.get("zh") or reason["en"]}
    return {**told, "window": window} if window else told


@dataclass(frozen=True)
class Parts:
    """The parts of one campaign, as `viewer` would keep them."""

    viewer: Viewer
    campaign: str
    now: datetime

    def part(self, name: str, there: Mapping[str, Any], written: Mapping[str, Any]) -> Mapping[str, Any]:
        """One that is there, as written; what does not hold together is answered as it is, for its verb to refuse."""
        data = {**written, "campaign": self.campaign}
        try:
            if name == "distributions":
                return distribution_form(spread.draft(data, by=self.viewer, now=self.now))
            room, owner = ROOMS[data.get("kind") or promotions.KIND], {"owner": there.get("owner")}
            made = draft(room, {**owner, **data}, self._known, by=self.viewer, now=self.now)
            return offer_form(self.viewer, made)
        except (Refusal, KeyError):
            return data

    @cached_property
    def _known(self) -> Known:
        return known(self.viewer, self.now)
