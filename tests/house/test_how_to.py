"""The page that tells how to add a condition is true: what it shows is taken out of it and used."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.tidy.reading import ROOT

PAGE = (ROOT / "docs/how-to/add-a-condition.md").read_text()
OFFERS = """
festoon: 1
currency: CNY
zone: Asia/Shanghai
offers:
  - {code: pick-three, benefit: {amount_off: {amount: 1000}}, when: [{different_goods: {least: 3}}]}
"""


def cart(*skus: str) -> dict:
    lines = [{"id": sku, "sku": sku, "quantity": 2, "unit_price": 5000, "product": sku} for sku in skus]
    return {"currency": "CNY", "moment": "2026-12-12T12:00:00+08:00", "lines": lines}


@pytest.fixture
def festoon(tmp_path: Path):
    """Runs the command line with the page's file on a shelf of the shop's own; nothing else is changed."""
    shelf = tmp_path / "shelves" / "conditions"
    shelf.mkdir(parents=True)
    shown = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    (shelf / "different_goods.py").write_text(dedent(shown.group(1)))
    (tmp_path / "offers.yaml").write_text(OFFERS)

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "festoon.cli", *arguments]
        environment = {**os.environ, "FESTOON_SHELVES": str(shelf.parent)}
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return run


def test_the_new_condition_prices(festoon, tmp_path):
    (tmp_path / "two.json").write_text(json.dumps(cart("a", "b")))
    (tmp_path / "three.json").write_text(json.dumps(cart("a", "b", "c")))
    festoon("check", "offers.yaml")
    short, enough = (
        json.loads(festoon("price", "--offers", "offers.yaml", name)) for name in ("two.json", "three.json")
    )
    assert (short["totals"]["discount"], enough["totals"]["discount"]) == (0, 1000)
    assert short["verdicts"][0]["reason"] == "different_goods"
    assert short["verdicts"][0]["distance"] == {"unit": "count", "gap": 1}


def test_the_new_condition_describes_itself(festoon):
    assert "different_goods" in festoon("schema", "offers")
