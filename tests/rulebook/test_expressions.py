"""A condition in an expression: read with its types, counted before it runs, and far from anything of Python."""

import importlib
import subprocess
import sys
import time

import pytest

from festoon.cli.main import main
from festoon.engine.price import price
from festoon.rulebook import expressions
from festoon.rulebook.book import BookErrors, read_book
from festoon.rulebook.expressions import STEPS, compiled, shape_of
from festoon.rulebook.facts import MOST_LINES, read_facts

SAYS = {"en": "asked", "zh": "条件"}


def book(text: object) -> dict:
    when = [{"expression": {"text": text, "says": SAYS}}]
    return {
        "festoon": 1, "currency": "CNY",
        "offers": [{"code": "o", "type": "amount", "with": {"off": 1}, "when": when}],
    }  # fmt: skip


def cart(lines: int = 1) -> dict:
    return {
        "currency": "CNY", "moment": "2026-12-12T10:00:00Z",
        "lines": [{"id": f"l{n}", "sku": f"s{n}", "quantity": 1, "unit_price": 100} for n in range(lines)],
    }  # fmt: skip


def fault(text: object) -> str:
    with pytest.raises(BookErrors) as found:
        read_book(book(text))
    (problem,) = found.value.problems
    assert problem.field == "offers[0].when[0].expression.text"
    assert problem.words.zh
    return problem.words.en


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must be a text"),
        (7, "must be a text"),
        ("goods.spend >= ", "column 16: something is missing"),
        ("goods.spend >= 10 )", "column 19: ')' is too much"),
        ("goods.spend", "column 1: is a whole number, not true or false"),
        ("goods.spent > 10", "column 7: 'spent' is not known of goods; did you mean spend?"),
        ("buyr.level == 'gold'", "column 1: 'buyr' is not known; did you mean buyer?"),
        ("buyer.level == 7", "column 16: must be a text, is a whole number"),
        ("buyer.level > 1 || true", "column 15: must be a text, is a whole number"),
        ("goods.spend == '7'", "column 16: must be a whole number, is a text"),
        ("!goods.spend", "column 2: must be true or false, is a whole number"),
        ("'gold' in buyer.level", "column 11: must be a list, is a text"),
        ("7 in buyer.segments", "column 6: must be a list, is a list"),
        ("buyer == buyer", "column 1: the record buyer cannot be compared so"),
        ("true < false", "column 1: true or false cannot be compared so"),
        ("[1, 'a'] == [2]", "column 1: must be a list of texts or of whole numbers"),
        ("has(7)", "column 5: has needs a field, such as has(buyer.level)"),
        ("size(buyer.level) > 1", "column 6: must be a list, is a text"),
        ("goods.spend > 1.5", "column 17: needs a name"),
        ("goods.spend > 9999999999999999", "column 15: is too large"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(text, says):
    assert fault(text) == says


@pytest.mark.parametrize(
    "text",
    [
        "buyer.__class__ == buyer", "buyer.level.__class__.__mro__", "().__class__", "__import__('os').system('true') == 0",
        "2 ** 1000 > 1", "goods.spend ^ 2 > 1", "lambda: 1", "open('x') == 1", "type(1) == 1", "dyn(1) == 1",
        "buyer.level.matches('(a+)+$')", "buyer['level'] == 'gold'", "lines.map(l, l.quantity).size() > 1",
        "lines.exists(l, lines.exists(m, l.sku == m.sku))", "lines.all(buyer, true)", "goods.spend = 7", "'a' * 9 == 'b'",
        "'a' + 'b' == 'ab'", "true; false", "'\\x41' == 'A'", "f'{buyer}' == ''", "(" * 17 + "true" + ")" * 17, "!" * 18 + "true",
        "(" * 100_000, "1 == 1" + " || 1 == 1" * 60, "true" + " || true" * 80, "\x00 == 1", "１ == 1", "е == 1",
    ],
)  # fmt: skip
def test_nothing_but_the_facts_is_within_its_reach(text):
    assert fault(text)


def test_the_file_and_the_line_are_told(tmp_path, capsys):
    file = tmp_path / "offers.yaml"
    file.write_text(
        "festoon: 1\ncurrency: CNY\noffers:\n  - code: a\n    type: amount\n    with: {off: 1}\n    when:\n"
        "      - expression:\n          text: goods.spend > '7'\n          says: {en: a, zh: b}\n"
    )
    assert main(["check", str(file)]) == 1
    said = capsys.readouterr().err
    assert ":9: offers[0].when[0].expression.text: column 15: must be a whole number, is a text" in said


def test_a_program_is_made_once():
    text = "goods.spend > 41"
    made, facts = read_book(book(text)), read_facts(cart())
    before = compiled.cache_info().misses
    for _ in range(3):
        price(made, facts)
    assert compiled.cache_info().misses == before


def test_how_long_it_runs_is_known_from_its_text():
    text = "lines.exists(l, l.sku == 'none' && l.quantity > 1 && l.unit_price > 1)"
    shape = shape_of(text)
    assert shape.looped == 14
    many = STEPS // 15
    assert shape.steps(many) <= STEPS < shape.steps(MOST_LINES)
    verdict = price(read_book(book(text)), read_facts(cart(MOST_LINES))).verdicts[0]
    assert (verdict.code, verdict.no.reason) == ("not_met", "expression_steps")
    started = time.process_time()
    price(read_book(book(text)), read_facts(cart(many)))
    assert time.process_time() - started < 0.5


def test_numbers_that_grow_too_large_hold_nothing():
    text = "1000000000000000 * 1000000000000000 > goods.spend"
    assert price(read_book(book(text)), read_facts(cart())).verdicts[0].code == "not_met"


def test_without_the_extra_the_file_says_what_is_missing(monkeypatch):
    real = importlib.import_module

    def missing(name, *more):
        if name == "cel":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(expressions.importlib, "import_module", missing)
    compiled.cache_clear()
    try:
        assert fault("goods.spend > 1") == "needs the optional extra: pip install 'festoon[expressions]'"
    finally:
        compiled.cache_clear()


def test_the_rulebook_is_read_without_the_extra():
    code = "import sys, festoon.rulebook.book as b; b.read_book({'festoon': 1, 'currency': 'CNY', 'offers': []}); print('cel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
