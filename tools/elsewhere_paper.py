"""Writes docs/other-systems.md: what other systems publish, and the kinds of offer that say it here.

    .venv/bin/python tools/elsewhere_paper.py

A test fails when the page is not what this makes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from festoon.records.located import read_located

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "cases" / "elsewhere"
PAGE = ROOT / "docs" / "other-systems.md"
HEAD = """# What other systems publish, and how it is said here

*Written by `tools/elsewhere_paper.py` from the cases under `tests/cases/elsewhere/`.*

Each row is a case with offers, a cart and the total that the other system publishes. The tests write it as an offers file
and a cart, and run `festoon check` and `festoon price` over them. The links lead to the kind in [rulebook.md](rulebook.md).

"""
MORE = ("exclusions", "distributions", "policy")
TOLD = (
    "group",
    "weights",
    "spill",
    "rounding",
    "threshold_basis",
    "percent_basis",
    "exclusive",
    "always",
    "steps_aside",
)


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join([_system(file) for file in sorted(FOLDER.glob("*.yaml"))])


def _system(file: Path) -> str:
    rows = [_row(case) for case in read_located(str(file)).data]
    title = f"## [{file.stem}](../tests/cases/elsewhere/{file.name})\n\n"
    return title + "| what | said with |\n| --- | --- |\n" + "".join(rows)


def _row(case: dict[str, Any]) -> str:
    offers = case.get("offers") or [case["offer"]]
    said = [*dict.fromkeys(kind for offer in offers for kind in _kinds(offer)), *[f"`{m}`" for m in MORE if m in case]]
    what = f"{case['case']} (*{case['from']}*)".replace("|", "\\|")
    return f"| {what} | {', '.join(said)} |\n"


def _kinds(offer: dict[str, Any]) -> Iterator[str]:
    """The kinds that an offer is made of, each with its place in the rulebook, and what else it says of itself."""
    if "type" in offer:
        yield _link("types", offer["type"])
    for code in offer.get("benefit", {}):
        yield _link("benefits", code)
    for condition in offer.get("when", []):
        for code in condition:
            yield _link("conditions", code)
    scope = offer.get("scope", {})
    yield from [f"[{name}](rulebook.md#scopes)" for name in ("except", "list_price", "not_discounted") if name in scope]
    yield from [f"`{name}`" for name in TOLD if name in offer]


def _link(shelf: str, code: str) -> str:
    return f"[`{code}`](rulebook.md#{shelf}-{code})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
