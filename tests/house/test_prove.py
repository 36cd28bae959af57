"""The house's own promise: proving resumes, and says where it failed."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import prove
from tests.prove import Rounds

T, U = "tests/house/test_prove.py::test_t", "tests/house/test_prove.py::test_u"


@pytest.fixture
def proving(monkeypatch, tmp_path):
    """As `make prove PART=house N=100` would set it up, writing aside."""
    monkeypatch.setenv("FESTOON_PROVE", "house:100")
    monkeypatch.delenv("FESTOON_DATABASE_URL", raising=False)
    monkeypatch.setattr(prove, "FOLDER", tmp_path)
    return lambda: json.loads((tmp_path / "house.json").read_text())


def passed(test, **counts):
    """The seeds of a test that takes them one by one and passes."""
    rounds = Rounds(test)
    seeds = list(rounds(**counts))
    rounds.close(passed=True)
    return seeds


def test_a_test_run_takes_the_small_count():
    assert list(Rounds(T)(small=3, large=1_000)) == [0, 1, 2]


def test_proving_takes_n_and_writes_it_down(proving):
    assert passed(T, small=3, large=1_000) == list(range(100))
    assert proving()["checks"][T] | {"seconds": 0} == {
        "source": prove.source(T),
        "done": 100,
        "wanted": 100,
        "asked": 100,
        "seeds": [0, 100],
        "failed_seed": None,
        "commit": prove._commit(),
        "seconds": 0,
    }


def test_a_stopped_run_goes_on_where_it_was(proving):
    first = Rounds(T)(small=3, large=1_000)
    seen = [next(first) for _ in range(41)]
    again = list(Rounds(T)(small=3, large=1_000))
    assert seen[-1] == 40
    assert again == list(range(40, 100)), "the chunk that was under way is done again"


def test_the_last_chunk_counts_when_the_test_has_passed(proving):
    rounds = Rounds(T)
    list(rounds(small=3, large=1_000))
    rounds.close(passed=False)
    assert proving()["checks"][T]["done"] < 100
    assert passed(T, small=3, large=1_000)
    assert proving()["checks"][T]["done"] == 100


def test_what_was_done_on_other_source_counts_for_nothing(proving, monkeypatch):
    passed(T, small=3, large=1_000)
    passed(U, small=3, large=1_000)
    now = {T: "another", U: prove.source(U)}
    monkeypatch.setattr(prove, "source", now.get)
    assert next(Rounds(T)(small=3, large=1_000)) == 0
    assert list(Rounds(U)(small=3, large=1_000)) == [], "what it rests on is as it was"


def test_a_failing_seed_is_kept(proving):
    rounds = Rounds(T)
    for seed in rounds(small=3, large=1_000):
        if seed == 77:
            break
    rounds.close(passed=False)
    assert proving()["checks"][T]["failed_seed"] == 77
    assert proving()["checks"][T]["done"] == 76


@pytest.mark.parametrize(("asked", "said"), [("100", True), ("40", True), ("101", False), ("", False)])
def test_what_was_shown_is_passed_over(proving, monkeypatch, asked, said):
    """At the same count or a smaller one; whether it was the test's own large count nobody knows before it is run."""
    passed(T, small=3, large=1_000)
    monkeypatch.setenv("FESTOON_PROVE", f"house:{asked}")
    assert (prove.shown(T), prove.shown(U)) == (said, False)


def test_what_was_shown_on_one_database_is_not_shown_on_another(proving, monkeypatch):
    monkeypatch.setenv("FESTOON_DATABASE_URL", "sqlite:///x")
    passed(T, small=3, large=1_000)
    monkeypatch.setenv("FESTOON_DATABASE_URL", "postgresql://x")
    assert not prove.shown(T)
    assert len(passed(T, small=3, large=1_000)) == 100 and prove.shown(T)
    monkeypatch.setenv("FESTOON_DATABASE_URL", "sqlite:///x")
    assert prove.shown(T), "nor is it forgotten"


def test_another_size_of_the_machine_proves_nothing(proving, monkeypatch, tmp_path):
    monkeypatch.setenv("FESTOON_MACHINE", "1x1")
    prove.record(T, passed=True, count=1, seconds=1)
    assert not (tmp_path / "house.json").exists()


def test_what_was_shown_at_its_own_count_is_passed_over_when_no_other_is_said(proving, monkeypatch):
    monkeypatch.setenv("FESTOON_PROVE", "house:")
    passed(T, small=3, large=70)
    assert prove.shown(T)
    monkeypatch.setattr(prove, "source", lambda test: "another")
    assert not prove.shown(T), "what it rests on has changed"


