"""What a distribution says of whom, where and when holds for every claim that came by it and every use of what it gives out.

Who is in a segment is not kept for the past: where a distribution names segments, who claimed is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from festoon.base.windows import Window, since_1970, window_told
from festoon.base.words import Words
from festoon.checkout import held as helds
from festoon.checkout import queries
from festoon.checkout.invariants import LEEWAY, Finding, Invariant
from festoon.checkout.invariants.priced_at import is_near, priced_at
from festoon.checkout.limits import QUOTE_LASTS
from festoon.coupons import queries as coupons
from festoon.offers import queries as offers
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM

SHOWN = 100
RECALLED = "offers.distribution.recalled"


@dataclass(frozen=True, slots=True)
class _Out:
    """A release of a distribution, from when until when it was out, and what it says."""

    code: str
    since: datetime
    until: datetime | None
    window: Window
    data: Mapping[str, Any]

    def perhaps(self, first: datetime, last: datetime) -> bool:
        """Whether it may have been out at some moment between these."""
        return self.since - LEEWAY <= last and (self.until is None or first < self.until + LEEWAY)

    def surely(self, first: datetime, last: datetime) -> bool:
        """Whether every process knew it all the time between these."""
        return self.since + LEEWAY <= first and (self.until is None or last < self.until - LEEWAY)

    def admits(self, at: datetime, shopper: str, where: Mapping[str, str]) -> bool:
        """Whether it let this shopper, at that moment, in the place that `where` says by the name of its list."""
        if any(self.data.get(name) and code not in self.data[name] for name, code in where.items()):
            return False
        buyers = self.data.get("buyers")
        if buyers and not self.data.get("segments") and shopper not in buyers:
            return False
        return self.window.holds(since_1970(at))


def claimed(_now: datetime) -> Finding:
    """Every claim came by a distribution that was out then, in its window, in its channel and scene, by a recipient of it."""
    outs, problems, cases = _outs(), list[str](), 0
    rows = coupons.visible(SYSTEM).order_by().filter(origin="claimed").exclude(distribution="")
    groups = rows.values("distribution", "channel", "scene").annotate(
        n=Count("id"), first=Min("claimed_at"), last=Max("claimed_at")
    )
    for group in groups:
        cases += group["n"]
        known = outs.get(group["distribution"], ())
        where = {"claim_channels": group["channel"], "claim_scenes": group["scene"]}
        ends = (group["first"], group["last"])
        if any(each.surely(*ends) and not each.data.get("buyers") and _throughout(each, ends, where) for each in known):
            continue
        same = {name: group[name] for name in ("distribution", "channel", "scene")}
        for coupon, shopper, at in rows.filter(**same).values_list("id", "shopper__code", "claimed_at").iterator(2_000):
            if not any(each.perhaps(at, at) and each.admits(at, shopper, where) for each in known):
                problems.append(
                    f"coupon {coupon} was claimed by {group['distribution']}, which did not give it then and there"
                )
    return Finding(cases, problems[:SHOWN])


def used(_now: datetime) -> Finding:
    """Nothing that distributions give out served where and when none of them admitted it, at the quote and at the till."""
    gives: dict[str, list[_Out]] = {}
    for each in (each for found in _outs().values() for each in found):
        for named in each.data.get("offers") or [f"all of {each.data.get('campaign')}"]:
            gives.setdefault(named, []).append(each)
    if not gives:
        return Finding(0, ())
    problems, cases = list[str](), 0
    rows = queries.visible(SYSTEM).order_by("id").select_related("redemption").defer("token")
    for row in rows.iterator(chunk_size=500):
        held = helds.read(row)
        moments = (row.created_at - QUOTE_LASTS - LEEWAY, row.created_at)
        places = [(held.channel, held.scene, held.store)]
        if row.state == "redeemed" and held.coupons:
            places.append((row.redemption.channel, row.redemption.scene, row.redemption.store))
        for offer, campaign in held.offers:
            of_it = (*gives.get(offer, ()), *gives.get(f"all of {campaign}", ()))
            mine = [each for each in of_it if each.perhaps(*moments)]
            cases += bool(mine)
            if not any(each.surely(*moments) for each in mine):
                continue
            near = is_near(row, at := priced_at(row))
            problems += [
                f"hold {row.id} used {offer} where no distribution gives it out: {' '.join(place).strip()}"
                for place in places
                if not (near and any(each.admits(at, held.shopper, _where(place)) for each in mine))
            ]
    return Finding(cases, problems[:SHOWN])


def _where(place: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(("channels", "scenes", "stores"), place, strict=True))


def _throughout(out: _Out, ends: Sequence[datetime], where: Mapping[str, str]) -> bool:
    """A window has no holes: what admits the first and the last admits all between."""
    return all(out.admits(at, "", where) for at in ends)


def _outs() -> dict[str, list[_Out]]:
    """Every release of every distribution, by its code, oldest first."""
    rows = offers.releases(SYSTEM).filter(kind="distribution").order_by("code", "version")
    told = list(rows.values_list("code", "released_at", "merchant__zone", "data"))
    recalls: dict[str, list[datetime]] = {}
    for code, at in records.visible(SYSTEM).filter(verb=RECALLED).order_by("at").values_list("subject", "at"):
        recalls.setdefault(code, []).append(at)
    found: dict[str, list[_Out]] = {}
    for (code, since, zone, data), after in zip(told, [*told[1:], None], strict=False):
        ends = [at for at in recalls.get(code, ()) if at >= since]
        ends += [after[1]] if after is not None and after[0] == code else []
        found.setdefault(code, []).append(
            _Out(code, since, min(ends, default=None), window_told(data.get("window"), zone), data)
        )
    return found


INVARIANTS = [
    Invariant("claimed_by", Words(en="Claims keep to their distribution", zh="领券符合投放范围"), claimed),
    Invariant("used_by", Words(en="What is given out is used where it may be", zh="用券符合投放范围"), used),
]
