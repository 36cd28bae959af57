"""kill -9 of the import of a year, again and again: it goes on where it was, and the counts are exact."""

import json
import time
from pathlib import Path
from random import Random

import pytest

from tests.faults import checks, small_year
from tests.prove import proving
from tests.year import independent

PATIENCE = 1500


def job(database):
    (row,) = database.rows("SELECT state, done, total, error FROM records_job WHERE kind = 'year'")
    return row


def wait_for(condition, database, pause=0.02):
    until = time.monotonic() + PATIENCE
    while not condition(found := job(database)):
        assert found["state"] != "failed", found["error"]
        assert time.monotonic() < until, found
        time.sleep(pause)
    return found


def import_under_fire(product, database, folder: Path, *, kills: int, seed: int) -> int:
    """Start the import, kill the server `kills` times along the way, let it end; how often it was hit in the middle."""
    product.enqueue("year", {"folder": str(folder)})
    chance, hits = Random(seed), 0
    for kill in range(kills):
        product.start()
        found = wait_for(lambda row, part=kill / kills: came_to(row, part) or row["state"] == "finished", database)
        time.sleep(chance.uniform(0, 1.0))
        product.kill()
        hits += found["state"] == "running" and job(database)["state"] == "running"
        # The minute passes after which another worker may take the job.
        database.write("UPDATE records_job SET lease_until = '2000-01-01 00:00:00+00:00' WHERE state = 'running'")
    product.start()
    wait_for(lambda row: row["state"] == "finished", database, pause=0.2)
    return hits


def came_to(row, part: float) -> bool:
    """Whether so much of the work is done; at the least, anything at all."""
    return row["done"] > row["total"] * part


def is_exact(product, database, folder: Path) -> None:
    """The report is what its definitions give for these files, and the tables hold each basket and redemption once."""
    ours = independent.Year(folder).report()
    theirs = json.loads((product.folder / "demo" / "report.json").read_text())
    assert theirs["campaigns"] == ours["campaigns"]
    assert theirs["totals"] == ours["totals"]
    used = database.number("SELECT count(*) FROM checkout_redemption") + database.number(
        "SELECT count(*) FROM checkout_outsideredemption"
    )
    assert used == ours["totals"]["redemptions"]
    checks.counters_agree_with_rows(database)
    checks.audit_passes(product)


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_the_import_goes_on_exactly_where_it_was_killed(product, database, tmp_path, rounds):
    for seed in rounds(small=1, large=1):
        folder = small_year.write(tmp_path / "year", seed=seed, baskets=4_000 if proving() else 800)
        kills = 30 if proving() else 2
        hits = import_under_fire(product, database, folder, kills=kills, seed=seed)
        assert hits >= (20 if proving() else 1), f"the import was hit {hits} times"
        is_exact(product, database, folder)


@pytest.mark.slow
@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_the_import_of_the_real_year_goes_on_exactly(product, database):
    folder = independent.data_folder()
    if folder is None or not proving():
        pytest.skip("ten minutes with the extra `demo` installed: make prove PART=faults")
    assert import_under_fire(product, database, folder, kills=6, seed=1) >= 3, "the import was hardly hit"
    is_exact(product, database, folder)
