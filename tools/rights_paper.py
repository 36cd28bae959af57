"""Writes docs/rights.md: who may do what, as a table, from src/festoon/catalog/permissions.yaml.

    .venv/bin/python tools/rights_paper.py

A test fails when the page is not what this makes; another walks every screen, endpoint and verb and compares.
"""

from collections.abc import Iterable
from pathlib import Path

from festoon.catalog.roles import EVERYBODY, OPEN, Role, permissions

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rights.md"
HEAD = """# Rights: who may do what

*Written by `tools/rights_paper.py` from `src/festoon/catalog/permissions.yaml`, the one place where it is said.*
`tests/rights/test_matrix.py` tries every screen, endpoint and verb for every role and compares with that file.

Somebody has one or more roles; together they allow what any of them allows. What people see and change is besides
behind the wall of their company: a merchant's people find nothing of another merchant. What is about everybody is the
right of the platform's people only: a merchant's administrator has it in the tables below, and does not hold it. Who
decides on a submission is said by the levels of its review, never by a role alone, and nobody decides on their own
([review.md](review.md)).

"""


def page() -> str:
    """The page as it should be."""
    known = permissions()
    roles = list(known.roles.values())
    lines = ["## Roles", "", "| role | of | what it is for |", "| --- | --- | --- |"]
    for role in roles:
        of = ", ".join(sorted(role.of, reverse=True))
        lines.append(f"| {role.name.en}, {role.name.zh} (`{role.code}`) | {of} | {role.does.en} |")
    lines += ["", "## Rights", "", *_head("right", roles)]
    for code, words in known.rights.items():
        whose = " *(the platform's people only)*" if code in known.platform else ""
        lines.append(f"| `{code}` {words.en}{whose} | {_ticks(code, roles)} |")
    for title, what, asked in (
        ("Screens", "address", known.screens),
        ("Verbs", "verb", {name: right for name, right in known.verbs.items() if right != EVERYBODY}),
    ):
        lines += ["", f"## {title}", "", *_head(what, roles)]
        lines += [f"| `{name}` | {_ticks(right, roles)} |" for name, right in asked.items()]
    lines += ["", "Where something else decides, the parties of a review's level or whose it is:", ""]
    lines += [", ".join(f"`{name}`" for name, right in known.verbs.items() if right == EVERYBODY) + "."]
    lines += ["", "## Endpoints", "", "A key may do what its scopes say.", "", "| endpoint | scope |", "| --- | --- |"]
    lines += [f"| `{place}` | {_scope(right)} |" for place, right in known.endpoints.items()]
    return HEAD + "\n".join(lines) + "\n"


def _head(what: str, roles: Iterable[Role]) -> list[str]:
    codes = [role.code for role in roles]
    return [f"| {what} | {' | '.join(codes)} |", "| --- |" + " :-: |" * len(codes)]


def _ticks(right: str, roles: Iterable[Role]) -> str:
    everybody = right in {EVERYBODY, OPEN}
    return " | ".join("✓" if everybody or right in role.rights else "" for role in roles)


def _scope(right: str) -> str:
    return "no key" if right == OPEN else f"`{right}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
