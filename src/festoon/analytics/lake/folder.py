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

    def files(self) -> list[Path]:
        """Every whole file. What a killed writer left aside has another name."""
        return sorted(path for path in self.root.glob("day=*/*.parquet") if NAME.match(path.name))

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
        return sorted({date.fromisoformat(path.parent.name.removeprefix("day=")) for path in self.files()})


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
