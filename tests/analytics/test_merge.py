"""A past day's small files become one, and nobody who reads notices."""

from datetime import date

import pyarrow.parquet as pq
import pytest

from festoon.analytics.lake import merge as merging
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.merge import merge
from festoon.analytics.lake.write import write

DAY, TODAY = date(2026, 12, 12), date(2026, 12, 13)


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    for n in range(1, 13):
        for day in (DAY, TODAY):
            events = [
                {"id": f"{day}-{n}-{m}", "kind": "coupon.claimed", "at": f"{day}T01:00:00+00:00"} for m in range(5)
            ]
            write(made, day, n, n, [*events, {**events[0], "id": f"{day}-1-0"}])
    return made


def ids(folder, day):
    found = [path for path in folder.files() if path.parent.name == f"day={day}"]
    return [event for path in found for event in pq.read_table(path, partitioning=None)["id"].to_pylist()]


def test_a_past_day_is_one_file_with_each_event_once_and_today_is_left(folder):
    before = set(ids(folder, DAY))
    assert merge(folder, TODAY) == 1
    assert set(ids(folder, DAY)) == before, "the small ones are still there for who reads them"
    assert merge(folder, TODAY) == 0
    assert [path.name for path in folder.files() if path.parent.name == f"day={DAY}"] == [
        "000000000001-000000000012.parquet"
    ]
    assert sorted(ids(folder, DAY)) == sorted(before)
    assert len([path for path in folder.files() if path.parent.name == f"day={TODAY}"]) == 12


def test_an_event_that_comes_late_joins_at_the_next_merging(folder):
    merge(folder, TODAY)
    late = {"id": "late", "kind": "coupon.claimed", "at": f"{DAY}T02:00:00+00:00"}
    write(folder, DAY, 13, 13, [late])
    merge(folder, TODAY)
    assert "late" in ids(folder, DAY)
    assert len(ids(folder, DAY)) == len(set(ids(folder, DAY))) == 61


def test_killed_before_the_whole_one_was_there_nothing_is_lost(folder, monkeypatch):
    before = set(ids(folder, DAY))
    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(merging, "publish", lambda *_: (_ for _ in ()).throw(OSError))
        merge(folder, TODAY)
    assert set(ids(folder, DAY)) == before
    assert merge(folder, TODAY) == 1
