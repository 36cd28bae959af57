"""Writes docs/rulebook.md: everything on the shelves of the rulebook, from its code and its cases.

    .venv/bin/python tools/rulebook_paper.py

A test fails when the page is not what this makes.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from festoon.base.form import Field, Nested, Table, fields, schema
from festoon.base.kinds import Choice, Codes, Whole
from festoon.base.problems import Problems
from festoon.base.shelf import Shelf
from festoon.engine.stages import STAGE_WORDS, STAGES
from festoon.records.located import read_located
from festoon.rulebook import benefits, conditions, promotion_types, refunds
from festoon.rulebook.fields import Distribution, Exclusion, Policy, Release
from festoon.rulebook.release import read_rule
from festoon.rulebook.scopes import NAMES, scope_schema
from festoon.rulebook.sentence import sentence

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
HEAD = """# The rulebook: every kind of offer

*Written by `tools/rulebook_paper.py` from the code on the shelves and from its cases; `festoon schema offers` has the whole
as one JSON Schema. How a file, a cart and a quote are made up as a whole: [offers-file.md](offers-file.md).*

An offer is a *type* with its fields (or a *benefit* by itself), *conditions* that must all hold, and a *scope* of goods.
Each thing below is one file; its example is the first of its cases under `tests/cases/`, which the tests price. Money is
in minor units of the file's currency (5000 is 50.00), percentages are in basis points (1000 is 10 %). Every kind works by

    festoon price --offers offers.yaml cart.json

In an offers file the `offer` of an example stands under `offers` with a code of its own, and in a cart a line has an id, its
quantity and its `unit_price` (the `price` of an example, of one unit where it says no more):

```yaml
festoon: 1
currency: CNY
zone: Asia/Shanghai
offers:
  - {code: two-for-ten-off, type: percent, with: {basis_points: 1000}, when: [{least_quantity: {quantity: 2}}]}
```

```json
{"currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "lines": [{"id": "l1", "sku": "tea", "quantity": 2, "unit_price": 1000}]}
```

What other systems publish, and which of these kinds says it: [other-systems.md](other-systems.md).

"""
SCOPES = """## Scopes

Which goods, under `scope` of an offer or `goods` of a condition or benefit. Any value of one attribute is enough; with
several attributes all must hold; `except` takes out goods that have any of its values. A set may name 50,000 goods.

| attribute | words | takes |
| --- | --- | --- |
{rows}
| `list_price` | list price, 原价 | `{{from: 1000, to: 5000}}`, each optional, both included |
| `not_discounted` | not reduced yet, 未参与其他优惠 | `true`: lines from which nothing was taken when the offer has its turn |
| `all` | everything, 全部商品 | `true`, alone or beside `except` |
| `except` | except, 除外 | the attributes above (not `list_price`) |

{schema}
"""
OF_EVERY = """## What every offer, exclusion and distribution may say

