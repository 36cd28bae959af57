"""Writes what outsiders read of the machine door: docs/openapi.json and docs/api.md, both from the code.

    .venv/bin/python tools/api_papers.py

A test fails when the two are not what this makes.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# The machine door

*Written by `tools/api_papers.py` from the code; the same as a description for machines: [openapi.json](openapi.json),
which a running Festoon serves at `/v1/openapi.json`.*

{about}

## Three lines to begin with

`festoon keys make app --scopes quotes.write,claims.write,wallet.read --channel app` shows a key once; with it in `KEY`:

```sh
curl -s localhost:8000/v1/quotes -H "Authorization: Bearer $KEY" \\
  -d '{{"lines": [{{"id": "1", "sku": "t-01", "quantity": 3, "unit_price": 12800}}], "buyer": "mei"}}'
curl -s localhost:8000/v1/claims -H "Authorization: Bearer $KEY" -H "Idempotency-Key: mei-1" \\
  -d '{{"offer": "d12-shop-30", "shopper": "mei"}}'
curl -s localhost:8000/v1/wallets/mei -H "Authorization: Bearer $KEY"
```

## Errors

Every answer that is not a success has this form; `field` is a path into the body, a header or a part of the address:

```json
{{"error": {{"code": "out_of_range", "field": "lines[0].quantity",
  "message": {{"en": "It must be >= 1.", "zh": "须 >= 1。"}}, "detail": {{}}}}}}
```

{codes}

`unavailable` (503) and `too_many_requests` (429) promise nothing and did nothing: send the same again with the same
key. A lost answer to a write is not known to be done or not: send it again with the same key, it is done once.
"""


def papers() -> dict[str, str]:
    """File name → what it must hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.api.app import application
    from festoon.api.refusals import REFUSALS

    app = application()
    schema = app.openapi_schema.to_schema()
    scopes = {
        handler.operation_id: handler.opt.get("scope")
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler.operation_id, str)
    }
    head = HEAD.format(about=schema["info"]["description"], codes=_codes(REFUSALS))
    return {
        "openapi.json": json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "api.md": "\n".join([head, *_pages(schema, scopes)]),
    }


def _pages(schema: dict[str, Any], scopes: dict[str, str | None]) -> Iterator[str]:
    parts: dict[str, str] = {}
    for path, verbs in schema["paths"].items():
        for method, verb in verbs.items():
            yield f"## {method.upper()} {path}\n"
            yield verb["description"].strip() + "\n"
            if scope := scopes[verb["operationId"]]:
                yield f"Scope: `{scope}`\n"
            if body := verb.get("requestBody"):
                name = _named(_content(body))
                if schema["components"]["schemas"][name].get("properties"):
                    yield f"{_about(schema, name)}\n"
                    yield from _fields(schema, name, parts, "needed")
            success = next(status for status in verb["responses"] if status < "300")
            answer = _named(_content(verb["responses"][success]))
            yield f"{success}: {_about(schema, answer)}\n"
            yield from _fields(schema, answer, parts)
            yield _refusals(verb["responses"])
    yield "# Parts\n\nWhat stands in several bodies and answers, each told once.\n"
    told: set[str] = set()
    while left := [part for part in parts if part not in told]:
        told.add(part := left[0])
        yield f"## {part}\n"
        yield f"{_about(schema, part)}\n"
        yield from _fields(schema, part, parts, parts[part])


def _fields(schema: dict[str, Any], name: str, parts: dict[str, str], needed: str = "") -> Iterator[str]:
    """The table of a structure's fields; the structures in it are added to `parts`, once each, with what a field that is
    never left out is called there.
    """
    found = schema["components"]["schemas"][name]
    if not found.get("properties"):
        return
    yield "| field | type | |\n| --- | --- | --- |"
    for field, kind in found["properties"].items():
        said = needed if field in found.get("required", []) else ""
        told = next((part["description"] for part in _ways(kind) if "description" in part), "")
        yield f"| `{field}` | {_type(kind)} | {'. '.join(filter(None, [said, _first(told)]))} |"
        inner = [
            _named(kind),
            _named(kind.get("items", {})),
            _named(_values(kind)),
            _named(_values(kind).get("items", {})),
        ]
        for part in filter(None, inner):
            parts.setdefault(part, needed)
    yield ""


def _about(schema: dict[str, Any], name: str) -> str:
    """What a structure is, in one line."""
    return _first(schema["components"]["schemas"][name].get("description", name))


def _type(kind: dict[str, Any]) -> str:
    if len(ways := _ways(kind)) > 1:
        return " or ".join(_type(part) for part in ways[1:])
    if "$ref" in kind:
        return f"[{_named(kind)}](#{_named(kind).lower()})"
    if "const" in kind or "enum" in kind:
        return " or ".join(f"`{value}`" for value in kind.get("enum", [kind.get("const")]))
    if kind.get("type") == "array":
        return f"list of {_type(kind['items'])}"
    if values := _values(kind):
        return f"object of {_type(values)}"
    limits = [f"{sign} {kind[name]:,}" for name, sign in (("minimum", "≥"), ("maximum", "≤")) if name in kind]
    if "maxLength" in kind:
        limits.append(f"at most {kind['maxLength']} characters")
    return ", ".join([str(kind.get("format") or kind.get("type", "anything")), *limits])


def _codes(known: dict[str, tuple[int, str]]) -> str:
    rows = [f"| {status} | `{code}` | {meaning} |" for code, (status, meaning) in known.items()]
    return "\n".join(["| status | code | |", "| --- | --- | --- |", *rows])


def _refusals(responses: dict[str, Any]) -> str:
    codes = [
        f"{status} {', '.join(re.findall('^(`[a-z_]+`):', response['description'], re.MULTILINE))}"
        for status, response in sorted(responses.items())
        if status >= "400"
    ]
    return f"Refusals: {'; '.join(codes)}.\n"


def _content(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part["content"]["application/json"]["schema"]
    return found


def _named(kind: dict[str, Any]) -> str:
    found = next((part["$ref"] for part in _ways(kind) if "$ref" in part), "")
    return str(found).rsplit("/", 1)[-1]


def _ways(kind: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema, and those it offers to choose from."""
    return [kind, *kind.get("oneOf", ()), *kind.get("anyOf", ())]


def _values(kind: dict[str, Any]) -> dict[str, Any]:
    """What an object holds under names of the caller's own."""
    return kind.get("additionalProperties") or {}


def _first(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    for name, text in papers().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}")
