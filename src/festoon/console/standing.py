"""Where offers stand as people see it: live, scheduled, stopped …: of a row, and as a filter that an index answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When

from festoon.campaigns import queries as campaigns
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM

OUT = ("live", "scheduled", "pending", "stopped", "ended")
"""The standings of what is in the book; what is not stands where its draft does."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides on the standing of every offer at `now`: which campaigns nobody has agreed to, what is stopped."""

    now: datetime
    waiting: frozenset[int]
    stopped: frozenset[str]
    themes: frozenset[int]
    everything: bool

    @classmethod
    def at(cls, now: datetime) -> Standing:
        """As it is now: three short reads, however many offers there are."""
        stops = list(offers.stops(SYSTEM).values_list("kind", "code"))
        themes = campaigns.visible(SYSTEM).order_by()
        held = [code for kind, code in stops if kind == "campaign"]
        return cls(
            now,
            frozenset(themes.filter(in_force=False).values_list("pk", flat=True)),
            frozenset(code for kind, code in stops if kind == "offer"),
            frozenset(themes.filter(code__in=held).values_list("pk", flat=True) if held else ()),
            any(kind == "all" for kind, _ in stops),
        )

    def of(self, offer: Any) -> str:
        """Where one offer stands."""
        return self.told(offer.out, offer.state, offer.campaign_id, offer.code, offer.starts_at, offer.ends_at)

    def told(
        self, out: bool, state: str, campaign: int | None, code: str, starts: datetime | None, ends: datetime | None
    ) -> str:
        """Where an offer of these columns stands."""
        if not out:
            return state
        if campaign in self.waiting:
            return "pending"
        if self.everything or code in self.stopped or campaign in self.themes:
            return "stopped"
        if ends is not None and ends <= self.now:
            return "ended"
        return "scheduled" if starts is not None and starts > self.now else "live"

    def where(self, code: str, *, counted: bool = False) -> list[Q]:
        """The filters of which one must hold; they never overlap, so that counts add up.

        `counted`: the form that the partial indexes of the counts answer. The other one keeps SQLite off them, so that
        a page of rows walks from the latest change on and stops when it is full.
        """
        book = Q(out=True) if counted else Q(out__in=[True])
        if code not in OUT:
            return [(Q(out=False) if counted else Q(out__in=[False])) & Q(state=code)]
        if code == "pending":
            return [book & Q(campaign_id__in=self.waiting)] if self.waiting else []
        ready = book & _none_of(self.waiting)
        if code == "stopped":
            return self._stops(ready)
        if self.everything:
            return []
        ready &= _none_of(self.themes) & (~Q(code__in=self.stopped) if self.stopped else Q())
        if code == "ended":
            return [ready & Q(ends_at__lte=self.now)]
        later = Q(starts_at__gt=self.now)
        ready &= later if code == "scheduled" else Q(starts_at=None) | Q(starts_at__lte=self.now)
        return [ready & Q(ends_at__gt=self.now), ready & Q(ends_at=None)]

    def column(self) -> Case:
        """Where each row stands, worked out by the database."""
        ways = {code: self.where(code) for code in OUT}
        cases = [When(reduce(or_, found), then=Value(code)) for code, found in ways.items() if found]
        return Case(*cases, default=F("state"), output_field=CharField())

    def _stops(self, ready: Q) -> list[Q]:
        if self.everything:
            return [ready]
        found = [ready & Q(code__in=self.stopped)] if self.stopped else []
        if self.themes:
            found.append(ready & Q(campaign_id__in=self.themes) & (~Q(code__in=self.stopped) if self.stopped else Q()))
        return found


def _none_of(campaigns: frozenset[int]) -> Q:
    return Q(campaign_id=None) | ~Q(campaign_id__in=campaigns) if campaigns else Q()
