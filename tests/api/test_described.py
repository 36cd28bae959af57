"""The description of /v1 in the hands of Schemathesis: bodies it allows, bodies it forbids, calls that follow on calls.

Whatever comes of them is described: no fault of ours, no status, header or body the description does not name, and
nothing it forbids is taken. tests/api/test_fuzz.py asks what no description leads to: nearly good bodies, raw bytes,
strange addresses.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.parameters import ParameterLocation

from tests.api.conftest import app
from tests.api.good import Good
from tests.prove import proving

pytestmark = [pytest.mark.django_db, pytest.mark.prove("api")]
HERE = "http://testserver"
PROMISES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
)
FOLLOWS = {
    ("quote_basket", "200"): {"hold_quote": {"requestBody": {"token": "$response.body#/token"}}},
    ("hold_quote", "201"): {
        "redeem_hold": {"requestBody": {"hold": "$response.body#/hold"}},
        "cancel_hold": {"parameters": {"hold": "$response.body#/hold"}},
    },
    ("redeem_hold", "201"): {"refund_units": {"requestBody": {"redemption": "$response.body#/redemption"}}},
    ("subscribe_webhook", "201"): {
        name: {"parameters": {"webhook": "$response.body#/webhook"}}
        for name in (
            "webhook",
            "change_webhook",
            "change_webhook_secret",
            "end_webhook",
            "webhook_deliveries",
            "resend_to_webhook",
        )
    },
    ("claim_coupon", "201"): {"wallet": {"parameters": {"shopper": "$request.body#/shopper"}}},
}
"""What a shop does with an answer; in the words of OpenAPI, its links."""
KNOWN = {
    "quantity": [1, 3],
    "goods": [None],
    "currency": ["CNY"],
    "sku": ["t-01", "s-03", "w-03"],
    "skus": [["t-01"], ["t-01", "s-03"]],
    "shopper": ["mei", "tao", "rui"],
    "buyer": ["mei", "tao", "rui"],
    "offer": ["d12-shop-30", "d12-red-envelope"],
    "campaign": ["double-12", "womens-day"],
    "url": ["https://hooks.example.com/in"],
    "code": ["double-12", "womens-day"],
}
"""What means something here: the schema of a name is any text, nothing would be found behind it, and nothing follows."""
BARELY = settings(
    max_examples=settings().max_examples if proving() else 12,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@functools.cache
def description() -> Any:
    """The description as it is served, with what follows on what."""
    data = app().openapi_schema.to_schema()
    operations = {each["operationId"]: each for verbs in data["paths"].values() for each in verbs.values()}
    for (operation, status), links in FOLLOWS.items():
        operations[operation]["responses"][status]["links"] = {
            to: {"operationId": to, **what} for to, what in links.items()
        }
    found = schemathesis.openapi.from_dict(data)
    found.config.generation.with_security_parameters = False
    found.config.checks.negative_data_rejection.expected_statuses = ["4xx"]  # too large is a refusal too
    return found


def operations() -> dict[str, Any]:
    return {each.ok().definition.raw["operationId"]: each.ok() for each in description().get_all_operations()}


def known(name: str, value: Any) -> Any:
    """The value with meaning put into most of its names; some stay what was drawn."""
    if isinstance(value, dict):
        return {inner: known(inner, part) for inner, part in value.items()}
    if isinstance(value, list) and name not in KNOWN:
        return [known(name, part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 1.0 is an integer to JSON Schema, and no whole money to us: `wrong_type`, as documented
    choices = [*KNOWN.get(name, ()), value]
    return choices[len(str(value)) % len(choices)]


def judge(case: Any, good: Good, promises: tuple[str, ...] = PROMISES) -> Any:
    """One request as it was drawn, by the shop's key; its answer, found as described."""
    address = case.operation.path
    if case.meta.generation.mode is GenerationMode.POSITIVE:
        case.body, case.path_parameters = known("", case.body), known("", case.path_parameters)
    case.headers["Authorization"] = f"Bearer {good.cast.key(good.by(address))}"
    sent = case.as_transport_kwargs(base_url=HERE)
    named = {"content" if name == "data" else name: part for name, part in sent.items() if name != "cookies"}
    answer = good.door.request(**named)
    load_all_checks()
    case.validate_response(answer, checks=CHECKS.get_by_names(promises))
    return answer


def kept(case: Any) -> tuple[str, ...]:
    """The promises for a call that follows on another: where only its address was drawn to be wrong, the address of the
    answer stands there now, and nothing of the call is forbidden any more.
    """
    wrong = {place for place, part in case.meta.components.items() if part.mode.is_negative}
    allowed = wrong <= {ParameterLocation.PATH}
    return tuple(each for each in PROMISES if not allowed or each != "negative_data_rejection")


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


@pytest.mark.parametrize("operation", operations())
@BARELY
@given(data=st.data())
def test_what_is_described_is_what_is_answered(good, operation, data):
    mode = data.draw(st.sampled_from(GenerationMode), label="mode")
    judge(data.draw(operations()[operation].as_strategy(generation_mode=mode), label="case"), good)


def test_what_follows_on_an_answer_is_described_too(good):
    wanted, faults = BARELY.max_examples, []

    class Shop(description().as_state_machine()):
        done = 0

        def call(self, case, **_):
            try:
                return schemathesis.Response.from_any(judge(case, good, kept(case)))
            except Exception as fault:
                faults.append(fault)
                raise

        def validate_response(self, response, case, **_):
            """It was judged when it came."""

        def teardown(self):
            Shop.done += 1

    while Shop.done < wanted:
        # whether a link is followed is thrown outside of what Hypothesis records, so it may see the same draws go
        # another way; it ends the series then, and another begins. What a series found is not lost with it
        with contextlib.suppress(FlakyStrategyDefinition):
            Shop.run(settings=settings(BARELY, max_examples=wanted - Shop.done, stateful_step_count=8))
        if faults:
            raise faults[0]
