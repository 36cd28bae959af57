"""Events leave the outbox for Parquet files by day, each counted once, whatever is killed in between."""

import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from festoon.analytics.lake import export as exporting
from festoon.analytics.lake import write as lake_writing
from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.read import Lake
from festoon.records import queries
from festoon.records.events import publish
from festoon.records.viewer import SYSTEM
from tests.racing import race

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "lake")


def told(*events: tuple[str, str], kind: str = "coupon.claimed") -> None:
    rows = [{"id": name, "kind": kind, "at": at, "shopper": "mei", "campaign": "double-12"} for name, at in events]
    publish(at=NOW, kind=kind, merchant_id=1, events=rows)


def names(lake: Folder) -> list[tuple[str, int, int]]:
    """Day, first and last row of each file; rows counted from the first that this case published."""
    before = min(row.pk for row in queries.outbox(SYSTEM)) - 1
    found = []
    for path in lake.files():
        first, last = (int(part) - before for part in path.stem.split("-"))
        found.append((path.parent.name, max(first, 1), last))
    return found


def ids(lake: Folder) -> list[str]:
    reader = Lake(lake, "Asia/Shanghai")
    try:
        return sorted(reader.events.id.to_pyarrow().to_pylist())
    finally:
        reader.close()


def test_events_go_to_the_day_they_happened_in_files_named_by_their_rows(lake):
    told(("a", "2026-12-11T23:59:59+00:00"), ("b", "2026-12-12T00:00:00+00:00"))
    told(("c", "2026-12-12T01:00:00+08:00"))
    assert export(lake) == 3
    assert names(lake) == [("day=2026-12-11", 1, 2), ("day=2026-12-12", 1, 2)]
    assert ids(lake) == ["a", "b", "c"]
    assert export(lake) == 0


def test_what_comes_late_goes_to_its_own_day(lake):
    told(("today", "2026-12-12T03:00:00+00:00"))
    export(lake)
    told(("late", "2026-12-05T03:00:00+00:00"))
    export(lake)
    assert names(lake) == [("day=2026-12-05", 2, 2), ("day=2026-12-12", 1, 1)]
    assert ids(lake) == ["late", "today"]


def test_killed_before_the_cursor_moved_it_writes_again_and_each_event_counts_once(lake, monkeypatch):
    told(("a", "2026-12-12T03:00:00+00:00"))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(exporting.queries, "advance", killed)
        export(lake)
    told(("b", "2026-12-12T03:00:01+00:00"))
    assert export(lake) == 2
    assert len(lake.files()) == 2, "the second file has another range, so both stay"
    assert ids(lake) == ["a", "b"]


def meeting(monkeypatch, times: int = 1) -> None:
    """Whoever begins to write a file waits there a moment for another who would write the same one."""
    together = threading.Barrier(2)
    really, left = lake_writing.pq.write_table, iter(range(2 * times))

    def write(*given, **how):
        if next(left, None) is not None:
            with suppress(threading.BrokenBarrierError):
                together.wait(1)
        really(*given, **how)

    monkeypatch.setattr(lake_writing.pq, "write_table", write)


def test_two_exporters_at_the_same_time_write_each_event_once(lake, monkeypatch):
    """Two processes: neither knows the other's locks of threads."""
    told(("a", "2026-12-12T03:00:00+00:00"))
    meeting(monkeypatch)
    assert sorted(str(count) for count in race(2, lambda _: export(lake))) == ["0", "1"]
    assert len(lake.files()) == 1
    assert ids(lake) == ["a"]


def test_two_writers_of_one_file_leave_it_whole_and_nothing_aside(lake, monkeypatch):
    """Two machines that share a folder whose locks do not reach that far."""
    at = datetime(2026, 12, 12, 3, tzinfo=UTC).isoformat()
    events = [{"id": f"e{n}", "kind": "coupon.claimed", "at": at} for n in range(1000)]
    meeting(monkeypatch)
    paths = race(2, lambda _: lake_writing.write(lake, NOW.date(), 1, 1, events))
    assert paths == lake.files() * 2
    assert len(ids(lake)) == 1000
    assert [path.name for path in lake.root.rglob("*.aside")] == []


