"""What outsiders read is what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["openapi.json", "api.md"])
def test_the_papers_are_those_of_this_code(name):
    from tools.api_papers import papers

    assert (DOCS / name).read_text(encoding="utf-8") == papers()[name], "run: .venv/bin/python tools/api_papers.py"


def test_the_description_is_valid_openapi():
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(description()).validate()


def test_every_answer_is_described():
    for where, verb in operations():
        for status, response in verb["responses"].items():
            assert response["content"]["application/json"]["schema"].get("$ref"), (where, status)
            assert response["description"] and "Bad request syntax" not in response["description"], (where, status)


def test_every_endpoint_but_health_needs_a_key():
    assert [where for where, verb in operations() if verb.get("security") == [{}]] == ["get /v1/health"]


def test_every_write_needs_an_idempotency_key():
    asks = {"post /v1/quotes", "post /v1/prices", "post /v1/shopper-tokens"}
    for where, verb in operations():
        headers = [each for each in verb.get("parameters", []) if each["in"] == "header"]
        needs = [each["name"] for each in headers if each["required"]] == ["Idempotency-Key"]
        assert needs == (where.startswith("post ") and where not in asks), where


def description():
    from festoon.api.app import application

    return application().openapi_schema.to_schema()


def operations():
    for path, verbs in description()["paths"].items():
        for method, verb in verbs.items():
            yield f"{method} {path}", verb
