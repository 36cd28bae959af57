"""Coupons issued to a million shoppers beside one raw COPY: taken by bench/bulk.py, shown here with the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.load import truth
from tests.load.figure import Figure
from tests.load.house import ROOT, House

ON = ("postgresql",)
COUNT = os.environ.get("COUNT", "1000000")
"""`make load ONLY=bulk_issue COUNT=300000` takes a third of it, and of the six minutes."""


def measure(house: House) -> list[Figure]:
    command = [sys.executable, "bench/bulk.py", COUNT]
    told = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=1200)
    if done.returncode:
        raise truth.Wrong(done.stdout[-2000:] + done.stderr[-2000:])
    found: list[Figure] = json.loads((ROOT / "var" / "bench" / "bulk_issue.json").read_text())["figures"]
    blank = {"anchor": "", "anchor_value": 0, "ratio": 0, "goal": ""}
    return [
        {**blank, **each, "database": house.kind, "count": int(COUNT)}
        for each in found
        if each["name"].startswith("bulk")
    ]
