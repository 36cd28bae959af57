"""Whatever is sent, the answer is one the description promises: never a fault of ours, and a success as described.

Here go bodies that are nearly good, raw bytes and strange addresses; what the description itself leads to is in
tests/api/test_described.py.
"""

from __future__ import annotations

import functools
import json
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.api.conftest import app
from tests.api.good import Good
from tests.api.test_reachable import NAMES, promised

pytestmark = [pytest.mark.django_db, pytest.mark.prove("api")]
PLAIN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
BODIES = ["quotes", "holds", "cancel", "redemptions", "refunds", "claims", "events", "shopper-tokens"]
ADDRESSES = {"wallet": "/v1/wallets/{}", "campaign": "/v1/campaigns/{}", "cancel": "/v1/holds/{}/cancel"}
KNOWN = ["mei", "tao", "t-01", "s-03", "w-03", "d12-shop-30", "d12-red-envelope", "d12-300-less-50", "double-12", "1"]
NASTY = [
    "",
    "\0",
    "\u202e",
    "é",
    "💥" * 40,
    "' OR 1=1 --",
    "../..",
    "%00",
    "{}",
    "$x",
    "NaN",
    "-0",
    "1e400",
    "a" * 5000,
]
texts = st.sampled_from(KNOWN) | st.sampled_from(NASTY) | st.text(max_size=20)
numbers = st.integers(-2, 12) | st.sampled_from([2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30])
scalars = st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


@pytest.mark.parametrize("verb", BODIES)
@PLAIN
@given(data=st.data())
def test_no_body_breaks_the_door(good, verb, data):
    _, address, body = good.request(verb)
    sent = data.draw(spoilt(body) | anything, label="body")
    judge(verb, good.ask(address, sent), address)


@pytest.mark.parametrize("verb", BODIES)
@PLAIN
@given(raw=st.binary(max_size=200) | st.text(alphabet='{}[]":,0e+-.\\u", ', max_size=60).map(str.encode))
def test_no_bytes_break_the_door(good, verb, raw):
    _, address, _ = good.request(verb)
    headers = {"Authorization": f"Bearer {good.cast.key('demo-app')}", "Idempotency-Key": "bytes"}
    judge(verb, good.door.post(address, content=raw, headers=headers), address)


@pytest.mark.parametrize("verb", ADDRESSES)
@PLAIN
@given(part=texts.filter(lambda text: text.strip("/.") != ""))
def test_no_address_breaks_the_door(good, verb, part):
    from urllib.parse import quote

    address = ADDRESSES[verb].format(quote(part, safe=""))
    answer = good.ask(address, method="POST" if verb == "cancel" else "GET")
    judge(verb, answer, address, more={"no_such_address", "method_not_allowed"})


@PLAIN
@given(key=st.text(alphabet=string.printable, max_size=300))
def test_no_idempotency_key_breaks_the_door(good, key):
    headers = {"Authorization": f"Bearer {good.cast.key('demo-app')}", "Idempotency-Key": key.encode()}
    judge(
        "claims", good.door.post("/v1/claims", json={"offer": "d12-shop-30", "shopper": "nobody"}, headers=headers), ""
    )


def judge(verb: str, answer: Any, address: str, more: frozenset[str] | set[str] = frozenset()) -> None:
    """A documented refusal in the one form, or a success of the described structure."""
    body = answer.json()
    if answer.status_code >= 300:
        from festoon.api.refusals import REFUSALS

        code = body["error"]["code"]
        assert code in promised(verb) | more, (address, body)
        assert REFUSALS[code][0] == answer.status_code < 500, (address, body)
        assert code in {"not_found", "no_such_address"} or body["error"]["field"], body
        return
    answers(verb, answer.status_code).validate(body)


@functools.cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = app().openapi_schema.to_schema()
    return found


@functools.cache
def described(verb: str) -> dict[str, Any]:
    """The description of one endpoint."""
    verbs = [verb for verbs in description()["paths"].values() for verb in verbs.values()]
    return next(found for found in verbs if found["operationId"] == NAMES[verb])


@functools.cache
def answers(verb: str, status: int) -> Draft202012Validator:
    """What a success of one endpoint must be."""
    schema = described(verb)["responses"][str(status)]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": description()["components"]})


@st.composite
def spoilt(draw: Any, body: Any) -> Any:
    """A good body with one part changed, left out or added."""
    found = json.loads(json.dumps(body))
    places = [place for place in _places(found) if place]
    if not places:
        return draw(anything)
    *way, last = draw(st.sampled_from(places))
    inner = found
    for step in way:
        inner = inner[step]
    change = draw(st.sampled_from(["put", "put", "drop", "add"]))
    if change == "drop":
        del inner[last]
    elif change == "add" and isinstance(inner, dict):
        inner[draw(texts)] = draw(anything)
    else:
        inner[last] = draw(anything)
    return found


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for step, part in inner for place in _places(part, (*way, step)))]
