"""Events become rows of a Parquet file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from festoon.analytics.lake.folder import Folder, publish

Event = Mapping[str, Any]
MONEY = pa.map_(pa.string(), pa.int64())
LINES = pa.list_(
    pa.struct(
        [
            ("sku", pa.string()),
            ("quantity", pa.int64()),
            ("unit_price", pa.int64()),
            ("goods", pa.bool_()),
            ("money", MONEY),
        ]
    )
)
COUPONS = pa.list_(pa.struct([("id", pa.string()), ("offer", pa.string()), ("campaign", pa.string())]))
TEXTS = (
    "id", "kind", "merchant", "campaign", "offer", "coupon", "shopper", "channel", "store", "order", "origin",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in TEXTS),
        pa.field("at", pa.timestamp("us", "UTC")),
        pa.field("count", pa.int64()),
        pa.field("money", MONEY),
        pa.field("lines", LINES),
        pa.field("coupons", COUPONS),
        pa.field("data", pa.string()),
    ]
)
"""The columns of an event. `data` is JSON: whatever an event says beyond the named columns."""
NAMED = frozenset(SCHEMA.names)


def by_day(events: Iterable[Event]) -> dict[date, list[Event]]:
    """Events under the UTC day they happened on, however late they come."""
    days: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        days[_moment(event).date()].append(event)
    return days


def write(folder: Folder, day: date, first: int, last: int, events: Sequence[Event]) -> Path:
    """One file of one day's events: written aside, synced, renamed. Written again, it takes the old one's place.

    Each writer has an aside of its own, so that even two who do not know of each other publish only whole files.
    """
    path = folder.path(day, first, last)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.stem}-{uuid4().hex}.aside")
    pq.write_table(table(events), aside, compression="zstd")
    publish(aside, path)
    return path


def table(events: Sequence[Event]) -> pa.Table:
    """Events as an Arrow table of SCHEMA; a value of the wrong kind is left out, for one event must not stop all."""
    try:
        return _table(events)
    except (ValueError, TypeError, OverflowError, AttributeError):
        return _table([_sound(event) for event in events])


def _table(events: Sequence[Event]) -> pa.Table:
    columns = {name: pa.array([_text(event.get(name)) for event in events], pa.string()) for name in TEXTS}
    columns["at"] = pa.array([_moment(event) for event in events], SCHEMA.field("at").type)
    columns["count"] = pa.array([event.get("count") for event in events], pa.int64())
    columns["money"] = _money(events)
    columns["lines"] = _lines(events)
    columns["coupons"] = pa.array([event.get("coupons") or [] for event in events], COUPONS)
    rest = [{name: value for name, value in event.items() if name not in NAMED} for event in events]
    columns["data"] = pa.array([json.dumps(values) for values in rest], pa.string())
    return pa.table(list(columns.values()), schema=SCHEMA)


def _moment(event: Event) -> datetime:
    at = datetime.fromisoformat(event["at"])
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _money(things: Sequence[Mapping[str, Any]]) -> pa.Array:
    """The `money` of each thing, as a map from name to minor units; column by column, for there are millions."""
    found = [thing.get("money") or {} for thing in things]
    names = pa.array([name for amounts in found for name in amounts], pa.string())
    amounts = pa.array([amount for amounts in found for amount in amounts.values()], pa.int64())
    return pa.MapArray.from_arrays(_offsets(found), names, amounts)


def _lines(events: Sequence[Event]) -> pa.Array:
    """The `lines` of each event; none where it has none."""
    found = [event.get("lines") or () for event in events]
    lines = [line for lines in found for line in lines]
    columns: list[pa.Array] = [
        pa.array([line.get(name) for line in lines], LINES.value_type.field(name).type)
        for name in ("sku", "quantity", "unit_price")
    ]
    goods = pa.array([line.get("goods", True) for line in lines], pa.bool_())
    rows = pa.StructArray.from_arrays([*columns, goods, _money(lines)], fields=list(LINES.value_type))
    return pa.ListArray.from_arrays(_offsets(found), rows, LINES)


def _offsets(parts: Sequence[Sized]) -> pa.Array:
    return pa.array(accumulate((len(part) for part in parts), initial=0), pa.int32())


def _sound(event: Event) -> dict[str, Any]:
    """The event with what the columns can hold."""
    lines = [line for line in _list(event.get("lines")) if isinstance(line, Mapping)]
    coupons = [coupon for coupon in _list(event.get("coupons")) if isinstance(coupon, Mapping)]
    return {
        **event,
        "count": _whole(event.get("count")),
        "money": _amounts(event.get("money")),
        "lines": [
            {
                "sku": _text(line.get("sku")),
                "quantity": _whole(line.get("quantity")),
                "unit_price": _whole(line.get("unit_price")),
                "goods": line.get("goods") is not False,
                "money": _amounts(line.get("money")),
            }
            for line in lines
        ],
        "coupons": [{name: _text(coupon.get(name)) for name in ("id", "offer", "campaign")} for coupon in coupons],
    }


def _amounts(value: Any) -> dict[str, int]:
    found = value.items() if isinstance(value, Mapping) else ()
    return {str(name): amount for name, amount in found if _whole(amount) is not None}


def _whole(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and -(2**63) <= value < 2**63 else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
