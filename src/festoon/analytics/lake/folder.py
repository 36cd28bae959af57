"""Where the lake lies, and how its files are called."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"^(\d+)-(\d+)\.parquet$")


@dataclass(frozen=True, slots=True)
class Folder:
    """A lake: `day=2017-03-04/` holds the events of that UTC day, in files named by their range of outbox rows."""

    root: Path

    def path(self, day: date, first: int, last: int) -> Path:
        """The file of one day's events out of the outbox rows `first` to `last`."""
        return self.root / f"day={day.isoformat()}" / f"{first:012d}-{last:012d}.parquet"

    def files(self, days: tuple[date, date] | None = None) -> list[Path]:
        """Every whole file, or those from a first to a last day. What a killed writer left aside has another name."""
        found = sorted(path for path in self.root.glob("day=*/*.parquet") if NAME.match(path.name))
        return [path for path in found if days is None or days[0] <= _day(path) <= days[1]]

    def name(self, path: Path) -> str:
        """What a file is called in the lake."""
        return path.relative_to(self.root).as_posix()

    def within(self, name: str, other: str) -> bool:
        """Whether what is in a file is in another one too: it is of the same day and of rows between the other's."""
        if name == other or name.partition("/")[0] != other.partition("/")[0]:
            return False
        (first, last), (low, high) = rows_of(Path(name)), rows_of(Path(other))
        return low <= first and last <= high

    def outermost(self, day: date) -> list[Path]:
        """The files of a day whose events are in no other, in the order of their rows."""
        found: list[Path] = []
        files = [path for path in self.root.glob(f"day={day.isoformat()}/*.parquet") if NAME.match(path.name)]
        for path in sorted(files, key=lambda path: (rows_of(path)[0], -rows_of(path)[1])):
            if not found or not self.within(self.name(path), self.name(found[-1])):
                found.append(path)
        return found

    def of_rows(self, first: int, last: int) -> list[Path]:
        """The files that may hold events of these outbox rows."""
        return [path for path in self.files() if rows_of(path)[0] <= last and rows_of(path)[1] >= first]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One exporter at a time, of all processes that see the folder; the turn of a killed one ends with it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "exporting").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def clear(self, first: int) -> None:
        """Remove what was left aside by an exporter that was killed before its rows from `first` on were there."""
        for path in self.root.glob(f"day=*/{first:012d}-*.aside"):
            path.unlink(missing_ok=True)

    def days(self) -> list[date]:
        """The days that have events, in order."""
        return sorted({_day(path) for path in self.files()})


def _day(path: Path) -> date:
    return date.fromisoformat(path.parent.name.removeprefix("day="))


def rows_of(path: Path) -> tuple[int, int]:
    """The outbox rows a file may hold events of: the first and the last."""
    first, last = path.stem.split("-")
    return int(first), int(last)


def lake() -> Folder:
    """The lake of this installation: `lake` in the folder of everything generated."""
    return Folder(Path(settings.FESTOON_VAR) / "lake")


def publish(aside: Path, path: Path) -> None:
    """Give a file that was written aside its name, so that it is whole there or not there at all, even after a crash."""
    _sync(aside)
    aside.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
