"""The same tests at large counts: `make prove PART=engine N=100000`.

A test that is worth proving says what part it belongs to and asks for its seeds:

    @pytest.mark.prove("engine")
    def test_the_choice_is_the_best_legal_one(rounds):
        for seed in rounds(small=200, large=100_000):
            cart = carts.any(random.Random(seed))
            ...

`make test` gives it seeds 0 … small-1. `make prove` gives it N seeds (large when N is not said), in chunks, and writes
after each to var/prove/<part>.json, so a run that was stopped goes on where it was. What was done counts only for the
same source: a change under src or tests starts the part over. A hypothesis test gets N examples, and counts when it
passes.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "prove"
CHUNKS = 50
"""How often a check of many rounds writes down how far it is."""


def wanted_count() -> int | None:
    """N of `make prove`, where it was said."""
    said = os.environ.get("FESTOON_PROVE", "")
    return int(said.partition(":")[2] or 0) or None


def proving() -> str | None:
    """The part that is being proven; None when this is an ordinary test run."""
    return os.environ.get("FESTOON_PROVE", "").partition(":")[0] or None


class Rounds:
    """The seeds of one test: called with the count of either level, it yields each seed once and keeps book."""

    def __init__(self, test: str) -> None:
        self.test = test
        self.seed: int | None = None
        self._book: _Book | None = None

    def __call__(self, *, small: int, large: int) -> Iterator[int]:
        """`small` seeds in a test run; `large` (or N) of them, less what is done already, when proving."""
        if (only := os.environ.get("FESTOON_PROVE_SEED")) is not None:
            yield from self._each(range(int(only), int(only) + 1))
            return
        if proving() is None:
            yield from self._each(range(small))
            return
        wanted = wanted_count() or large
        self._book = _Book(str(proving()), self.test, wanted)
        step = max(1, wanted // CHUNKS)
        for start in range(self._book.done, wanted, step):
            yield from self._each(range(start, min(start + step, wanted)))
            self._book.reached(min(start + step, wanted))

    def _each(self, seeds: range) -> Iterator[int]:
        for seed in seeds:
            self.seed = seed
            yield seed

    def close(self, *, passed: bool) -> None:
        """The end of the test: a failing seed is written down, and the next run starts at its chunk again."""
        if self._book and not passed:
            self._book.failed(self.seed)
        if passed:
            self.seed = None


def record(test: str, *, passed: bool, count: int, seconds: float) -> None:
    """What a proven test without `rounds` (a hypothesis test, a case) did."""
    book = _Book(str(proving()), test, count)
    if passed:
        book.reached(count, seconds)
    else:
        book.failed(None)


class _Book:
    """One test's entry in the file of its part."""

    def __init__(self, part: str, test: str, wanted: int) -> None:
        self._path, self._test = FOLDER / f"{part}.json", test
        self._started = time.monotonic()
        self._entry = self._read()["checks"].get(test) or {"done": 0, "seconds": 0.0}
        self._before = float(self._entry["seconds"])
        self._entry |= {"wanted": wanted, "seeds": [0, wanted], "failed_seed": None}

    @property
    def done(self) -> int:
        return int(self._entry["done"])

    def reached(self, count: int, seconds: float | None = None) -> None:
        spent = time.monotonic() - self._started if seconds is None else seconds
        self._write({"done": max(count, self.done), "seconds": round(self._before + spent, 3)})

    def failed(self, seed: int | None) -> None:
        self._write({"failed_seed": seed if seed is not None else "unknown"})

    def _write(self, news: dict[str, Any]) -> None:
        self._entry |= news
        content = self._read() | {"updated": datetime.now(UTC).isoformat(timespec="seconds")}
        content["checks"][self._test] = self._entry
        aside = self._path.with_suffix(".part")
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(content, indent=2) + "\n")
        aside.replace(self._path)

    def _read(self) -> dict[str, Any]:
        if self._path.exists():
            content: dict[str, Any] = json.loads(self._path.read_text())
            if content["source"] == source():
                return content
        return {
            "part": self._path.stem,
            "commit": _git("rev-parse", "HEAD"),
            "source": source(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "checks": {},
        }


@cache
def source() -> str:
    """A hash of everything that is proven: what git sees under src and tests, changed files included."""
    names = _git("ls-files", "--cached", "--others", "--exclude-standard", "src", "tests").splitlines()
    whole = hashlib.sha256()
    for name in sorted(names):
        path = ROOT / name
        if path.is_file():
            whole.update(name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    """Runs the tests of one part, or of every part, at their large counts."""
    parser = argparse.ArgumentParser(prog="make prove")
    parser.add_argument("--part", default="")
    parser.add_argument("--count", default="")
    asked = parser.parse_args()
    parts = [asked.part] if asked.part else _all_parts()
    worst = 0
    for name in parts:
        print(f"prove: {name}", flush=True)
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=0", f"--prove={name}"],
            cwd=ROOT,
            env={**os.environ, "FESTOON_PROVE": f"{name}:{asked.count}"},
        ).returncode
        worst = max(worst, ended)
    return worst


def _all_parts() -> list[str]:
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "--prove=?"], cwd=ROOT, capture_output=True, text=True
    )
    return sorted({line.split()[1] for line in shown.stdout.splitlines() if line.startswith("part ")})


if __name__ == "__main__":
    sys.exit(main())
