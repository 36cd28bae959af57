"""Pages by key: the next page begins after the last row of this one, however many rows there are and come meanwhile."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q, QuerySet


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and the keys with which the pages beside it begin; "" where there is none."""

    rows: Sequence[Any]
    earlier: str
    later: str


def turn(rows: QuerySet[Any], order: Sequence[str], per_page: int, *, after: str = "", before: str = "") -> Page:
    """The page of `rows` after or before a key. `order` names columns without nulls, the last of them unique, all
    falling (`-edited_at`, `-id`) or all rising. A key nobody made is no key.
    """
    key = _read(rows, order, after or before)
    back = bool(before and key)
    found = rows.order_by(*(_turned(order) if back else order))
    if key:
        found = found.filter(_beyond(order, key, back=back))
    page = list(found[: per_page + 1])
    more = len(page) > per_page
    page = page[:per_page]
    if back:
        page.reverse()
    earlier, later = (more, True) if back else (bool(key), more)
    return Page(
        page,
        _written(page[0], order) if page and earlier else "",
        _written(page[-1], order) if page and later else "",
    )


def _field(rows: QuerySet[Any], name: str) -> Any:
    """The column of this name, or what the rows are annotated with."""
    worked_out = rows.query.annotations.get(name)
    return rows.model._meta.get_field(name) if worked_out is None else worked_out.output_field


def _turned(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _beyond(order: Sequence[str], key: Sequence[Any], *, back: bool) -> Q:
    """Rows beyond the key; the first column alone bounds the range that an index walks."""
    falling = order[0].startswith("-") != back
    than, or_equal = ("lt", "lte") if falling else ("gt", "gte")
    names = [name.removeprefix("-") for name in order]
    beyond, same = Q(), Q()
    for name, value in zip(names, key, strict=True):
        beyond |= same & Q(**{f"{name}__{than}": value})
        same &= Q(**{name: value})
    return Q(**{f"{names[0]}__{or_equal}": key[0]}) & beyond if len(names) > 1 else beyond


def _written(row: Any, order: Sequence[str]) -> str:
    values = [getattr(row, name.removeprefix("-")) for name in order]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _read(rows: QuerySet[Any], order: Sequence[str], text: str) -> list[Any] | None:
    try:
        told = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fields = [_field(rows, name.removeprefix("-")) for name in order]
        if not isinstance(told, list) or len(told) != len(fields) or any("\0" in str(value) for value in told):
            return None
        return [_value(field, value) for field, value in zip(fields, told, strict=True)]
    except (ValueError, TypeError, Error, UnicodeError, RecursionError, OverflowError, ValidationError):
        return None


def _value(field: Any, value: Any) -> Any:
    """What stood in such a column; one of many errors for what never did."""
    if not isinstance(value, str | int):
        raise TypeError(value)
    if not isinstance(field, DateTimeField):
        str(value).encode()  # half of a character is none
        return field.to_python(value)
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError(value)
    return at.astimezone(UTC)
