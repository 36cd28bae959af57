"""A campaign as a file: festoon export, plan and apply."""

from __future__ import annotations

import pytest
import yaml

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.cli.main import main
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(theme, tmp_path, capsys):
    """Double 12 with a promotion, exported to a file by Lin."""
    name = Words(en="Lin Yue", zh="林悦")
    add_person("lin", merchant="lantern", name=name, roles=["operator"], password="x", by=SYSTEM, now=NOW)
    promotions.create(spend_and_save(), by=LIN, now=NOW)
    assert main(["export", "double-12", "--by", "lin"]) == 0
    path = tmp_path / "c.yaml"
    path.write_text(capsys.readouterr().out)
    return path


def said(capsys, *arguments):
    status = main(list(arguments))
    return status, capsys.readouterr()


def test_what_was_exported_plans_nothing(file, capsys):
    assert "满300减50" in file.read_text()
    assert said(capsys, "plan", str(file), "--by", "lin")[1].out == "nothing would change\n"
    assert said(capsys, "apply", str(file), "--by", "lin", "--submit")[1].out == "nothing changed\n"


def test_a_changed_file_is_planned_applied_and_submitted(file, capsys):
    paper = yaml.safe_load(file.read_text())
    paper["offers"][0]["priority"] = 7
    file.write_text(yaml.safe_dump(paper))
    told = "+ offers d12-300-less-50 priority: – → 7\n"
    assert said(capsys, "plan", str(file), "--by", "lin")[1].out == told
    status, printed = said(capsys, "apply", str(file), "--by", "lin", "--submit")
    assert (status, printed.out) == (0, told + "d12-300-less-50: in_review\ndouble-12: in_review\n")


def test_every_fault_is_told_with_its_line_before_anything_is_written(file, capsys):
    text = file.read_text().replace("'off': 5000", "'off': -1")
    file.write_text(text + "goals:\n- 7\n")
    status, printed = said(capsys, "plan", str(file), "--by", "lin")
    assert (status, printed.err.count("\n")) == (1, 1)
    assert printed.err == f"{file}:{text.count(chr(10)) + 1}: goals: stands twice\n"
    file.write_text(
        text.replace("distributions: []", "distributions:") + "- {code: d, name: {en: D, zh: 投放}, channels: 7}\n"
    )
    for command in ("plan", "apply"):
        status, printed = said(capsys, command, str(file), "--by", "lin")
        assert status == 1
        told = [each.split(": ")[1] for each in printed.err.splitlines()]
        assert told == ["offers[0].with.tiers[0].off", "distributions[0].channels"], printed.err
    file.write_text(text.replace("'off': -1", "'off': 5000"))
    assert said(capsys, "plan", str(file), "--by", "lin")[1].out == "nothing would change\n"


def test_faults_are_told_and_nobody_else_signs(file, capsys):
    file.write_text(file.read_text().replace("'off': 5000", "'off': -1"))
    status, printed = said(capsys, "apply", str(file), "--by", "lin")
    assert (status, "offers[0].with.tiers[0].off" in printed.err) == (1, True)
    assert said(capsys, "plan", str(file), "--by", "nobody")[0] == 2
    file.write_text("a: [")
    assert said(capsys, "plan", str(file), "--by", "lin")[0] == 1
