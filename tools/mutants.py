"""Mutation testing: `make mutants PART=refund` changes one thing at a time and sees whether a test notices.

A copy of the pure core and of its small tests stands in var/mutants/<part>/; nothing in the tree is ever changed. What
was judged stays judged while the tests and what they run are the same, so a run that was stopped goes on where it was.
The result is var/mutants/<part>.json: how many were found, and every one that survived; docs/mutants.md says why it may.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "mutants"
COPIED = ("base", "engine", "rulebook", "cli", "records")
"""The pure core, and what its tests read offers files with."""
CASES = "tests/cases/test_cases.py::test_case"
PARTS = {
    "refund": ("engine/refund.py", ["tests/cases/test_refunds.py", "tests/engine/test_refunds.py"]),
    "shares": (
        "engine/shares.py",
        [CASES, "tests/engine/test_shares.py", "tests/engine/test_properties.py", "tests/engine/test_oracle.py"],
    ),
    "choice": (
        "engine/choice.py",
        [CASES, "tests/engine/test_choice.py", "tests/engine/test_wallet.py", "tests/engine/test_oracle.py"],
    ),
}
"""What is changed, and the tests that must notice."""
CONFIG = """\
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:django", "-p", "no:xdist"]
pythonpath = ["src", "."]
markers = ["prove(part)"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/festoon/{file}"]
also_copy = ["tests"]
pytest_add_cli_args = ["-x", "-q", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
track_dependencies = false
timeout_multiplier = 6.0
"""
CONFTEST = """\
import pytest
from hypothesis import HealthCheck, settings

from tests.prove import Rounds

settings.register_profile("mutants", max_examples=20, deadline=None, derandomize=True, database=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("mutants")


@pytest.fixture
def rounds(request):
    return Rounds(request.node.nodeid)
"""


class Result(TypedDict):
    """What is written down of one part."""

    file: str
    mutants: int
    found: int
    survived: list[str]
    not_judged: list[str]


KILLED = {1, 3}
TIMED_OUT = {36, 24, -24, 152, 255, -9, 137}


def main() -> int:
    """Runs one part and writes its result."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--part", choices=list(PARTS), required=True)
    parser.add_argument("--children", type=int, default=2)
    asked = parser.parse_args()
    place = FOLDER / asked.part
    _copy(place, *PARTS[asked.part])
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(asked.children)]
    ended = subprocess.run(command, cwd=place, env=environment, stdout=(place / "log").open("w")).returncode
    result = _result(place, PARTS[asked.part][0])
    if not result["mutants"]:
        print((place / "log").read_text()[-3000:])
        return ended or 1
    (FOLDER / f"{asked.part}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    print(f"{asked.part}: {result['mutants']} mutants, {result['found']} found, {len(result['survived'])} survived, "
          f"{len(result['not_judged'])} not judged")  # fmt: skip
    for name in result["survived"]:
        print(subprocess.run([sys.executable, "-m", "mutmut", "show", name], cwd=place, env=environment,
                             capture_output=True, text=True).stdout)  # fmt: skip
    return 1 if result["not_judged"] else 0


def _copy(place: Path, file: str, tests: list[str]) -> None:
    """The pure core and its tests as they are now; files that did not change stay as they were."""
    for folder in [Path("src/festoon") / name for name in COPIED] + [Path("tests/cases"), Path("tests/engine")]:
        shutil.rmtree(place / folder, ignore_errors=True)
        shutil.copytree(
            ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copy2
        )
    for name in ("src/festoon/__init__.py", "src/festoon/py.typed", "tests/__init__.py", "tests/prove.py"):
        shutil.copy2(ROOT / name, place / name)
    (place / "tests" / "conftest.py").write_text(CONFTEST)
    (place / "pyproject.toml").write_text(CONFIG.format(file=file, tests=json.dumps(tests)))
    source, known = _source(place), place / "source"
    if not known.exists() or known.read_text() != source:
        shutil.rmtree(place / "mutants", ignore_errors=True)
    known.write_text(source)


def _source(place: Path) -> str:
    """A hash of all that a verdict rests on."""
    whole = hashlib.sha256((place / "pyproject.toml").read_bytes())
    for path in sorted([*(place / "src").rglob("*"), *(place / "tests").rglob("*")]):
        if path.is_file():
            whole.update(str(path.relative_to(place)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def _result(place: Path, file: str) -> Result:
    """What became of each mutant."""
    told = place / "mutants" / "src" / "festoon" / f"{file}.meta"
    codes = json.loads(told.read_text())["exit_code_by_key"] if told.exists() else {}
    return {
        "file": f"src/festoon/{file}",
        "mutants": len(codes),
        "found": sum(1 for code in codes.values() if code in KILLED | TIMED_OUT),
        "survived": sorted(name for name, code in codes.items() if code == 0),
        "not_judged": sorted(name for name, code in codes.items() if code not in KILLED | TIMED_OUT | {0}),
    }


if __name__ == "__main__":
    sys.exit(main())
