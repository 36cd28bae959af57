"""No point is named in vain: at each there is a test in which a process dies."""

import re
from pathlib import Path

from tests.faults.test_kill_the_server import CRASH_POINTS

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'crash_point\(f?"([^"]+)"\)')
HERE = ROOT / "tests"


def test_at_every_named_point_a_process_dies():
    points = {name for file in (ROOT / "src").rglob("*.py") for name in NAMED.findall(file.read_text())}
    tests = "\n".join(file.read_text() for folder in ("faults", "analytics") for file in (HERE / folder).glob("*.py"))
    assert [point for point in points if point.replace("{plan.verb}", "claim") not in tests] == []
    assert len(CRASH_POINTS) >= 20, "a server under shoppers"
