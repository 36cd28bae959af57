"""The house's own promise: proving resumes, and says where it failed."""

import json

import pytest

from tests import prove
from tests.prove import Rounds


@pytest.fixture
def proving(monkeypatch, tmp_path):
    """As `make prove PART=house N=100` would set it up, writing aside."""
    monkeypatch.setenv("FESTOON_PROVE", "house:100")
    monkeypatch.setattr(prove, "FOLDER", tmp_path)
    return lambda: json.loads((tmp_path / "house.json").read_text())


def test_a_test_run_takes_the_small_count():
    assert list(Rounds("t")(small=3, large=1_000)) == [0, 1, 2]


def test_proving_takes_n_and_writes_it_down(proving):
    assert list(Rounds("t")(small=3, large=1_000)) == list(range(100))
    assert proving()["checks"]["t"] | {"seconds": 0} == {
        "done": 100,
        "wanted": 100,
        "seeds": [0, 100],
        "failed_seed": None,
        "seconds": 0,
    }


def test_a_stopped_run_goes_on_where_it_was(proving):
    first = Rounds("t")(small=3, large=1_000)
    seen = [next(first) for _ in range(41)]
    again = list(Rounds("t")(small=3, large=1_000))
    assert seen[-1] == 40
    assert again == list(range(40, 100)), "the chunk that was under way is done again"


def test_what_was_done_on_other_source_counts_for_nothing(proving, monkeypatch):
    list(Rounds("t")(small=3, large=1_000))
    monkeypatch.setattr(prove, "source", lambda: "another")
    assert next(Rounds("t")(small=3, large=1_000)) == 0


def test_a_failing_seed_is_kept(proving):
    rounds = Rounds("t")
    for seed in rounds(small=3, large=1_000):
        if seed == 77:
            break
    rounds.close(passed=False)
    assert proving()["checks"]["t"]["failed_seed"] == 77
    assert proving()["checks"]["t"]["done"] == 76
