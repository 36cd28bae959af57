"""Looking events up in the files that stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import Folder
from festoon.records.viewer import SYSTEM

AT_ONCE = 50_000


def absent(folder: Folder, wanted: Collection[str], *, first: int, last: int) -> set[str]:
    """Those of these events, all of the outbox rows `first` to `last`, that are in none of the files that stay."""
    left = set(wanted)
    for row in queries.files(SYSTEM).filter(first__lte=last, last__gte=first):
        for names, _ in names_in(folder.root / row.path):
            left.difference_update(names)
        if not left:
            break
    return left


def names_in(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The ids and the kinds of a file's events, some at a time; of a file that is not there or cannot be read, none."""
    with suppress(OSError, pa.ArrowException), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(AT_ONCE, columns=["id", "kind"]):
            yield batch.column(0).to_pylist(), batch.column(1).to_pylist()
