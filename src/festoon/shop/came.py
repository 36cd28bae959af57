"""From where somebody came to a campaign's page: the scene and the store that the code on a poster names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from festoon.catalog import queries as catalog
from festoon.distribution.shop_events import take_events
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.addresses import SCENE, is_ours, page_of

MOST = 120
"""So many openings a minute are counted from one address: a crowd in one shop's network, and not a machine."""


@dataclass(frozen=True, slots=True)
class Came:
    """Where the code hung; empty: nowhere in particular."""

    scene: str = ""
    store: str = ""
    seal: str = ""

    def to(self, campaign: str) -> str:
        """The campaign's page, still knowing it."""
        return page_of(campaign, scene=self.scene, store=self.store)

    def at(self, viewer: Viewer) -> Viewer:
        """The shopper in that store; one who is not known to be elsewhere already."""
        return replace(viewer, store=self.store) if self.store and not viewer.store else viewer


def came(given: Mapping[str, str], campaign: str) -> Came:
    """What an address of this campaign's page or a form on it says; what no address of ours says is nothing."""
    scene, store, seal = (given.get(name, "") for name in ("scene", "store", "seal"))
    if not is_ours(campaign, scene, store, seal):
        return Came()
    known = (
        bool(store) and len(store) <= 64 and "\0" not in store and catalog.stores(SYSTEM).filter(code=store).exists()
    )
    return Came(scene if re.match(SCENE, scene) else "", store if known else "", seal)


class Doorman:
    """Counts who opens in the minute that runs, so that nobody fills the books with openings."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._seen, self._lock = Counter[str](), Lock()

    def lets_in(self, address: str, now: datetime) -> bool:
        """Whether one more opening from this address is counted."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._seen = minute, Counter()
            self._seen[address] += 1
            return self._seen[address] <= MOST


doorman = Doorman()


def opened(campaign: str, where: Came, *, shopper: str, by: Viewer, now: datetime, key: str) -> None:
    """Write down that the page was opened from there; with the same key once."""
    row = {
        "id": f"scan:{key}", "kind": "campaign.opened", "campaign": campaign, "scene": where.scene, "shopper": shopper
    }  # fmt: skip
    take_events([row], by=where.at(by), now=now, key=f"scan:{key}")
