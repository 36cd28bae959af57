"""Figures as every benchmark writes them: var/bench/<target>.json, with the machine and the commit they belong to."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def written(target: str, figures: list[dict[str, Any]], **more: Any) -> Path:
    """Writes the figures, each with name, value, unit, anchor, anchor_value and ratio; the file, below ROOT."""
    machine = (
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"
    )
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    file = ROOT / "var" / "bench" / f"{target}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {"machine": machine, "commit": commit, **more, "figures": figures}
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file.relative_to(ROOT)
