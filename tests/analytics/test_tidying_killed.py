"""kill -9 of who tidies: events leave for the lake, files are merged, rows taken out; the next one settles what is half done."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connections

from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import lake
from festoon.analytics.lake.read import Lake
from festoon.checkout.invariants import every
from festoon.distribution.claims import claim
from festoon.ledger.store.crash import WORD
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM
from festoon.webhooks.fan_out import hand_on
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.claims.test_processes import url

PROGRAM = """
import sys
from datetime import datetime
import django
django.setup()
from festoon.analytics.lake import export, folder, merge, thin
from festoon.config.jobs import Handlers
from festoon.records.jobs import run_next
from festoon.records.viewer import SYSTEM
from festoon.webhooks.fan_out import hand_on
now, lake = datetime.fromisoformat(sys.argv[1]), folder.lake()
export.export(lake)
hand_on(now)
merge.merge(lake, now)
thin.ask(by=SYSTEM, now=now)
handlers = Handlers()
while run_next(handlers, worker=str(now), now=now):
    pass
"""
POINTS = ("lake.merged", "thin.taken", "export.written", "export.moved", "lake.listed")
FILES = 10


@pytest.mark.django_db
@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_whoever_tidies_is_killed_and_no_event_is_lost_or_counted_twice(settings, tmp_path, rounds):
    settings.FESTOON_VAR = tmp_path
    world.begin()
    world.coupon("c", stock=9_999, per_shopper=9_999, type="amount", **{"with": {"off": 500}})
    told = 0
    hand_on(NOW)
    for seed in rounds(small=1, large=100):
        for n in range(FILES):
            claim("c", "mei", by=SHOP, now=NOW, key=f"{seed}-{n}")
            if n < FILES - 1:
                export(lake())
        told += FILES
        hand_on(NOW)
        now = NOW + timedelta(days=8, minutes=2 * seed)
        assert tidy(now, die_at=POINTS[seed % len(POINTS)]) == -signal.SIGKILL
        whole(told)
        assert tidy(now + timedelta(minutes=1, seconds=5)) == 0  # the lease of who was killed has ended
        whole(told)
        assert records.outbox(SYSTEM).count() == 0


def tidy(now, die_at=""):
    """A process that tidies; with what it ended."""
    env = {
        **os.environ, "FESTOON_DATABASE_URL": url(), "DJANGO_SETTINGS_MODULE": "festoon.config.settings",
        "FESTOON_VAR": str(lake().root.parent),
    }  # fmt: skip
    reading, writing = os.pipe()
    try:
        os.write(writing, f"{WORD} {die_at or 'nowhere'} 1".encode())
        command = [sys.executable, "-c", PROGRAM, now.isoformat()]
        done = subprocess.run(command, env={**env, "FESTOON_CRASH_FD": str(reading)}, pass_fds=[reading], check=False)
    finally:
        os.close(reading)
        os.close(writing)
    return done.returncode


def whole(told):
    connections.close_all()
    reader = Lake(lake(), "UTC")
    try:
        found = [name for name in reader.events.id.to_pyarrow().to_pylist() if name.startswith("claim:")]
    finally:
        reader.close()
    waits = sum(row.count for row in records.outbox(SYSTEM).filter(kind="coupon.claimed"))
    assert len(found) == len(set(found)) <= told <= len(found) + waits
    broken = {each.code: each.check(NOW).problems for each in every() if each.code in {"told", "lake", "chains"}}
    assert not any(broken.values()), broken
