"""The routes that are asked thousands of times a second, answered without the framework around them.

Each stands in front of an endpoint of the application that says the same: that one is what the OpenAPI paper describes,
and whatever is out of the ordinary (no key, a body that cannot be read, a fault) goes to it, whole and unread. A test
asks both the same and compares every byte.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.types import ASGIApp, Receive, Send

from festoon.api import gate
from festoon.api.bare import Bare
from festoon.api.header import header
from festoon.records.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Route:
    """One POST: which right it needs, how its body is read, what answers it with which status.

    What writes is `keyed`: it is given the idempotency key too, and so may be asked again by the application.
    """

    scope: str
    read: Callable[[bytes], Any]
    answer: Callable[..., Awaitable[Any]]
    keyed: bool = False
    status: int = 200

    async def __call__(self, scope: Any, body: bytes) -> Bare | None:
        """What it says; None when the application is to say it."""
        try:
            viewer = await gate.viewer_of(_text(scope, b"authorization"))
            viewer.require(self.scope)
            keys = [gate.checked_key(_text(scope, b"idempotency-key"))] if self.keyed else []
            data = self.read(body)
        except Exception:  # noqa: BLE001 who has no key, whose body cannot be read, when nobody can be looked up
            return None
        try:
            return Bare(await self.answer(data, viewer, *keys), status=self.status)
        except Refusal as refusal:
            return Bare.of(refusal)
        except Exception:  # noqa: BLE001 nothing was written, or it is found by its key: the application tries and logs
            return None


class Hot:
    """Stands before the application and takes what it knows; `longest` is how many bytes a body may have."""

    def __init__(self, app: ASGIApp, routes: Mapping[str, Route], longest: int) -> None:
        self._app, self._routes, self._longest = app, routes, longest

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer, or hand on to the application what nothing was answered to."""
        route = self._routes.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        body, messages = await _read(receive, self._longest)
        done = None if body is None else await route(scope, body)
        await (done.send(send) if done else self._app(scope, _again(messages, receive), send))


def _text(scope: Any, name: bytes) -> str:
    return header(scope, name).decode("latin-1")


async def _read(receive: Receive, longest: int) -> tuple[bytes | None, list[Any]]:
    """The body, None when it is longer than it may be or the caller has gone; and the messages it came in."""
    messages: list[Any] = []
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message: Any = await receive()
        messages.append(message)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if message["type"] != "http.request" or size > longest:
            return None, messages
    return b"".join(parts), messages


def _again(messages: list[Any], receive: Receive) -> Receive:
    """The messages once more, then what comes after them."""
    waiting = iter(messages)

    async def replay() -> Any:
        return next(waiting, None) or await receive()

    return replay
