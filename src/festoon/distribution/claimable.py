"""What a process keeps in memory of each coupon that can be claimed: read once for a number of the book."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from festoon.base.windows import Window, since_1970, window_told
from festoon.coupons import queries as coupons
from festoon.coupons.models import Session
from festoon.coupons.validity import zone_of
from festoon.distribution.limits import Limits, limits_of
from festoon.distribution.soldout import sold_out
from festoon.ledger.store.plan import Step
from festoon.offers import guards
from festoon.offers import queries as offers
from festoon.offers.spread import spread
from festoon.offers.version import watch
from festoon.records.viewer import SYSTEM, Viewer


@dataclass(frozen=True, slots=True)
class Way:
    """One released distribution of the offer: to whom, from when until when; where it may be claimed.

    Its channels, scenes and stores are where the coupon may be *used*; `channels` and `scenes` here are where it may
    be claimed (`claim_channels`, `claim_scenes`), empty for everywhere.
    """

    code: str
    window: Window
    channels: frozenset[str]
    scenes: frozenset[str]
    segments: frozenset[str]
    buyers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sale:
    """One session of a coupon: its window, and the account of its own stock."""

    window: Window
    stock: str


@dataclass(frozen=True, slots=True)
class Claimable:
    """A released coupon template, as far as a claim must know it; `distributed`: whether it was ever given ways.

    `sales` are its sessions; with none it is given whenever its window is open. `limits` are those of a period and a
    device; None where it has neither.
    """

    offer: str
    merchant_id: int
    merchant: str
    campaign: str
    template_id: int
    stock: str
    days: int | None
    ends: datetime | None
    opens_at: datetime | None
    zone: str
    window: Window
    ways: tuple[Way, ...]
    distributed: bool
    guards: tuple[Step, ...]
    sales: tuple[Sale, ...] = ()
    limits: Limits | None = None

    def stocks(self, now: datetime) -> tuple[str, ...]:
        """The accounts a claim takes from at this moment: the template's, and the session's; none between sessions."""
        if not self.sales:
            return (self.stock,)
        at = since_1970(now)
        return next(((self.stock, sale.stock) for sale in self.sales if sale.window.holds(at)), ())


STRANGE = 1000
"""So many texts that are no coupon's code are remembered as such: whoever asks for more of them grows no process."""
_lock = Lock()
_strange: deque[str] = deque()
_kept: dict[str, tuple[int, Claimable | None]] = {}


def claimable(viewer: Viewer, offer: str) -> Claimable | None:
    """The coupon of this offer's code; None when none is released, or it is another merchant's."""
    number = watch.number()
    kept = _kept.get(offer)
    if kept is None or kept[0] != number:
        kept = _keep(offer, number)
    found = kept[1]
    if found is None or not (viewer.is_platform or found.merchant_id in (1, viewer.merchant_id)):
        return None
    return found


def _keep(offer: str, number: int) -> tuple[int, Claimable | None]:
    """Read it and remember it; what was read for another book is forgotten, of what is no coupon the oldest."""
    read = number, _read(offer)
    with _lock:
        if next(iter(_kept.values()), read)[0] != number:
            _forget()
        _kept[offer] = read
        if read[1] is None:
            _strange.append(offer)
        if len(_strange) > STRANGE:
            _kept.pop(_strange.popleft(), None)
    return read


def remembered(offer: str) -> Claimable | None:
    """The same, as far as it is in memory, is fresh and asks nothing of who claims; None when it has to be read."""
    kept = _kept.get(offer)
    if kept is None or kept[0] != watch.at_hand():
        return None
    found = kept[1]
    return None if found is None or any(way.segments for way in found.ways) else found


def forget() -> None:
    """Read everything anew."""
    sold_out.forget()
    with _lock:
        _forget()


def _forget() -> None:
    _kept.clear()
    _strange.clear()


def _read(code: str) -> Claimable | None:
    template = coupons.templates(SYSTEM).filter(offer__code=code, claimable=True).first()
    release = offers.live_releases(SYSTEM, "offer").filter(code=code).first()
    if template is None or release is None:
        return None
    offer = template.offer
    campaign = offer.campaign.code if offer.campaign else ""
    zone = zone_of(release.data, offer.merchant.zone)
    return Claimable(
        offer=code,
        merchant_id=offer.merchant_id,
        merchant=offer.merchant.code,
        campaign=campaign,
        template_id=template.id,
        stock=template.stock.code,
        days=template.days_from_claim,
        ends=template.ends_at,
        opens_at=template.opens_at,
        zone=zone,
        window=window_told(release.data.get("window"), zone),
        sales=tuple(_sale(session) for session in coupons.sessions(SYSTEM, template).filter(dropped=False)),
        ways=tuple(
            _way(other.data, zone)
            for other in offers.live_releases(SYSTEM, "distribution")
            if other.data.get("campaign") == campaign and code in (other.data.get("offers") or [code])
        ),
        guards=tuple(guards.granting([code], [campaign], claims=[code])),
        distributed=spread(offers.distributed(SYSTEM)).holds(campaign, code),
        limits=limits_of(template, zone),
    )


def _sale(session: Session) -> Sale:
    end = since_1970(session.ends_at) if session.ends_at else None
    return Sale(Window(since_1970(session.starts_at), end), session.stock.code)


def _way(data: dict[str, Any], zone: str) -> Way:
    return Way(
        code=str(data["code"]),
        window=window_told(data.get("window"), zone),
        channels=frozenset(data.get("claim_channels") or ()),
        scenes=frozenset(data.get("claim_scenes") or ()),
        segments=frozenset(data.get("segments") or ()),
        buyers=frozenset(data.get("buyers") or ()),
    )
