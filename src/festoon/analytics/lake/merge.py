"""Many small files of a day become one, and the list of the files that stay is brought up to date.

The one is written aside, synced and renamed; then, in one transaction, it stands on the list instead of the small ones;
those go an hour later, so that who is reading them can end. In between events are there twice, which readers bear.
Killed anywhere, the next merging goes on from what it finds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import Folder, publish, rows_of
from festoon.analytics.lake.write import SCHEMA
from festoon.ledger.store.crash import crash_point
from festoon.records.models import LakeFile
from festoon.records.viewer import SYSTEM

FEW, MANY = 8, 90
"""Small files a past day may have, and the day that still goes on: half an hour's."""
SMALL, LARGE = 16 * 1024 * 1024, 48 * 1024 * 1024
"""Bytes below which a file is small, and of the small files that become one."""
REST = 3600.0
"""Seconds a small file stays after it was merged; so long may a reader take."""


def merge(folder: Folder, now: datetime) -> int:
    """Make one file of each run of small ones, list what stays, remove what was merged some time ago; how many became.

    The day that still goes on is merged too, when it has many.
    """
    merged = 0
    with folder.alone():
        _clear_aside(folder, now)
        for run in _runs(folder, now.date()):
            _one(folder, run)
            crash_point("lake.merged")
            merged += 1
        _list(folder)
        crash_point("lake.listed")
        _remove(folder, now)
    return merged


def _runs(folder: Folder, today: date) -> Iterator[list[Path]]:
    """Small files of a day that follow one another, where there are more than there may be."""
    for day in folder.days():
        few = FEW if day < today else MANY
        files = folder.outermost(day)
        for small, run in groupby(files, lambda path: path.stat().st_size < SMALL):
            found = list(run) if small else []
            while len(found) > few:
                sizes, most = 0, 0
                while most < len(found) and (sizes := sizes + found[most].stat().st_size) < LARGE:
                    most += 1
                yield found[:most]
                found = found[most:]


def _one(folder: Folder, files: list[Path]) -> None:
    day = date.fromisoformat(files[0].parent.name.removeprefix("day="))
    target = folder.path(day, min(rows_of(path)[0] for path in files), max(rows_of(path)[1] for path in files))
    whole = _once(pa.concat_tables([pq.read_table(path, schema=SCHEMA, partitioning=None) for path in files]))
    aside = target.with_name(f"{target.stem}-{uuid4().hex}.aside")
    pq.write_table(whole, aside, compression="zstd")
    if pq.read_metadata(aside).num_rows != whole.num_rows:
        raise OSError(f"{aside} is not what was written")
    publish(aside, target)


def _once(events: pa.Table) -> pa.Table:
    """Each event once: the first with its id."""
    numbered = events.append_column("row", pa.array(range(events.num_rows), pa.int64()))
    first = numbered.group_by("id").aggregate([("row", "min")])["row_min"]
    return events.take(pc.take(first, pc.sort_indices(first)))


def _list(folder: Folder) -> None:
    """Put the files that stay on the list, and take off what lies within one of them."""
    upto, listed = queries.position(SYSTEM), set(queries.files(SYSTEM).values_list("path", flat=True))
    staying = {folder.name(path): path for day in folder.days() for path in folder.outermost(day)}
    new = [
        _described(folder, path) for name, path in staying.items() if name not in listed and rows_of(path)[1] <= upto
    ]
    there = _by_day(name for name in (listed | {each.path for each in new}) if name in staying)
    gone = [name for name in listed if any(folder.within(name, other) for other in there[_day(name)])]
    if new or gone:
        queries.list_files(SYSTEM, new, gone)


def _described(folder: Folder, path: Path) -> LakeFile:
    first, last = rows_of(path)
    return LakeFile(
        path=folder.name(path), first=first, last=last, events=pq.read_metadata(path).num_rows,
        bytes=path.stat().st_size, digest=digest(path),
    )  # fmt: skip


def digest(path: Path) -> str:
    """What a file is made of, as a hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(folder: Folder, now: datetime) -> None:
    """Files that lie within one on the list that has been there for a while."""
    rested = now.timestamp() - REST
    listed = [row.path for row in queries.files(SYSTEM)]
    old = [name for name in listed if (folder.root / name).exists() and (folder.root / name).stat().st_mtime < rested]
    there = _by_day(old)
    for path in folder.files():
        if any(folder.within(folder.name(path), other) for other in there[path.parent.name]):
            path.unlink(missing_ok=True)


def _by_day(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[_day(name)].append(name)
    return found


def _day(name: str) -> str:
    return name.partition("/")[0]


def _clear_aside(folder: Folder, now: datetime) -> None:
    """What a killed merging left aside."""
    for path in folder.root.glob("day=*/*.aside"):
        if path.stat().st_mtime < now.timestamp() - REST:
            path.unlink(missing_ok=True)
