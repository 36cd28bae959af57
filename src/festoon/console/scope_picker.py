"""Finding goods for a scope: by words, by the tree of categories, from a list that was pasted or a file."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.db.models import Q, QuerySet
from python_calamine import CalamineError, CalamineWorkbook

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog import search
from festoon.catalog.goods import Goods, goods
from festoon.console.shapes import Sheet, SheetRow
from festoon.console.words import said
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.storefront.rule import names_of

FEW = 8
MOST_ROWS = 100_000
MOST_BYTES = 8_000_000
UNPACKED = 40 * MOST_BYTES
"""What a sheet may grow to when its parts are unpacked."""
HEADS = ("sku", "货号", "商品编码", "code")
SHOWN = 200
UNKNOWN = Words("There are no such goods.", "没有此商品。")
TWICE = Words("It came before in this list.", "列表中已出现过。")
NOT_A_SHEET = Words(
    "This is no file we can read: give an xlsx file, or a text with one sku a line.",
    "无法读取该文件：请提供 xlsx 文件，或每行一个货号的文本。",
)
TOO_LARGE = Words("The file is too large: at most 8 MB and 100,000 rows.", "文件过大：最多 8 MB、10 万行。")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an attribute that can be chosen, with its goods."""

    attribute: str
    code: str
    name: str
    count: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """What was found for a text: single goods, and the values that hold many."""

    products: Sequence[Any]
    total: int
    many: bool
    values: Sequence[tuple[str, Sequence[Value]]]

    @property
    def rest(self) -> int:
        """How many single goods were found beyond those that are shown."""
        return self.total - len(self.products)


def results(viewer: Viewer, text: str, *, now: datetime) -> Results:
    """What fits the text, behind the viewer's wall."""
    found = search.find(viewer, text, now=now)
    rows = {row.sku: row for row in catalog.products(viewer).filter(sku__in=found.skus)}
    have = goods(now)
    own = _own(viewer, have)
    groups = [(name, list(_values(name, rows_of, text, have, own))) for name, rows_of in _named(viewer).items()]
    groups.append(("tag", _tags(text, have, own)))
    return Results(
        [rows[sku] for sku in found.skus if sku in rows], found.total, found.many,
        [(name, values) for name, values in groups if values],
    )  # fmt: skip


def children(viewer: Viewer, under: str, *, now: datetime) -> list[Value]:
    """The categories right under one, by its code; the roots under nothing. Those without the viewer's goods are left out."""
    rows = list(catalog.categories(viewer).values_list("code", "path", "name_en", "name_zh"))
    paths = {code: path for code, path, _, _ in rows}
    start = f"{paths[under]}/" if under in paths else ""
    have = goods(now)
    own = _own(viewer, have)
    inner = {path.rpartition("/")[0] for path in paths.values()}
    found = [
        Value("category", code, said(Words(en, zh or en)), _count(have, "category", code, own), path in inner)
        for code, path, en, zh in rows
        if path.startswith(start) and "/" not in path[len(start) :]
    ]
    return [each for each in found if each.count]


def listed(viewer: Viewer, skus: Sequence[str], *, name: str, now: datetime) -> tuple[list[str], Sheet]:
    """The goods of a list, and the list with what is wrong with each row; others' goods are as if they were not there."""
    have = goods(now)
    own = _own(viewer, have)
    rows, taken = [], dict[str, None]()
    for number, sku in enumerate(skus, 1):
        known = sku in (have.lines if own is None else own)
        faults = [] if known and sku not in taken else [said(TWICE if known else UNKNOWN)]
        taken |= {sku: None} if known else {}
        if faults:
            rows.append(SheetRow(number, [sku], faults))
    return list(taken), Sheet(name, ["sku"], rows[:SHOWN], len(skus), len(rows))


