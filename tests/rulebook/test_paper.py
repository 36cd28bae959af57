"""The page of the rulebook is what its shelves say."""

import json
import re

from festoon.engine.price import price
from festoon.records.located import read_text
from festoon.rulebook import benefits, conditions, promotion_types
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.tidy.reading import ROOT
from tools import elsewhere_paper
from tools.rulebook_paper import page

PAGE = ROOT / "docs" / "rulebook.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: .venv/bin/python tools/rulebook_paper.py"


def test_its_first_example_is_an_offers_file_and_a_cart():
    offers, cart = re.findall(r"```(?:yaml|json)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    assert price(read_book(read_text(offers).data), read_facts(json.loads(cart))).discount == 200


def test_the_page_of_other_systems_is_current():
    written = elsewhere_paper.PAGE.read_text(encoding="utf-8")
    assert written == elsewhere_paper.page(), "run: .venv/bin/python tools/elsewhere_paper.py"


def test_everything_on_a_shelf_has_its_place_its_words_and_its_schema():
    text = PAGE.read_text(encoding="utf-8")
    for shelf in (promotion_types.shelf, conditions.shelf, benefits.shelf):
        for code in shelf:
            _, _, entry = text.partition(f"### `{code}`")
            entry = entry.partition("\n### ")[0]
            assert "JSON Schema" in entry, code
            assert "- case: " in entry, code
            assert any("\u4e00" <= letter <= "\u9fff" for letter in entry), code