"""


def page() -> str:
    """The whole page."""
    return "".join(
        [
            HEAD,
            _contents(),
            *_shelf("Types", "Sentences that operators know, under `type` and `with`.", promotion_types.shelf),
            *_shelf("Conditions", "What must hold, under `when`: `[{code: {its fields}}, …]`.", conditions.shelf),
            *_shelf(
                "Benefits", "What is given, under `benefit` instead of a type: `{code: {its fields}}`.", benefits.shelf
            ),
            *_shelf(
                "Refunds",
                "What becomes of a discount when goods come back, under `refund`: `{code: {its fields}}`.",
                refunds.shelf,
            ),
            _scopes(),
            OF_EVERY,
            *[_plain(cls) for cls in (Release, Exclusion, Distribution, Policy)],
        ]
    )


def _contents() -> str:
    lists = []
    for name, shelf in (
        ("Types", promotion_types.shelf),
        ("Conditions", conditions.shelf),
        ("Benefits", benefits.shelf),
        ("Refunds", refunds.shelf),
    ):
        links = ", ".join([f"[`{code}`](#{_anchor(name, code)})" for code in shelf])
        lists.append(f"- **{name}**: {links}\n")
    return "".join([*lists, "- [**Scopes**](#scopes)\n\n"])


def _anchor(name: str, code: str) -> str:
    return f"{name.lower()}-{code}"


def _shelf(name: str, about: str, shelf: Shelf[Any]) -> Iterator[str]:
    yield f"## {name}\n\n{about}\n\n"
    for code in shelf:
        yield _entry(name, shelf, code)


def _entry(name: str, shelf: Shelf[Any], code: str) -> str:
    cls = shelf[code]
    case, raw = _first_case(shelf.name, code)
    said = sentence(_offer(case), "CNY")
    title = getattr(cls, "title", None)
    head = f'<a id="{_anchor(name, code)}"></a>\n\n### `{code}`' + (f": {title.en} / {title.zh}" if title else "")
    parts = [
        f"{head}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n",
        f"*{said.en}.* — *{said.zh}。*\n",
        *_marks(cls, _offer(case)),
    ]
    parts += [_table(cls), f"```yaml\n{raw}```\n", _folded(schema(cls))]
    return "\n".join([part for part in parts if part]) + "\n"


def _marks(cls: type, offer: dict[str, Any]) -> Iterator[str]:
    """What an operator has to know beside the fields."""
    kinds = getattr(cls, "kinds", ("promotion", "coupon"))
    if len(kinds) == 1:
        yield f"Only as a {kinds[0]}.\n"
    rule = read_rule(offer, (), Problems())
    if issubclass(cls, promotion_types.shelf.kind) and rule is not None:
        stage = STAGES.index(cls.stage) if getattr(cls, "stage", None) else rule.benefit.stage
        yield f"Stage: {STAGES[stage]} ({STAGE_WORDS[STAGES[stage]].zh}), unless the offer says otherwise.\n"
    if issubclass(cls, benefits.shelf.kind):
        yield f"Stages: {', '.join([STAGES[s] for s in cls.stages])}; {STAGES[cls.stage]} unless the offer says otherwise.\n"
    if issubclass(cls, conditions.shelf.kind):
        yield f"Verdict when it does not hold: `{cls.verdict}`.\n"
        if not cls.certified:
            yield "Outside the certificate of floors: it states no bounds.\n"


def _first_case(shelf: str, code: str) -> tuple[dict[str, Any], str]:
    """The first case of a thing, read and as it is written."""
    file = CASES / shelf / f"{code}.yaml"
    text = file.read_text(encoding="utf-8")
    first = re.split(r"^(?=- case: )", text, flags=re.MULTILINE)[1]
    return read_located(str(file)).data[0], first.rstrip() + "\n"


def _offer(case: dict[str, Any]) -> dict[str, Any]:
    offers: list[dict[str, Any]] = case.get("offers") or [case["offer"]]
    return offers[0]


def _plain(cls: type) -> str:
    return f"### {cls.__name__}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n\n{_table(cls)}\n"


def _scopes() -> str:
    rows = [f"| `{code}` | {words.en}, {words.zh} | a list of codes |" for code, words in NAMES.items()]
    return SCOPES.format(rows="\n".join(rows), schema=_folded(scope_schema()))


def _table(cls: type) -> str:
    rows = list(_rows(cls, ""))
    if not rows:
        return "No fields.\n"
    head = "| field | | takes | default |\n| --- | --- | --- | --- |\n"
    return head + "".join([f"| `{name}` | {label} | {takes} | {default} |\n" for name, label, takes, default in rows])


def _rows(cls: type, before: str) -> Iterator[tuple[str, str, str, str]]:
    for field in fields(cls):
        name = before + field.name
        default = "needed" if field.required else "" if field.default is None else _default(field)
        yield name, f"{field.label.en} / {field.label.zh}", _takes(field), default
        if isinstance(field.kind, Table):
            yield from _rows(field.kind.of, f"{name}[].")
        if isinstance(field.kind, Nested):
            yield from _rows(field.kind.of, f"{name}.")


def _default(field: Field) -> str:
    plain = isinstance(field.default, bool | int | str)
    return f"`{json.dumps(field.default)}`" if plain else ""


def _takes(field: Field) -> str:
    """What a field may hold, in words."""
    kind = field.kind
    if isinstance(kind, Whole):
        units = {"money": "an amount", "percent": "basis points", "share": "basis points", "count": "a number"}[
            kind.name
        ]
        return f"{units}, {kind.least} to {kind.most}"
    if isinstance(kind, Choice):
        return ", ".join(
            [f"`{code}` ({words.zh})" if words.zh != code else f"`{code}`" for code, words in kind.options]
        )
    if isinstance(kind, Codes):
        return "a list of codes"
    words = {"flag": "`true` or `false`", "words": "`{en: …, zh: …}`", "goods": "[goods](#scopes)", "table": "rows"}
    return words.get(kind.name, {"part": "see above", "form": "fields"}.get(kind.name, f"a {kind.name}"))


def _folded(made: dict[str, Any]) -> str:
    text = json.dumps(made, ensure_ascii=False)
    return f"<details><summary>JSON Schema</summary>\n\n```json\n{text}\n```\n\n</details>\n"


if __name__ == "__main__":
    (ROOT / "docs" / "rulebook.md").write_text(page(), encoding="utf-8")
    sys.stdout.write("docs/rulebook.md\n")
