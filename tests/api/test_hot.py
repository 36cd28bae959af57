"""What stands before the application says what the application says, byte for byte, and takes only what it knows."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.api.conftest import app, forget_everything
from tests.api.good import BASKET

pytestmark = pytest.mark.django_db
LONGEST = 1_048_576


class Spied:
    """The application, counting what reaches it."""

    def __init__(self, inner) -> None:
        self.inner, self.asked = inner, 0

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        await self.inner(scope, receive, send)


@pytest.fixture
def both(cast, monkeypatch):
    """Ask the application, and the hot routes before it, the same at the same moment: what each said, and whether
    the application was needed."""
    from festoon.api import quotes

    now = datetime.now(UTC)
    monkeypatch.setattr(quotes, "now", lambda: now)
    forget_everything()
    headers = {"Authorization": f"Bearer {cast.key('demo-app')}"}

    def ask(body, method="POST", **more):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(_both(method, content, {**headers, **more}))

    yield ask
    forget_everything()


async def _both(method, content, headers):
    from django.db import connection, connections

    from festoon.api import ways
    from festoon.api.hot import Hot
    from festoon.api.hot_quotes import HotQuotes

    spied, way = Spied(app()), ways.way(connection.settings_dict)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    try:
        plain = await _asked(app(), method, content, headers)
        door = Hot(spied, {"/v1/quotes": HotQuotes(way).route()}, LONGEST)
        return plain, await _asked(door, method, content, headers), spied.asked > 0
    finally:
        await way.close()
        await loop.run_in_executor(None, connections.close_all)


async def _asked(door, method, content, headers, path="/v1/quotes"):
    """Status, headers in order of name, and body."""
    half, sent = len(content) // 2, []
    coming = [
        {"type": "http.request", "body": content[:half], "more_body": True},
        {"type": "http.request", "body": content[half:], "more_body": False},
    ]

    async def receive():
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "http_version": "1.1", "asgi": {"version": "3.0"}, "scheme": "http", "server": ("here", 80),
        "client": ("there", 1), "root_path": "", "state": {}, "extensions": {},
    }  # fmt: skip
    await door(scope, receive, send)
    return sent[0]["status"], sorted(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:])


def lines(**more):
    return [{**BASKET[0], **more}, BASKET[1]]


TAKEN = {
    "a basket": {"lines": BASKET},
    "of a buyer": {"lines": BASKET, "buyer": "mei", "shipping": 800},
    "of another": {"lines": BASKET, "buyer": "tao"},
    "with words": {"lines": BASKET, "buyer": "mei", "words": True},
    "without verdicts": {"lines": BASKET, "explain": "none"},
    "in full": {"lines": BASKET, "buyer": "mei", "explain": "full"},
    "in a currency": {"lines": BASKET, "currency": "CNY"},
    "in a scene": {"lines": BASKET, "scene": "live"},
}
REFUSED = {
    "unknown goods": {"lines": lines(sku="t-99")},
    "unknown buyer": {"lines": BASKET, "buyer": "nobody"},
    "unknown coupon": {"lines": BASKET, "buyer": "mei", "chosen": ["X"]},
    "nobody's coupon": {"lines": BASKET, "chosen": ["X"]},
    "twice": {"lines": [BASKET[0], BASKET[0]]},
    "too many": {"lines": [{**BASKET[0], "id": str(n), "quantity": 9999} for n in range(2)]},
    "another currency": {"lines": BASKET, "currency": "USD"},
}
ODD = {
    "no JSON": b"{",
    "nothing": b"",
    "no UTF-8": b'{"lines": "\xff"}',
    "deep": b"[" * 100_000,
    "no lines": {},
    "a text for a number": {"lines": lines(quantity="1")},
    "an unknown field": {"lines": BASKET, "merchant": "kite"},
    "a control character": {"lines": lines(id="a\x1f")},
    "the last of ASCII": b'{"lines": [{"id": "1", "sku": "a\x7f", "quantity": 1, "unit_price": 1}]}',
    "the same behind a backslash": {"lines": lines(sku="a\x7f")},
    "a name that is too long": {"lines": BASKET, "buyer": "m" * 65},
    "a name that is empty": {"lines": lines(id="")},
    "too large": b'{"lines": []}' + b" " * LONGEST,
}


@pytest.mark.parametrize("body", [*TAKEN.values(), *REFUSED.values()], ids=[*TAKEN, *REFUSED])
def test_it_answers_by_itself_what_the_application_answers(both, body):
    plain, before, needed = both(body)
    assert before == plain
    assert not needed


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_what_cannot_be_read_goes_to_the_application_whole(both, body):
    plain, before, needed = both(body)
    assert before == plain and plain[0] >= 400
    assert needed


@pytest.mark.parametrize("key", ["", "Bearer fst_" + "a" * 43, "Basic x"])
def test_so_does_who_has_no_key(both, key):
    plain, before, needed = both({"lines": BASKET}, Authorization=key)
    assert before == plain and plain[0] == 401
    assert needed


def test_so_does_another_method(both):
    plain, before, needed = both(b"", method="GET")
    assert before == plain and plain[0] == 405
    assert needed


def test_a_fault_on_the_short_way_is_no_fault_of_the_door(both, monkeypatch):
    from festoon.api import ways

    async def broken(*_):
        raise OSError("the database is gone")

    for way in (ways.SqliteWay, ways.PostgresWay):
        monkeypatch.setattr(way, "rows", broken)
    plain, before, needed = both({"lines": BASKET, "buyer": "mei"})
    assert before == plain and plain[0] == 200
    assert needed