def test_what_a_killed_exporter_left_aside_is_cleared_by_the_next(lake, monkeypatch):
    told(("a", "2026-12-12T03:00:00+00:00"))
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        export(lake)
    assert len(list(lake.root.rglob("*.aside"))) == 1
    export(lake)
    assert list(lake.root.rglob("*.aside")) == []


def test_a_file_half_written_is_not_there(lake, monkeypatch):
    told(("a", "2026-12-12T03:00:00+00:00"))

    def killed(self, _):
        raise KeyboardInterrupt

    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(Path, "replace", killed)
        export(lake)
    assert lake.files() == [] and ids(lake) == []
    assert export(lake) == 1
    assert ids(lake) == ["a"]


def test_much_leaves_in_pieces_and_none_is_left_behind(lake, monkeypatch):
    monkeypatch.setattr(exporting, "EVENTS", 3)
    for n in range(5):
        told((f"{n}a", "2026-12-12T03:00:00+00:00"), (f"{n}b", "2026-12-12T03:00:00+00:00"))
    pieces = []
    while more := export(lake):
        pieces.append(more)
    assert pieces == [4, 4, 2]
    assert len(ids(lake)) == 10


def test_an_order_keeps_its_lines_and_its_money_and_its_local_day(lake):
    order = {
        "id": "order:1", "kind": "order.recorded", "at": "2017-03-05T03:00:00+00:00", "merchant": "retailer",
        "order": "basket-1", "shopper": "household-1", "money": {"net": 500, "card": 20, "match": 0, "maker": 100},
        "lines": [
            {"sku": "cj-1", "quantity": 2, "unit_price": 250, "money": {"net": 500, "maker": 75}},
            {"sku": "cj-9", "quantity": 0, "unit_price": 0, "goods": False, "money": {"maker": 25}},
        ],
    }  # fmt: skip
    publish(at=NOW, kind="order.recorded", merchant_id=2, events=[order])
    export(lake)
    reader = Lake(lake, "America/New_York")
    (row,) = reader.orders.to_pyarrow().to_pylist()
    assert row["day"].isoformat() == "2017-03-04"
    assert (row["net"], row["card"], row["match"], row["maker"]) == (500, 20, 0, 100)
    lines = sorted(reader.lines.to_pyarrow().to_pylist(), key=lambda line: line["sku"])
    assert [(line["sku"], line["goods"], line["maker"]) for line in lines] == [("cj-1", True, 75), ("cj-9", False, 25)]
    reader.close()


def test_a_value_of_the_wrong_kind_is_left_out_and_stops_nothing(lake):
    good = {"id": "good", "kind": "order.recorded", "at": "2026-12-12T03:00:00+00:00", "money": {"net": 5}, "lines": []}
    odd = {
        "id": "odd", "kind": "order.recorded", "at": "2026-12-12T03:00:00+00:00", "count": "many",
        "money": {"net": "5", "card": 10**30, "maker": 7}, "lines": [{"sku": 3, "quantity": 10**30, "money": 1}, "x"],
    }  # fmt: skip
    publish(at=NOW, kind="order.recorded", merchant_id=2, events=[good, odd])
    assert export(lake) == 2
    reader = Lake(lake, "UTC")
    rows = sorted(reader.events.to_pyarrow().to_pylist(), key=lambda row: row["id"])
    assert [dict(row["money"]) for row in rows] == [{"net": 5}, {"maker": 7}]
    assert rows[1]["lines"][0]["quantity"] is None and rows[1]["count"] is None
    reader.close()


def test_an_empty_lake_has_no_events(lake):
    assert ids(lake) == []
