"""Whether a code that never was, one that is spent, one of others and one that is not open take the same time.

    python bench/guessing.py [ROUNDS]        writes var/bench/guessing.json

Medians of each kind, in turns, on a database of its own; the goal is that they lie within 10 % of each other.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 300


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FESTOON_DATABASE_URL", f"sqlite:///{folder}/festoon.sqlite3")
        os.environ["FESTOON_VAR"], os.environ["DJANGO_SETTINGS_MODULE"] = folder, "festoon.config.settings"
        measure()


def measure() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from festoon.coupons.pools import take_codes
    from festoon.distribution.by_code import claim_by_code
    from festoon.ledger.store import writer
    from festoon.records.refusal import Refusal
    from tests.checkout import world
    from tests.checkout.world import NOW, SHOP

    world.make()
    window = {"start": "2026-12-20T00:00", "end": "2026-12-25T00:00", "zone": "Asia/Shanghai"}
    for offer, more in (("open", {}), ("later", {"window": window}), ("gold", {})):
        world.coupon(offer, stock=100_000, per_shopper=100_000, type="amount", **{"with": {"off": 500}}, **more)
    world.distribution("d", offers=["gold"], segments=["gold"])
    spent = [f"SPENT{n:05}" for n in range(20)]
    for offer, codes in (("open", spent), ("later", ["LATER00001"]), ("gold", ["GOLDS00001"])):
        take_codes(offer, codes, batch="b", by=SHOP, now=NOW, key=offer)
    for n, code in enumerate(spent):
        claim_by_code(code, "tao", by=SHOP, now=NOW, key=f"before-{n}")
    kinds = {"unknown": "NEVER00001", "spent": spent[0], "not open": "LATER00001", "for others": "GOLDS00001"}
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for turn in range(ROUNDS):
        for kind, code in kinds.items():
            now = NOW + timedelta(minutes=6 * turn)  # nobody is locked
            began = time.perf_counter()
            try:
                claim_by_code(code, "tao", by=SHOP, now=now, key=f"{kind}-{turn}")
            except Refusal as refusal:
                assert refusal.code == "no_such_code", (kind, refusal.code)  # noqa: PT017
            times[kind].append(time.perf_counter() - began)
    writer.close()
    medians = {kind: 1e6 * median(found) for kind, found in times.items()}
    apart = max(medians.values()) / min(medians.values()) - 1
    figures = [{"name": f"wrong_code_{kind}", "value": round(value), "unit": "µs"} for kind, value in medians.items()]
    figures.append({"name": "wrong_code_apart", "value": round(apart, 3), "unit": "of the median", "goal": "<= 0.1"})
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    where = ROOT / "var" / "bench" / "guessing.json"
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(json.dumps({"machine": machine, "commit": commit.strip(), "figures": figures}, indent=2) + "\n")
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
