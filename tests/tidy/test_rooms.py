"""What a room may hold, and what none may."""

import ast
import sys

from tests.tidy.reading import SOURCE, dotted, files, nowhere
from tests.tidy.test_clocks import imported

PURE = {"base", "engine", "rulebook"}
NAMELESS = {"utils", "util", "helpers", "helper", "services", "service", "managers", "manager", "common", "misc"}


ASKERS = {"queries.py", "models.py"}
WRITERS = {"records/tables.py"}
"""The one place that writes many rows at once; it reads none."""


def test_the_pure_rooms_need_only_python():
    known = sys.stdlib_module_names | {"festoon"}
    nowhere(
        [place for file in files(rooms=PURE) for place in file.lines_where(lambda node: bool(imported(node) - known))],
        because="The engine runs wherever Python runs, and can be compiled.",
        instead="do it at the door (read YAML there, encode JSON there) and pass plain values in.",
    )


def test_no_file_is_called_after_nothing():
    nowhere(
        [
            path.relative_to(SOURCE).as_posix()
            for path in SOURCE.rglob("*")
            if path.stem in NAMELESS and path.suffix in {"", ".py"}
        ],
        because="`utils` says what a file is not; it then collects what nobody can find again.",
        instead="name the file after the thing: queries, actions, money, window.",
    )


def test_nothing_happens_behind_a_signal():
    refused = {"django.dispatch", "django.db.models.signals", "django.core.signals"}

    def wrong(node: ast.AST) -> bool:
        return isinstance(node, ast.ImportFrom) and node.module in refused

    nowhere(
        [place for file in files() for place in file.lines_where(wrong)],
        because="A signal is a call nobody sees at the place where it happens, in an order nobody chose.",
        instead="the action calls what follows, in its own transaction.",
    )


def test_rows_are_asked_for_in_one_place_a_room():
    def wrong(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}

    nowhere(
        [
            place
            for file in files(without=WRITERS)
            if file.path.name not in ASKERS and "queries" not in file.path.parts
            for place in file.lines_where(wrong)
        ],
        because="A question asked outside queries.py can forget the wall between merchants.",
        instead="a function in the room's queries.py (viewer first), or a method of the model's QuerySet in models.py.",
    )


def test_codes_are_not_listed_in_the_schema():
    def wrong(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and any(word.arg == "choices" for word in node.keywords)

    nowhere(
        [place for file in files() if file.path.name == "models.py" for place in file.lines_where(wrong)],
        because="`choices` on a code column means a migration for every new file on a shelf.",
        instead="a plain code; the shelf says which exist, a CHECK says which states are legal.",
    )


def test_nobody_asks_for_a_type():
    def wrong(node: ast.AST) -> bool:
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.Is | ast.In):
            return False
        asked = node.left.func if isinstance(node.left, ast.Call) else node.left
        return dotted(asked).split(".")[-1] in {"type", "promotion_type"}

    nowhere(
        [place for file in files() for place in file.lines_where(wrong)],
        because="`if type ==` is the list every new type would have to be added to.",
        instead="a method on the thing, or a file on its shelf.",
    )
