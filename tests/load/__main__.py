"""`make load`: the product under load, each figure beside the raw transaction of the same minutes.

    make load                                 every figure on both databases, some twenty minutes
    make load ONLY=quotes_http,sold_out       these only
    make load DATABASES=sqlite                on this one only

It starts a PostgreSQL of its own that waits for the disk, stages the workload by batch verbs, gives every figure a copy
of it and really started server processes, and asks them by a generator that ends by itself. A run that gave a wrong
answer has no figure, and the command fails. Figures go to var/bench/load.json; those taken before stay there.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from bench.figures import ROOT, written
from tests import postgres
from tests.load import figures, generator, truth
from tests.load.house import Stages

DURABLE = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_wal_size": "4GB", "max_connections": "200",
}  # fmt: skip
FILE = ROOT / "var" / "bench" / "load.json"


def main() -> int:
    """Takes the figures that are asked for; 1 when a run gave a wrong answer."""
    wanted = {name for name in os.environ.get("ONLY", "").split(",") if name}
    kinds = [kind for kind in os.environ.get("DATABASES", "sqlite,postgresql").split(",") if kind]
    known = [module.name for module in iter_modules(figures.__path__)]
    if unknown := wanted - set(known):
        raise SystemExit(f"make load: there is no figure {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    generator.demanded()
    postgres.SETTINGS |= DURABLE
    wrong = 0
    with postgres.running() as url:
        stages = Stages(url)
        for name in known:
            if not wanted or name in wanted:
                wrong += sum(not _taken(name, kind, stages) for kind in kinds)
    print(f"written to {FILE.relative_to(ROOT)}")
    return 1 if wrong else 0


def _taken(name: str, kind: str, stages: Stages) -> bool:
    """One figure on one database: printed and written down; False when the run was wrong."""
    module = import_module(f"tests.load.figures.{name}")
    if kind not in module.ON:
        return True
    began = time.monotonic()
    with stages.house(kind) as house:
        try:
            found = module.measure(house)
            truth.everything_holds(house)
        except truth.Wrong as wrong:
            print(f"WRONG  {name} on {kind}: {wrong}", flush=True)
            _keep(name, kind, [])
            return False
    for each in found:
        _say(each)
    print(f"       {name} on {kind} took {time.monotonic() - began:.0f} s; every invariant holds", flush=True)
    _keep(name, kind, [{"of": name, **each} for each in found])
    return True


def _say(each: dict[str, Any]) -> None:
    usual = {"name", "database", "value", "unit", "anchor", "anchor_value", "ratio", "goal"}
    more = ", ".join(f"{key} {value}" for key, value in each.items() if key not in usual)
    print(
        f"{each['name']:26} {each['database']:10} {each['value']:>10,} {each['unit']}  = {each['ratio']} × "
        f"{each['anchor_value']:,} ({each['anchor']})  {more}  [{each['goal']}]",
        flush=True,
    )


def _keep(name: str, kind: str, found: list[dict[str, Any]]) -> None:
    """The new figures beside those of other names that were taken before."""
    before = json.loads(Path(FILE).read_text())["figures"] if FILE.exists() else []
    kept = [each for each in before if (each.get("of"), each.get("database")) != (name, kind)]
    written("load", [*kept, *found])


if __name__ == "__main__":
    sys.exit(main())
