"""A shelf takes a file that keeps its rules and refuses one that does not."""

import re
from pathlib import Path

import pytest

from festoon.base.form import fields
from festoon.base.shelf import Shelf, ShelfError
from festoon.engine.offer import Condition
from festoon.rulebook import benefits, conditions, promotion_types

SHELVES = [conditions.shelf, benefits.shelf, promotion_types.shelf]
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-condition.md"
GOOD = re.search(r"```python\n(.*?)```", HOW_TO.read_text(), re.DOTALL)


def shelf_with(tmp_path, monkeypatch, name: str, source: str) -> Shelf:
    """The conditions, with one more file in a folder of the shop's own."""
    (tmp_path / "conditions").mkdir()
    (tmp_path / "conditions" / f"{name}.py").write_text(source)
    monkeypatch.setenv("FESTOON_SHELVES", str(tmp_path))
    return Shelf(conditions.shelf.package, conditions.shelf.folder, Condition)


def example() -> str:
    assert GOOD
    return re.sub(r"^   ", "", GOOD.group(1), flags=re.MULTILINE)


def test_the_page_on_adding_a_condition_is_true(tmp_path, monkeypatch):
    shelf = shelf_with(tmp_path, monkeypatch, "different_goods", example())
    assert shelf["different_goods"](least=3).words("CNY").zh == "任选3款"
    assert "least_spend" in shelf


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("another_name", ("", ""), "must define class AnotherName"),
        ("different_goods", ('"""At least so many different goods of the offer\'s are in the cart, however many of each."""', ""), "no docstring"),
        ("different_goods", ("frozen=True", "frozen=False"), "frozen dataclass"),
        ("different_goods", ('count("Different goods", "款数", least=2)', "2"), "no label"),
        ("least_spend", ("DifferentGoods", "LeastSpend"), "already on the shelf"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_a_rule_is_an_import_error(tmp_path, monkeypatch, name, change, says):
    source = example()
    assert change[0] in source
    with pytest.raises(ShelfError, match=says):
        shelf_with(tmp_path, monkeypatch, name, source.replace(*change)).codes()


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
def test_every_form_speaks_both_languages(shelf):
    for code in shelf:
        for field in fields(shelf[code]):
            assert field.label.en, f"{code}.{field.name}"
            assert field.label.zh, f"{code}.{field.name}"
        assert len((shelf[code].__doc__ or "").split()) >= 5, f"the manual of {code} says nothing"
