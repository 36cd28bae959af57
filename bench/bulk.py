"""Issuing a coupon to a million shoppers, beside one raw COPY of a million ready coupons into the same table.

    python bench/bulk.py [COUNT]        writes var/bench/bulk_issue.json

It starts a PostgreSQL of its own that waits for the disk as a shop's does, makes the shoppers, and then runs both in
turns in the same minutes: the raw COPY (rows made beforehand, one statement, every index and foreign key in place) and
the job with all it does (codes, audience, numbers, stock, audit, events, cursor). FESTOON_DATABASE_URL names another
empty database, SQLite among them: there the anchor is one executemany.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = 2


def main() -> None:
    from tests import postgres

    postgres.SETTINGS |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_wal_size": "4GB"}
    url = os.environ.get("FESTOON_DATABASE_URL", "")
    with nullcontext(url) if url else postgres.running() as here:
        os.environ["FESTOON_DATABASE_URL"] = here
        os.environ.setdefault("FESTOON_VAR", str(ROOT / "var" / "bench" / "bulk"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
        if sys.argv[2:] == ["worker"]:
            worker()
        else:
            measure()


def measure() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from tests.checkout import world

    world.make()
    shoppers(connection)
    raws, ours, memories = [], [], []
    for turn in range(ROUNDS):
        raws.append(raw(turn, connection))
        took, memory = issued(turn)
        ours.append(took)
        memories.append(memory)
        print(f"raw {COUNT / raws[-1]:,.0f}/s, bulk issue {COUNT / ours[-1]:,.0f}/s, worker {memory} MB", flush=True)
    raw_rate, rate = COUNT / median(raws), COUNT / median(ours)
    figure = {
        "name": "bulk_issue", "value": round(rate), "unit": "coupons/s", "anchor": anchor(connection.vendor),
        "anchor_value": round(raw_rate), "ratio": round(rate / raw_rate, 3), "goal": ">= 0.5",
    }  # fmt: skip
    memory = {"name": "bulk_issue_memory", "value": max(memories), "unit": "MB", "goal": "<= 300"}
    where = (
        ROOT / "var" / "bench" / ("bulk_issue.json" if connection.vendor == "postgresql" else "bulk_issue_sqlite.json")
    )
    where.parent.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}"
    found = {"machine": machine, "commit": commit.strip(), "count": COUNT, "figures": [figure, memory, *turns()]}
    where.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found["figures"], indent=2))


def anchor(vendor: str) -> str:
    return "one raw COPY into the same table" if vendor == "postgresql" else "one executemany into the same table"


def shoppers(connection: Any) -> None:
    """A million shoppers in one segment."""
    from festoon.catalog.models import Membership, Segment, Shopper
    from festoon.records.tables import pour

    gold = Segment.objects.create(code="all-of-them", name_en="All", name_zh="全部")
    for start in range(0, COUNT, 50_000):
        codes = [f"bench-{n:07}" for n in range(start, min(start + 50_000, COUNT))]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO catalog_shopper (code, name_en, name_zh, level, orders_placed, portrait, source)"
                " VALUES (%s, '', '', '', 0, '{}', 'bench')",
                [(code,) for code in codes],
            )
    numbers = list(Shopper.objects.filter(source="bench").order_by("id").values_list("id", flat=True))
    for start in range(0, COUNT, 50_000):
        part = numbers[start : start + 50_000]
        pour(Membership, {"segment": gold.pk}, {"shopper": part})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def raw(turn: int, connection: Any) -> float:
    """One statement with a million ready rows."""
    import secrets

    from festoon.catalog.models import Shopper
    from festoon.coupons.codes import wallet_codes
    from festoon.coupons.models import Template
    from tests.checkout import world

    world.coupon(f"raw-{turn}", stock=COUNT, type="amount", **{"with": {"off": 500}})
    template = Template.objects.get(offer__code=f"raw-{turn}")
    numbers = list(Shopper.objects.filter(source="bench").order_by("id").values_list("id", flat=True))
    now = datetime.now(UTC)
    chance = secrets.token_hex(16 * COUNT)
    ids, codes = [chance[at : at + 32] for at in range(0, 32 * COUNT, 32)], wallet_codes(COUNT)
    columns = (
        "merchant_id, template_id, state, origin, distribution, channel, scene, store, claimed_at, expires_at,"
        " redeemed_at, key_owner, key, body, n, id, shopper_id, code"
    )
    fixed = [1, template.pk, "claimed", "raw", "", "", "", "", now, now, None, 1, None, "", 1]
    rows = [(*fixed, *row) for row in zip(ids, numbers, codes, strict=True)]
    if connection.vendor != "postgresql":
        fixed = [str(value.replace(tzinfo=None)) if isinstance(value, datetime) else value for value in fixed]
        rows = [(*fixed, *row) for row in zip(ids, numbers, codes, strict=True)]
        import sqlite3

        base = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        base.execute("PRAGMA synchronous=FULL")
        began = time.perf_counter()
        base.execute("BEGIN IMMEDIATE")
        base.executemany(f"INSERT INTO coupons_coupon ({columns}) VALUES ({', '.join('?' * 18)})", rows)
        base.execute("COMMIT")
        return time.perf_counter() - began
    ready = "".join("\t".join("\\N" if value is None else str(value) for value in row) + "\n" for row in rows).encode()
    del rows
    with connection.cursor() as cursor:
        began = time.perf_counter()
        with cursor.copy(f"COPY coupons_coupon ({columns}) FROM STDIN") as copy:
            for start in range(0, len(ready), 1 << 20):
                copy.write(ready[start : start + (1 << 20)])
        return time.perf_counter() - began


def issued(turn: int) -> tuple[float, int]:
    """Order it and let a worker process do it; seconds of the whole job, and the most memory the worker had."""
    from festoon.coupons.bulk import issue_many
    from festoon.coupons.models import Coupon
    from festoon.records import queries
    from festoon.records.viewer import SYSTEM
    from tests.checkout import world

    code = f"bulk-{turn}"
    world.coupon(code, stock=COUNT, type="amount", **{"with": {"off": 500}})
    issue_many(code, {"segment": "all-of-them"}, by=SYSTEM, now=datetime.now(UTC), key=code)
    done = subprocess.run(
        [sys.executable, __file__, str(COUNT), "worker"], check=True, capture_output=True, text=True, env=os.environ
    )
    told = json.loads(done.stdout.splitlines()[-1])
    TURNS.extend(told["turns"])
    assert queries.jobs(SYSTEM).first().state == "finished"
    given = Coupon.objects.filter(template__offer__code=code).count()
    assert given == COUNT, f"{given} of {COUNT}"
    return told["seconds"], told["memory"]


TURNS: list[float] = []


def turns() -> list[dict[str, Any]]:
    """How long the job's transactions were."""
    found = sorted(TURNS)
    return [
        {"name": f"bulk_issue_turn_p{part}", "value": round(1000 * found[min(len(found) - 1, len(found) * part // 100)], 1),
         "unit": "ms"}
        for part in (50, 95, 100)
    ]  # fmt: skip


def worker() -> None:
    """The job, as a worker process does it."""
    import django

    django.setup()
    from festoon.coupons.jobs import BulkIssue
    from festoon.records.jobs import run_next
    from festoon.records.pace import Pace

    found: list[float] = []

    class Timed(Pace):
        def took(self, seconds: float) -> None:
            found.append(seconds)
            Pace.took(self, seconds)

    handler = BulkIssue()
    handler.pace = Timed(
        **{name: getattr(handler.pace, name) for name in ("size", "goal", "least", "most", "part", "left")}
    )
    handlers, began = {"issue": handler}, time.perf_counter()
    while run_next(handlers, worker="bench", now=datetime.now(UTC)):
        pass
    seconds = time.perf_counter() - began
    status = Path("/proc/self/status").read_text()  # getrusage would count what the parent was before it started us
    memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    print(json.dumps({"seconds": seconds, "memory": memory, "turns": found}))


if __name__ == "__main__":
    main()
