"""Figures as every benchmark writes them: var/bench/<target>.json, with the machine and the commit they belong to."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = Path(
    os.environ.get("FESTOON_PEERS") or next(ROOT.parent.glob("*/bench/peers"), ROOT / "bench" / "peers")
).resolve()
"""The peers' harness, which is not ours and not part of this repository."""


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


def compiled(script: str, *given: str, **environ: str) -> dict[str, dict[str, Any]]:
    """The figures that a benchmark prints as JSON of the compiled engine (tools/compiled.py), by name.

    In a process of its own; none where it cannot be built here.
    """
    if (folder := compiled_folder()) is None:
        return {}
    told = subprocess.run(
        [sys.executable, script, *given, "--figures"],
        env={**os.environ, **environ, "PYTHONPATH": folder},
        check=True,
        capture_output=True,
        text=True,
    )
    return {row["name"]: row for row in json.loads(told.stdout)}


def compiled_folder() -> str | None:
    """The package with its engine compiled, to be put first on the path; None where it cannot be built here."""
    if subprocess.run([sys.executable, ROOT / "tools" / "compiled.py"]).returncode:
        return None
    return os.environ.get("FESTOON_COMPILED") or str(ROOT / "var" / "compiled")
