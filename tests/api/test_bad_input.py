"""Whatever is wrong with a request, the answer is a documented 4xx that names the field, and nothing was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.good import Good
from tests.api.test_door import error

pytestmark = [pytest.mark.django_db, pytest.mark.once("second")]  # the database that refuses more by itself
CASES = yaml.safe_load((Path(__file__).parent / "bad_input.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['to']}: {case['is']}")
def test_it_is_refused_and_nothing_is_written(good, rows, case):
    method, address, body, more = asked(good, case)
    before = rows()
    answer = good.ask(address, body, method=method, **more)
    status, code, field = case["answer"]
    error(answer, status, code, field)
    assert rows() == before


def asked(good: Good, case: dict[str, Any]) -> tuple[str, str, Any, dict[str, Any]]:
    """Method, address, body, and by whom with which key the case asks."""
    method, address, body = good.request(case["to"])
    address = said(good, case.get("at", address))
    body = said(good, case["body"]) if "body" in case else body
    for path, value in case.get("with", {}).items():
        put(body, path, said(good, value))
    if "without" in case:
        del body[case["without"]]
    if "lines" in case:
        line = body["lines"][0]
        body["lines"] = [{**line, "id": str(number)} for number in range(case["lines"])]
    if "events" in case:
        body["events"] = [good.event() for _ in range(case["events"])]
    more = {"by": case["by"]} if "by" in case else {}
    if "key" in case:
        more["key"] = said(good, case["key"])
    return method, address, body, more


def said(good: Good, value: Any) -> Any:
    """`$name` stands for what the world calls so."""
    if isinstance(value, str) and value.startswith("$"):
        return getattr(good, value[1:])
    return [said(good, each) for each in value] if isinstance(value, list) else value


def put(body: Any, path: str, value: Any) -> None:
    """Change the part of the body at this path."""
    *way, last = path.split(".")
    for step in way:
        body = body[int(step) if isinstance(body, list) else step]
    body[int(last) if isinstance(body, list) else last] = value
