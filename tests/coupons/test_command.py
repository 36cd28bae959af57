"""festoon codes: a file taken twice changes nothing, wrong lines are told by their number."""

from types import SimpleNamespace

import pytest

from festoon.cli.codes import run
from festoon.coupons import queries
from festoon.records.viewer import SYSTEM
from tests.checkout import world

pytestmark = pytest.mark.django_db


def command(verb, **given):
    return run(SimpleNamespace(verb=verb, offer="c", batch="partner", **given))


def test_a_file_is_taken_once_and_its_wrong_lines_are_told(tmp_path, capsys):
    world.coupon("c", stock=10, type="amount", **{"with": {"off": 500}})
    file = tmp_path / "codes.txt"
    file.write_text("AAAA1111\nB!\nCCCC-3333\n")
    assert [command("take", file=file), command("take", file=file)] == [1, 1]
    said = capsys.readouterr()
    assert said.out == "2 taken, 1 refused\n" * 2
    assert said.err.count("line 2: not_text") == 2
    assert queries.pool(SYSTEM).count() == 2
    assert command("list") == 0
    assert capsys.readouterr().out == "AAAA1111\nCCCC3333\n"
    assert command("make", count=5) == 0
    assert command("take", file=tmp_path / "nothing") == 1