def test_what_failed_or_was_stopped_is_not_passed_over(proving):
    rounds = Rounds(T)
    list(rounds(small=3, large=1_000))
    assert not prove.shown(T), "its last chunk counts when it has passed"
    rounds.close(passed=False)
    assert not prove.shown(T)


HOUSE = {
    "src/festoon/engine/price.py": "",
    "src/festoon/checkout/actions.py": "",
    "src/festoon/console/views.py": "",
    "src/festoon/console/templates/home.html": "",
    "tests/conftest.py": "",
    "tests/racing.py": "",
    "tests/engine/test_price.py": "from tests.prove import Rounds\nfrom tests.cases.test_refunds import read",
    "tests/cases/one.yaml": "",
    "tests/cases/test_refunds.py": "",
    "tests/checkout/world.py": "from tests import racing",
    "tests/claims/test_claim.py": "from tests.checkout import world",
}
ENGINE, CLAIMS = "tests/engine/test_price.py::test_x", "tests/claims/test_claim.py::test_x"


@pytest.mark.parametrize(
    ("changed", "engine", "claims"),
    [
        ("src/festoon/engine/price.py", True, True),
        ("src/festoon/checkout/actions.py", False, True),
        ("src/festoon/console/views.py", False, True),
        ("src/festoon/console/templates/home.html", False, False),
        ("tests/conftest.py", False, True),
        ("tests/racing.py", False, True),
        ("tests/cases/one.yaml", True, False),
        ("tests/checkout/world.py", False, True),
        ("tests/claims/test_claim.py", False, True),
        ("tests/engine/test_price.py", True, False),
    ],
)
def test_a_test_rests_on_what_it_can_depend_on(monkeypatch, tmp_path, changed, engine, claims):
    for name, text in HOUSE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.setattr(prove, "ROOT", tmp_path)
    monkeypatch.setattr(prove, "_source", prove._source.__wrapped__)
    before = prove.source(ENGINE), prove.source(CLAIMS)
    (tmp_path / changed).write_text(HOUSE[changed] + "\n# changed")
    assert (prove.source(ENGINE) != before[0], prove.source(CLAIMS) != before[1]) == (engine, claims)


def test_the_tests_of_the_engine_import_nothing_but_what_they_rest_on():
    texts = [path.read_text() for path in (prove.ROOT / "tests" / "engine").glob("*.py")]
    imported = {
        room for text in texts for room in re.findall(r"^\s*from festoon(?:\.| import )(\w+)", text, re.MULTILINE)
    }
    assert {f"src/festoon/{room}" for room in imported} == {place for place in prove.CORE if place.startswith("src")}


WORKER = """
import sys
from pathlib import Path
from tests import prove

prove.FOLDER = Path(sys.argv[1])
for test in sys.argv[2:]:
    rounds = prove.Rounds(test)
    for seed in rounds(small=1, large=1):
        pass
    rounds.close(passed=True)
"""


def worker(folder: Path, *tests: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", WORKER, str(folder), *tests], cwd=prove.ROOT)


def test_two_runs_of_one_part_keep_each_others_work(proving, tmp_path):
    both = [worker(tmp_path, *[f"{T}-{name}{n}" for n in range(4)], T) for name in "ab"]
    assert [each.wait() for each in both] == [0, 0]
    checks = proving()["checks"]
    assert len(checks) == 9
    assert {check["done"] for check in checks.values()} == {100}


def written(book: Path) -> int:
    """When it was written last; 0 before."""
    return book.stat().st_mtime_ns if book.exists() else 0


def test_a_run_may_be_killed_at_any_moment(proving, tmp_path):
    done, book = 0, tmp_path / "house.json"
    for moment in range(6):
        before, until = written(book), time.monotonic() + 60
        running = worker(tmp_path, *[f"{T}{n}" for n in range(200)])
        while written(book) == before:
            assert running.poll() is None and time.monotonic() < until, "it wrote nothing"
            time.sleep(0.002)
        time.sleep(moment / 50)
        running.kill()
        running.wait()
        now = sum(check["done"] for check in proving()["checks"].values())
        assert now >= done
        done = now
    assert 0 < done < 20_000, "it was at work when it was killed"
    assert list(Rounds(U)(small=3, large=1_000)) == list(range(100)), "nobody's turn is left over"
