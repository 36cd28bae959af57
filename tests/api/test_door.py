"""Before any verb: who knocks, with what, and that every refusal has one form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def key(door):
    """A key of the platform that may sign shoppers in."""
    return make_key("pages", ["shoppers.sign"])


def make_key(name, scopes):
    from festoon.catalog.actions import take_merchants, take_shoppers
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM

    names = {"name_en": "made up", "name_zh": "虚构"}
    lantern = {"code": "lantern", "currency": "CNY", "zone": "Asia/Shanghai", "source": "made up", **names}
    take_merchants([lantern], by=SYSTEM, now=NOW, key="")
    mei = {"code": "mei", "level": "gold", "orders_placed": 3, "source": "made up", **names}
    assert take_shoppers([mei], by=SYSTEM, now=NOW, key="").taken == 1
    return make_key(name, scopes=scopes, channel="app", by=SYSTEM, now=NOW)[1]


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def error(answer, status, code, field):
    """The answer is this refusal, in the one form every refusal has."""
    body = answer.json()
    assert (answer.status_code, body["error"]["code"], body["error"]["field"]) == (status, code, field), body
    assert list(body) == ["error"] and set(body["error"]) == {"code", "field", "message", "detail"}
    assert body["error"]["message"]["en"] and body["error"]["message"]["zh"]
    return body["error"]


def test_health_needs_no_key(door):
    assert door.get("/v1/health").json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/quotes/x/y", "/v1/../v1/none", "/v1/%00"])
def test_an_address_that_is_not_there(door, path):
    error(door.get(path), 404, "no_such_address", "path")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "BREW"])
def test_a_method_the_address_does_not_answer(door, method):
    answer = door.request(method, "/v1/shopper-tokens")
    error(answer, 405, "method_not_allowed", "method")
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic fst_x", "fst_x", "Bearer fst_" + "a" * 43, "Bearer \xff"]
)
def test_no_key_or_a_wrong_one(door, header):
    headers = {"Authorization": header.encode("latin-1")} if header else {}
    answer = door.post("/v1/shopper-tokens", headers=headers, content=b"not even JSON")
    error(answer, 401, "unauthorised", "Authorization")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(door, key):
    from festoon.api import gate
    from festoon.catalog.machines.actions import revoke_key
    from festoon.records.viewer import SYSTEM

    assert door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"}).status_code == 201
    revoke_key("pages", by=SYSTEM, now=NOW)
    assert door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"}).status_code == 201
    gate.REMEMBERED, before = 0.0, gate.REMEMBERED
    try:
        error(
            door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"}),
            401,
            "unauthorised",
            "Authorization",
        )
    finally:
        gate.REMEMBERED = before


def test_a_key_without_the_scope(door):
    key = make_key("reader", ["wallet.read"])
    refusal = error(door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"}), 403, "forbidden", "")
    assert refusal["detail"] == {"right": "shoppers.sign"}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"", 400, "malformed", "body"),
        (b"{", 400, "malformed", "body"),
        (b"{'shopper': 'mei'}", 400, "malformed", "body"),
        (b'{"shopper": "mei"} {}', 400, "malformed", "body"),
        (b'{"shopper": "\xff"}', 400, "malformed", "body"),
        (b'{"shopper": "\\ud800"}', 400, "malformed", "body"),
        (b"NaN", 400, "malformed", "body"),
        (b"null", 422, "wrong_type", "body"),
        (b"[]", 422, "wrong_type", "body"),
        (b"[" * 100_000, 422, "wrong_type", "body"),
        (b'{"shopper":' + b"[" * 100_000, 422, "wrong_type", "shopper"),
        (b'{"shopper": 1}', 422, "wrong_type", "shopper"),
        (b'{"shopper": null}', 422, "wrong_type", "shopper"),
        (b'{"shopper": ""}', 422, "wrong_length", "shopper"),
        (b'{"shopper": "' + b"m" * 97 + b'"}', 422, "wrong_length", "shopper"),
        (b'{"shopper": "mei\\u0000"}', 422, "wrong_form", "shopper"),
        (b'{"shopper": "mei", "merchant": "kite"}', 422, "unknown_field", "merchant"),
        (b'{"shopper": "mei", "a\\nb": null}', 422, "unknown_field", "a\nb"),
        (b"{}", 422, "missing", "shopper"),
        (b'{"shopper": "nobody"}', 404, "not_found", "shopper"),
        (b'{"shopper": "mei"}' + b" " * 1_048_576, 413, "too_large", "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_is_not_what_it_should_be(door, key, rows, body, status, code, field):
    before = rows()
    error(door.post("/v1/shopper-tokens", headers=bearer(key), content=body), status, code, field)
    assert rows() == before


def test_a_body_in_pieces_is_measured_too(door, key):
    pieces = (b"[" * 65_536 for _ in range(20))
    error(door.post("/v1/shopper-tokens", headers=bearer(key), content=pieces), 413, "too_large", "body")


def test_a_fault_of_ours_has_the_same_form_and_says_nothing_of_the_inside(door, key, monkeypatch, caplog):
    from festoon.api import shopper_tokens

    monkeypatch.setattr(shopper_tokens, "make_shopper_token", lambda *_, **__: 1 // 0)
    answer = door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"})
    error(answer, 500, "internal", "")
    assert "division" not in answer.text and "ZeroDivisionError" in caplog.text


def test_a_database_that_does_not_answer_is_no_fault_of_the_request(door, key, monkeypatch):
    from django.db import OperationalError

    from festoon.api import shopper_tokens

    def gone(*_, **__):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(shopper_tokens, "make_shopper_token", gone)
    answer = door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"})
    error(answer, 503, "unavailable", "")
    assert answer.headers["retry-after"] == "1"


def test_the_token_of_a_shopper_is_read_back(door, key):
    from festoon.checkout.shopper_token import verify_shopper_token

    answer = door.post("/v1/shopper-tokens", headers=bearer(key), json={"shopper": "mei"}).json()
    signed = verify_shopper_token(answer["token"], now=datetime.now(UTC))
    assert (signed.shopper, signed.merchant_id, signed.channel) == ("mei", 1, "app")
    assert signed.ends == datetime.fromisoformat(answer["valid_until"])
