"""Every benchmark of this folder, one after another: `make bench`. Results in var/bench/, one file each.

    python bench/run.py [NAME …]        all of them, or those that are named: engine peers hard tags baskets overlap

A benchmark that lacks what it is measured against says so and is passed over; one that fails makes this fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ALL = {"engine": [], "peers": [], "hard": [os.environ.get("SEED", "20260")], "tags": [], "baskets": [], "overlap": []}
"""Name of the file → what it is given."""
NOT_HERE = 2
"""How a benchmark ends that lacks what it is measured against."""


def main(named: list[str]) -> int:
    failed = []
    for name in named or ALL:
        if not (HERE / f"{name}.py").exists():
            continue
        began = time.monotonic()
        print(f"\n== {name}", flush=True)
        ended = subprocess.run([sys.executable, HERE / f"{name}.py", *ALL.get(name, [])]).returncode
        said = {0: "done", NOT_HERE: "not measured here"}.get(ended, f"FAILED ({ended})")
        print(f"== {name}: {said}, {time.monotonic() - began:.0f} s", flush=True)
        failed += [name] if ended not in {0, NOT_HERE} else []
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
