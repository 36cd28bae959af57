"""The page of the rulebook is what its shelves say."""

from festoon.rulebook import benefits, conditions, promotion_types
from tests.tidy.reading import ROOT
from tools.rulebook_paper import page

PAGE = ROOT / "docs" / "rulebook.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: .venv/bin/python tools/rulebook_paper.py"


def test_everything_on_a_shelf_has_its_place_its_words_and_its_schema():
    text = PAGE.read_text(encoding="utf-8")
    for shelf in (promotion_types.shelf, conditions.shelf, benefits.shelf):
        for code in shelf:
            _, _, entry = text.partition(f"### `{code}`")
            entry = entry.partition("\n### ")[0]
            assert "JSON Schema" in entry, code
            assert "- case: " in entry, code
            assert any("\u4e00" <= letter <= "\u9fff" for letter in entry), code
