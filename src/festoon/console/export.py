"""A list as a file: CSV or XLSX, with the columns and the rows that were asked for; no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone

from festoon.console.listing import List

MOST = 100_000
CHUNK = 500
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is read as a formula by spreadsheets."""
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(asked: List, kind: str, picks: Sequence[Any] = ()) -> FileResponse:
    """The rows that were asked for, all pages of them, up to MOST; with `picks` only these."""
    file = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 -- the answer closes it
    (_csv if kind == "csv" else _xlsx)(_lines(asked, picks), file)
    file.seek(0)
    name = f"{asked.name}-{asked.now:%Y-%m-%d}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[kind])


def harmless(value: Any) -> Any:
    """A value as a cell: a text that would be read as a formula begins with an apostrophe."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def _lines(asked: List, picks: Sequence[Any]) -> Iterator[Sequence[Any]]:
    yield [column.label for column in asked.written]
    for row in _rows(asked, picks):
        yield [harmless(column.text(row)) for column in asked.written if column.text]


def _rows(asked: List, picks: Sequence[Any]) -> Iterator[Any]:
    found = asked.ticked(picks) if picks else asked.asked_rows
    rows = iter(found.order_by(*asked.sort.by)[:MOST].iterator(chunk_size=CHUNK))
    while chunk := list(islice(rows, CHUNK)):
        yield from asked.dressed(chunk)


def _csv(lines: Iterator[Sequence[Any]], file: IO[bytes]) -> None:
    # The mark at the start tells spreadsheets that it is UTF-8: without it Chinese names are garbled.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(lines)
    text.detach()


def _xlsx(lines: Iterator[Sequence[Any]], file: IO[bytes]) -> None:
    plain = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, plain) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                sheet.write(at, column, value)