def skus_of(name: str, content: bytes) -> list[str]:
    """The skus of a file: the column called so, else the first. Raises Invalid for what is no sheet."""
    if len(content) > MOST_BYTES:
        raise Invalid("too_large", TOO_LARGE, field="file")
    rows = list(_rows(name, content))
    heads = [str(cell).strip().lower() for cell in rows[0]] if rows else []
    named = next((at for at, head in enumerate(heads) if head in HEADS), None)
    body = rows[1:] if named is not None else rows
    found = [str(row[named or 0]).strip() for row in body if len(row) > (named or 0)]
    if len(found) > MOST_ROWS:
        raise Invalid("too_large", TOO_LARGE, field="file")
    return [sku for sku in found if sku]


def meets(viewer: Viewer, scope: Mapping[str, Any], *, now: datetime) -> tuple[int, list[Any]]:
    """How many goods a scope means of those the viewer sees, and a few of them."""
    have = goods(now)
    own = _own(viewer, have)
    inside = have.within(scope)
    inside = inside if own is None else inside & own
    prices = scope.get("list_price")
    if isinstance(prices, Mapping):
        low, high = prices.get("from", 0), prices.get("to")
        inside = {sku for sku in inside if low <= have.prices[sku] and (high is None or have.prices[sku] <= high)}
    few = sorted(inside)[:FEW] if len(inside) < SHOWN else list(_some(inside))
    return len(inside), list(catalog.products(viewer).filter(sku__in=few))


def _some(inside: set[str]) -> Iterator[str]:
    for place, sku in enumerate(inside):
        if place >= FEW:
            return
        yield sku


def _rows(name: str, content: bytes) -> Iterator[Sequence[Any]]:
    if name.lower().endswith((".xlsx", ".xls", ".ods")) or content[:2] == b"PK":
        try:
            if (
                content[:2] == b"PK"
                and sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > UNPACKED
            ):
                raise Invalid("too_large", TOO_LARGE, field="file")
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        except (CalamineError, BadZipFile, ValueError, IndexError, OSError) as fault:
            raise Invalid("not_a_sheet", NOT_A_SHEET, field="file") from fault
        for row in sheet.to_python():
            yield [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
        return
    try:
        text = _text(content)
        yield from (row for row in csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ",") if row)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Invalid("not_a_sheet", NOT_A_SHEET, field="file") from fault


def _text(content: bytes) -> str:
    """As a spreadsheet saved it: UTF-8, UTF-16 with its mark, or the Chinese code page that Excel takes by default."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _own(viewer: Viewer, have: Goods) -> set[str] | None:
    """The viewer's goods; None for all."""
    if viewer.is_platform:
        return None
    return have.having("merchant", catalog.merchants(viewer).values_list("code", flat=True))


def _named(viewer: Viewer) -> dict[str, QuerySet[Any]]:
    found: dict[str, QuerySet[Any]] = {
        "category": catalog.categories(viewer), "brand": catalog.brands(viewer), "store": catalog.stores(viewer),
    }  # fmt: skip
    return found | ({"merchant": catalog.merchants(viewer)} if viewer.is_platform else {})


def _values(attribute: str, rows: QuerySet[Any], text: str, have: Goods, own: set[str] | None) -> Iterator[Value]:
    for word in text.split():
        rows = rows.filter(Q(code__icontains=word) | Q(name_en__icontains=word) | Q(name_zh__icontains=word))
    for code, en, zh in rows.values_list("code", "name_en", "name_zh")[: FEW * 2] if text.strip() else ():
        if count := _count(have, attribute, code, own):
            yield Value(attribute, code, said(Words(en, zh or en)), count)


def _tags(text: str, have: Goods, own: set[str] | None) -> list[Value]:
    have.having("tag", ())
    every, asked = sorted(have.indexes.get("tag", {})), text.strip().lower()
    names = {tag: Words(tag, tag) for tag in every} | dict(names_of("tag", every))
    known = [
        tag for tag in every if asked and any(asked in word.lower() for word in (tag, names[tag].en, names[tag].zh))
    ]
    found = (Value("tag", tag, said(names[tag]), _count(have, "tag", tag, own)) for tag in known[:FEW])
    return [each for each in found if each.count]


def _count(have: Goods, attribute: str, code: str, own: set[str] | None) -> int:
    inside = have.having(attribute, [code])
    return len(inside) if own is None else len(inside & own)
