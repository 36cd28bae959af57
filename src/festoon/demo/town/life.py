"""The life of the town, as a job: a visit a chunk, so that the switch stops it and a killed town goes on where it was.

Only `festoon town` knows this kind of job: a process of its own, which speaks to /v1 like any shop's app.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from festoon.demo.cast import keys, world
from festoon.demo.town import flash
from festoon.demo.town.pace import Pace
from festoon.demo.town.rush import GRANTED, rush
from festoon.demo.town.shop import Shop
from festoon.demo.town.visit import Visit, pay
from festoon.demo.town.wire import Lost, Wire
from festoon.records.jobs import Step
from festoon.records.models import Job

A_SECOND = 5.0
FLASH_AFTER = 120
WAIT = 1.0
"""Seconds until a server that did not answer is asked again."""
APP = "demo-app"


class Life:
    """The handler of the job `town`.

    The job's args, all optional: `seed`; `a_second`, requests a second (0: as fast as they are answered);
    `flash_after`, seconds until the flash sale opens.
    """

    atomic = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._pace: Pace | None = None
        self._shoppers = world.group_codes("town")

    def chunk(self, job: Job, now: datetime) -> Step:
        """One visit; before it, the flash sale when it is time. Without a server it waits."""
        sale: dict[str, Any] = dict(job.cursor.get("flash") or self._announce(job, now))
        visits = job.done
        try:
            if "granted" not in sale and now >= datetime.fromisoformat(sale["opens_at"]):
                sale |= self._rush(sale["offer"])
            else:
                self._visit(job)
                visits += 1
        except Lost:
            time.sleep(WAIT)
        came = "1 visit" if visits == 1 else f"{visits:,} visits"
        return Step({"flash": sale}, done=visits, note=f"{came} by made-up shoppers · 虚构顾客到访 {visits:,} 次")

    def _visit(self, job: Job) -> None:
        self._pace = self._pace or Pace(float(job.args.get("a_second", A_SECOND)))
        visit = Visit(job.args.get("seed", job.pk), job.done, f"town-{job.pk}")
        with self._dial() as wire:
            pay(visit, Shop(wire), pace=self._pace, shoppers=self._shoppers)

    def _announce(self, job: Job, now: datetime) -> dict[str, Any]:
        opens_at = (job.started_at or now) + timedelta(seconds=job.args.get("flash_after", FLASH_AFTER))
        offer = flash.announce(f"flash-{job.pk}", opens_at=opens_at, now=now)
        return {"offer": offer, "units": flash.UNITS, "opens_at": opens_at.isoformat()}

    def _rush(self, offer: str) -> dict[str, Any]:
        told = rush(offer, crowd(), dial=self._dial, mark=offer)
        came, granted = told.total(), told.pop(GRANTED, 0)
        return {"came": came, "granted": granted, "refused": dict(told)}

    def _dial(self) -> Wire:
        return Wire(self._url, keys.text(APP))


def crowd() -> Sequence[str]:
    """The five hundred of the flash sale: the town, and those who come for it alone."""
    return world.group_codes("town") + world.group_codes("crowd")
