"""The same tests at large counts: `make prove PART=engine N=100000`.

A test that is worth proving says what part it belongs to and asks for its seeds:

    @pytest.mark.prove("engine")
    def test_the_choice_is_the_best_legal_one(rounds):
        for seed in rounds(small=200, large=100_000):
            cart = carts.any(random.Random(seed))
            ...

`make test` gives it seeds 0 … small-1. `make prove` gives it N seeds (large when N is not said), in chunks, and writes
after each to var/prove/<part>.json, so a run that was stopped, at whatever moment, goes on where it was; two runs of one
part write into the same file by turns. What was done counts only for the source it rests on (`source`): a change of the
engine starts its tests over, a change of a screen does not. A hypothesis test gets N examples, and counts when it
passes. A test that was shown at the count that is asked for is passed over (`shown`).
"""

import argparse
import fcntl
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "prove"
CHUNKS = 50
"""How often a check of many rounds writes down how far it is."""
PURE = {"tests/engine", "tests/cases", "tests/rulebook"}
"""Tests of the pure core. What they rest on is named; every other test rests on the whole product but its looks."""
CORE = ("src/festoon/base", "src/festoon/engine", "src/festoon/rulebook", "tools/compiled.py")
LOOKS = {"templates", "static", "locale"}
IMPORTED = re.compile(r"^\s*from tests(?:\.(?P<folder>\w+)[\w.]*)? import (?P<names>[\w, ]+)", re.MULTILINE)


def wanted_count() -> int | None:
    """N of `make prove`, where it was said."""
    said = os.environ.get("FESTOON_PROVE", "")
    return int(said.partition(":")[2] or 0) or None


def proving() -> str | None:
    """The part that is being proven; None when this is an ordinary test run."""
    return os.environ.get("FESTOON_PROVE", "").partition(":")[0] or None


class Rounds:
    """The seeds of one test: called with the count of either level, it yields each seed once and keeps book.

    A seed counts as done when the next one is asked for, the last when the test has passed: so they are taken one by one,
    never listed beforehand.
    """

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
            if start + step < wanted:
                self._book.reached(start + step)

    def _each(self, seeds: range) -> Iterator[int]:
        for seed in seeds:
            self.seed = seed
            yield seed

    def close(self, *, passed: bool) -> None:
        """The end of the test: a failing seed is written down, and the next run starts at its chunk again."""
        if self._book and not passed:
            self._book.failed(self.seed)
        elif self._book:
            self._book.reached(self._book.wanted)
        if passed:
            self.seed = None


def shown(test: str) -> bool:
    """Whether a test of the part that is being proven passed before, on the source it rests on now, at the same count."""
    entry, asked = _content(str(proving()))["checks"].get(_named(test)), wanted_count() or 0
    if (
        "FESTOON_MACHINE" in os.environ
        or entry is None
        or entry["source"] != source(test)
        or entry["failed_seed"] is not None
    ):
        return False
    return bool(entry["done"] >= max(entry["wanted"], asked) and (asked or entry["asked"] == asked))


def record(test: str, *, passed: bool, count: int, seconds: float) -> None:
    """What a proven test without `rounds` (a hypothesis test, a case) did."""
    if "FESTOON_MACHINE" in os.environ:  # another size of the machine than the test's own proves nothing
        return
    book = _Book(str(proving()), test, count)
    if passed:
        book.reached(count, seconds)
    else:
        book.failed(None)


class _Book:
    """One test's entry in the file of its part."""

    def __init__(self, part: str, test: str, wanted: int) -> None:
        self._part, self._path, self._test, self.wanted = part, FOLDER / f"{part}.json", _named(test), wanted
        self._started = time.monotonic()
        self._news: dict[str, Any] = {"wanted": wanted, "asked": wanted_count() or 0, "seeds": [0, wanted]}
        self._news |= {"failed_seed": None, "commit": _commit()}
        self.done, self._before = self._so_far(_content(part))

    def reached(self, count: int, seconds: float | None = None) -> None:
        spent = time.monotonic() - self._started if seconds is None else seconds
        self._news["seconds"] = round(self._before + spent, 3)
        self._write(count)

    def failed(self, seed: int | None) -> None:
        self._news["failed_seed"] = seed if seed is not None else "unknown"
        self._write(self.done)

    def _so_far(self, content: dict[str, Any]) -> tuple[int, float]:
        """How many rounds count, and the seconds they took: none where they were done on other source."""
        entry = content["checks"].get(self._test, {})
        return (entry["done"], entry["seconds"]) if entry.get("source") == source(self._test) else (0, 0.0)

    def _write(self, count: int) -> None:
        with self._turn():
            content = _content(self._part) | {"updated": datetime.now(UTC).isoformat(timespec="seconds")}
            done, seconds = self._so_far(content)
            self.done = max(count, done)
            entry = {"source": source(self._test), "done": self.done, "seconds": seconds}
            content["checks"][self._test] = entry | self._news
            aside = self._path.with_suffix(".part")
            with aside.open("w") as file:
                file.write(json.dumps(content, indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer at a time; the turn of a writer that was killed ends with it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _named(test: str) -> str:
    """A test as the book names it: what was shown on one database is not shown on another."""
    database = os.environ.get("FESTOON_DATABASE_URL", "sqlite").partition(":")[0]
    return test if database.startswith("sqlite") else f"{test} on {database}"


def _content(part: str) -> dict[str, Any]:
    """What was shown of a part so far."""
    path = FOLDER / f"{part}.json"
    if path.exists():
        content: dict[str, Any] = json.loads(path.read_text())
        return content
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return {"part": part, "machine": machine, "checks": {}}


def source(test: str) -> str:
    """A hash of what this test (`tests/engine/test_tags.py::…`) can depend on, as git sees it, changes included."""
    return _source(test.rpartition("/")[0])


@cache
def _source(folder: str) -> str:
    names = _known(*(CORE if folder in PURE else ("src", "tests/conftest.py")), *_tests_beside(folder))
    whole = hashlib.sha256()
    for name in names:
        if not LOOKS & set(Path(name).parts):
            whole.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return whole.hexdigest()


def _tests_beside(folder: str) -> set[str]:
    """This folder of tests, and the folders and files of tests that it imports, and they."""
    found, todo = set[str](), [folder]
    while todo:
        if (place := todo.pop()) not in found:
            found.add(place)
            for name in _known(place):
                if name.endswith(".py"):
                    todo += _imported((ROOT / name).read_text())
    return found


def _imported(text: str) -> list[str]:
    said = [name for told in IMPORTED.finditer(text) for name in (told["folder"] or told["names"]).split(",")]
    paths = [f"tests/{name.split()[0]}" for name in said]
    return [path if (ROOT / path).is_dir() else f"{path}.py" for path in paths]


def _known(*places: str) -> list[str]:
    """The files that git keeps or would keep in these places."""
    names = _git("ls-files", "--cached", "--others", "--exclude-standard", *places).splitlines()
    return sorted(name for name in set(names) if (ROOT / name).is_file())


@cache
def _commit() -> str:
    return _git("rev-parse", "HEAD")


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
