"""Who may do what is said in one place, whole, and the page of it is fresh."""

from pathlib import Path

from festoon.catalog.machines.scopes import SCOPES
from festoon.catalog.roles import permissions
from tests.rights.doors import SCREENS, VERBS, endpoints
from tools.rights_paper import PAGE, page

FILE = Path("src/festoon/catalog/permissions.yaml")


def test_the_page_is_what_the_file_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: .venv/bin/python tools/rights_paper.py"


def test_every_right_is_somebodys():
    known = permissions()
    had = set(SCOPES).union(*(role.rights for role in known.roles.values()))
    assert set(known.rights) - had == {"orders.write"}, "orders are brought in by jobs alone"


def test_every_address_is_in_the_list_and_every_line_is_an_address():
    assert set(permissions().screens) == set(SCREENS), "permissions.yaml, screens: one line for each address"


def test_every_endpoint_is_in_the_list_and_every_line_is_an_endpoint():
    assert set(permissions().endpoints) == set(endpoints()), "permissions.yaml, endpoints: one line for each"


def test_every_verb_is_in_the_list_and_every_line_is_a_verb():
    missing = set(VERBS) - set(permissions().verbs)
    same = {name for name in missing if any(VERBS[name] is VERBS.get(other) for other in permissions().verbs)}
    assert missing == same, "permissions.yaml, verbs: one line for each"
    assert set(permissions().verbs) <= set(VERBS)
