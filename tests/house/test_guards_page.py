"""The list of guards is true: each names a test that is there, and every test that takes a guard away is on it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(
    r"^\| (?P<guard>.+) \| (?P<keeps>.+) \| (?P<without>.+) \| \[`(?P<test>\w+)`\]\(\.\./(?P<file>[\w/.]+)\) \|$"
)
LINES = [line for line in (ROOT / "docs/guards.md").read_text().splitlines() if line.startswith("| ")][2:]
ROWS = [found.groupdict() for line in LINES if (found := ROW.match(line))]
TAKERS = {
    "without",
    "without_in_hope",
    "without_words",
    "without_index",
    "without_limit",
    "without_check",
    "without_constraint",
    "many_to_one",
}
COMPANIONS = {
    "test_the_check_alone_keeps_the_stock", "test_the_state_alone_keeps_a_coupon_to_one_order",
    "test_the_index_on_units_keeps_one_from_coming_back_twice",
    "test_the_check_alone_keeps_a_balance_from_falling_below_zero",
}  # fmt: skip
"""They show of a pair of guards that one keeps the promise alone; the pair's own test is on the list."""


def cases_in(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((ROOT / file).read_text())
    return {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def takes_away(test: ast.FunctionDef) -> bool:
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return bool(names & TAKERS)


def test_every_line_is_a_guard_and_there_are_enough():
    assert len(ROWS) == len(LINES) >= 30
    assert len({row["test"] for row in ROWS}) == len(ROWS), "a guard each, a test each"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["test"])
def test_the_test_is_there(row):
    assert row["test"] in cases_in(row["file"])


def test_no_test_that_takes_a_guard_away_is_left_out():
    listed = {row["test"] for row in ROWS}
    found = {
        name for file in {row["file"] for row in ROWS} for name, test in cases_in(file).items() if takes_away(test)
    }
    assert found - listed - COMPANIONS == set()
    assert not COMPANIONS & listed
