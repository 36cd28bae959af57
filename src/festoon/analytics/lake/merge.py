"""A past day's many small files become one.

The one is written aside, synced and renamed; the small ones go with the next merging, some minutes later, so that who
is reading them meanwhile can end. In between the events are there twice, which readers bear.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from festoon.analytics.lake.folder import Folder, publish
from festoon.analytics.lake.write import SCHEMA

FEW = 8
LARGE = 512 * 1024 * 1024
"""A day with more bytes is left as it is: its files are not small."""


def merge(folder: Folder, before: date) -> int:
    """Clear up what was merged the last time, then make one file of each day before `before` that has more than a few.

    How many days that were. Killed anywhere, the next merging goes on.
    """
    merged = 0
    with folder.alone():
        for day in folder.days():
            if day >= before:
                break
            files = _cleared([path for path in folder.files() if path.parent.name == f"day={day.isoformat()}"])
            if len(files) > FEW and sum(path.stat().st_size for path in files) < LARGE:
                _one(folder, day, files)
                merged += 1
    return merged


def _cleared(files: list[Path]) -> list[Path]:
    """Without those whose rows lie within another's: they are in it."""
    ranges = {path: _rows(path) for path in files}
    inside = [
        path
        for path, (first, last) in ranges.items()
        if any(low <= first and last <= high for other, (low, high) in ranges.items() if other != path)
    ]
    for path in inside:
        path.unlink(missing_ok=True)
    return [path for path in files if path not in inside]


def _rows(path: Path) -> tuple[int, int]:
    first, last = path.stem.split("-")
    return int(first), int(last)


def _one(folder: Folder, day: date, files: list[Path]) -> None:
    target = folder.path(day, min(_rows(path)[0] for path in files), max(_rows(path)[1] for path in files))
    whole = pa.concat_tables([pq.read_table(path, schema=SCHEMA, partitioning=None) for path in files])
    aside = target.with_name(f"{target.stem}-{uuid4().hex}.aside")
    pq.write_table(_once(whole), aside, compression="zstd")
    publish(aside, target)


def _once(events: pa.Table) -> pa.Table:
    """Each event once: the first with its id."""
    numbered = events.append_column("row", pa.array(range(events.num_rows), pa.int64()))
    first = numbered.group_by("id").aggregate([("row", "min")])["row_min"]
    return events.take(pc.take(first, pc.sort_indices(first)))
