"""A day's many small files become one, and nobody who reads notices; killed in between, the next merging settles it."""

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from festoon.analytics.lake import merge as merging
from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.merge import merge
from festoon.analytics.lake.read import Lake
from festoon.analytics.lake.write import write
from festoon.records.viewer import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = TODAY - timedelta(days=1)
ONE = "000000000001-000000000012.parquet"


@pytest.fixture
def folder(tmp_path, db):
    made = Folder(tmp_path)
    for n in range(1, 13):
        for day in (DAY, TODAY):
            events = [
                {"id": f"{day}-{n}-{m}", "kind": "coupon.claimed", "at": f"{day}T01:00:00+00:00"} for m in range(5)
            ]
            write(made, day, n, n, [*events, {**events[0], "id": f"{day}-1-0"}])
    queries.advance(SYSTEM, 0, 12)
    return made


@pytest.fixture
def at_once(monkeypatch):
    """Who reads the small files has ended: they may go."""
    monkeypatch.setattr(merging, "REST", -3600)


def names(folder, day=DAY):
    return [path.name for path in folder.files() if path.parent.name == f"day={day}"]


def ids(folder, day):
    found = [path for path in folder.files() if path.parent.name == f"day={day}"]
    return [event for path in found for event in pq.read_table(path, partitioning=None)["id"].to_pylist()]


def read(folder):
    """Every event as a reader has it."""
    reader = Lake(folder, "UTC")
    try:
        return sorted(reader.events.id.to_pyarrow().to_pylist())
    finally:
        reader.close()


def listed(folder, day=DAY):
    return [row.path.partition("/")[2] for row in queries.files(SYSTEM) if row.path.startswith(f"day={day}/")]


def test_a_past_day_is_one_file_with_each_event_once_and_today_is_left(folder, monkeypatch):
    before = set(ids(folder, DAY))
    assert merge(folder, NOW) == 1
    assert set(ids(folder, DAY)) == before, "the small ones are still there for who reads them"
    assert listed(folder) == [ONE]
    assert merge(folder, NOW) == 0
    assert len(names(folder)) == 13, "for an hour"
    monkeypatch.setattr(merging, "REST", -3600)
    assert merge(folder, NOW) == 0
    assert names(folder) == listed(folder) == [ONE]
    assert sorted(ids(folder, DAY)) == sorted(before)
    assert len(names(folder, TODAY)) == len(listed(folder, TODAY)) == 12


def test_a_day_that_goes_on_is_merged_when_it_has_many(folder, monkeypatch, at_once):
    monkeypatch.setattr(merging, "MANY", 10)
    whole = read(folder)
    assert merge(folder, NOW) == 2
    assert names(folder, TODAY) == [ONE]
    write(folder, TODAY, 13, 13, [{"id": "new", "kind": "coupon.claimed", "at": f"{TODAY}T01:00:00+00:00"}])
    merge(folder, NOW)
    assert listed(folder, TODAY) == [ONE], "what an exporter has not yet answered for is not on the list"
    queries.advance(SYSTEM, 12, 13)
    merge(folder, NOW)
    assert len(listed(folder, TODAY)) == 2
    assert read(folder) == sorted([*whole, "new"])


def test_large_files_are_left_as_they_are(folder, monkeypatch, at_once):
    size = max(path.stat().st_size for path in folder.files())
    monkeypatch.setattr(merging, "LARGE", 5 * size)
    whole = read(folder)
    merge(folder, NOW)
    assert 2 <= len(names(folder)) <= 8
    monkeypatch.setattr(merging, "SMALL", size // 2)
    assert merge(folder, NOW) == 0
    assert read(folder) == whole


def test_an_event_that_comes_late_joins_at_the_next_merging(folder, at_once):
    merge(folder, NOW)
    late = {"id": "late", "kind": "coupon.claimed", "at": f"{DAY}T02:00:00+00:00"}
    write(folder, DAY, 13, 13, [late])
    merge(folder, NOW)
    assert "late" in ids(folder, DAY)
    assert len(ids(folder, DAY)) == len(set(ids(folder, DAY))) == 61


@pytest.mark.parametrize("point", ["publish", "lake.merged", "lake.listed"])
def test_killed_in_between_each_event_is_there_once_and_the_next_merging_settles_it(
    folder, monkeypatch, at_once, point
):
    whole = read(folder)

    def killed(name="", *_):
        if name == point or point == "publish":
            raise KeyboardInterrupt

    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(merging, "publish" if point == "publish" else "crash_point", killed)
        merge(folder, NOW)
    assert read(folder) == whole
    merge(folder, NOW)
    assert read(folder) == whole
    assert names(folder) == listed(folder) == [ONE]
    assert list(folder.root.rglob("*.aside")) == []
