"""One ASGI application with two kinds of doors: /v1 for machines (Litestar), the rest for people (Django's WSGI)."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, cast

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.translation import override

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MACHINES = "api"
PEOPLE_AT_ONCE = 8
"""Threads for people's screens: each holds a database connection."""


def application() -> App:
    """What the server runs: the doors that FESTOON_DOORS names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    django.setup()
    from festoon.api.app import served as machines

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    doors = set(settings.FESTOON_DOORS)
    people = None
    if doors - {MACHINES}:
        people = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=PEOPLE_AT_ONCE)
        _read_screens()
    return dispatch(machines() if MACHINES in doors else None, people)


def _read_screens() -> None:
    """Import every screen and its words before the doors open: or the first visitor waits a second, and all with them."""
    for language, _ in settings.LANGUAGES:
        with override(language):
            get_resolver().reverse_dict  # noqa: B018 it is made when it is asked for


def dispatch(machines: Any, people: Any) -> App:
    """Send each request to the door its address belongs to; the server's start and stop are the machines' only.

    A door that is None is not here: its addresses are answered 404.
    """

    async def to_door(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await (machines or _nothing_to_start)(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
        elif door := machines if _is_for_machines(scope["path"]) else people:
            await door(scope, receive, send)
        else:
            await _not_here(send)

    return to_door


def _is_for_machines(path: str) -> bool:
    return path == "/v1" or path.startswith("/v1/")


async def _nothing_to_start(_scope: Message, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _not_here(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": "This door is not here. 此入口未开放。\n".encode()})
