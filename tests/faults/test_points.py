"""No point is named in vain: at each there is a test in which a process dies."""

import os
import re
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery
from tests.faults.test_kill_the_server import CRASH_POINTS

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'crash_point\(f?"([^"]+)"\)')
HERE = ROOT / "tests"


def test_at_every_named_point_a_process_dies():
    points = {name for file in (ROOT / "src").rglob("*.py") for name in NAMED.findall(file.read_text())}
    tests = "\n".join(file.read_text() for folder in ("faults", "analytics") for file in (HERE / folder).glob("*.py"))
    assert [point for point in points if point.replace("{plan.verb}", "claim") not in tests] == []
    assert len(CRASH_POINTS) >= 20, "a server under shoppers"


def test_a_nursery_that_is_gone_says_so(tmp_path):
    """Fails when what is told is that an empty text is no number."""
    gone = Nursery({"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)})  # no festoon there to read
    gone._process.kill()
    with pytest.raises(RuntimeError, match="the nursery ended with -9 .*festoon serve"):
        gone.bring_up("serve", environment={}, log=tmp_path / "log")
    gone.end()
