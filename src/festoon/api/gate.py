"""Who stands at the door: an API key becomes a Viewer before anything of the request is read."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from typing import Any

from django.db import close_old_connections
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from festoon.base.words import Words
from festoon.catalog.machines import queries
from festoon.catalog.machines.actions import PREFIX, digest
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

REMEMBERED = 2.0
"""Seconds a key is believed without another look: a revoked key opens nothing after that."""
LOOKED_AGAIN = REMEMBERED / 2
"""Seconds after which a key that is used is looked up again, beside the requests."""
KEY_HEADER = "Idempotency-Key"
KEY_FORM = r"^[\x21-\x7e]{1,255}$"
_known: dict[str, tuple[float, Viewer]] = {}
_looking: dict[str, asyncio.Task[None]] = {}


async def scoped(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every endpoint with a `scope`: 401 without a live key, 403 without the scope, 400 without
    an idempotency key where something is written.
    """
    scope = handler.opt.get("scope")
    if scope is None:
        return
    viewer = await viewer_of(connection.headers.get("authorization", ""))
    viewer.require(scope)
    if handler.opt.get("writes"):
        checked_key(connection.headers.get(KEY_HEADER))
    connection.scope["user"] = viewer


async def viewer_of(header: str) -> Viewer:
    """The viewer a header `Bearer fst_…` stands for. Raises Refusal 401, the same for every wrong key."""
    found = digest(_key_of(header))
    seen = _known.get(found)
    age = time.monotonic() - seen[0] if seen else REMEMBERED
    if seen is None or age >= REMEMBERED:
        return await _looked_up(found)
    if age >= LOOKED_AGAIN and found not in _looking:
        _looking[found] = asyncio.create_task(_again(found))
    return seen[1]


async def _looked_up(found: str) -> Viewer:
    began = time.monotonic()
    viewer = await sync_to_thread(_look_up, found)
    if viewer is None:
        _known.pop(found, None)
        raise unauthorised()
    _known[found] = (began, viewer)
    return viewer


async def _again(found: str) -> None:
    """Look a key up beside the requests that use it, before it is too old to be believed, so that none waits.

    When the database does not answer, those who come after it was believed for the last time say so.
    """
    try:
        with suppress(Exception):
            await _looked_up(found)
    finally:
        del _looking[found]


def _key_of(header: str) -> str:
    """The key of the header; raises Refusal 401 for none."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "bearer" or not text.startswith(PREFIX):
        raise unauthorised()
    return text


def unauthorised() -> Refusal:
    """No key, a wrong one or a revoked one."""
    words = Words(
        en="Send a live API key: Authorization: Bearer fst_…", zh="请提供有效密钥：Authorization: Bearer fst_…"
    )
    return Refusal("unauthorised", words, field="Authorization", status=401)


def _look_up(found: str) -> Viewer | None:
    close_old_connections()
    try:
        return queries.viewer_of(found)
    finally:
        close_old_connections()


def checked_key(key: str | None) -> str:
    """The idempotency key of a write; raises Refusal 400 without one, or for one that is none."""
    if key is None:
        words = Words(en="Every write needs an Idempotency-Key.", zh="每个写请求都需要 Idempotency-Key。")
        raise Refusal("key_missing", words, field=KEY_HEADER, status=400)
    if not re.fullmatch(KEY_FORM, key):
        words = Words(en="A key has 1 to 255 visible ASCII characters.", zh="幂等键为 1 至 255 个可见 ASCII 字符。")
        raise Refusal("key_malformed", words, field=KEY_HEADER, status=400)
    return key


def forget() -> None:
    """Believe no key without a look: for a process whose database was changed under it."""
    _known.clear()
