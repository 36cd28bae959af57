"""How an endpoint is written: a function of a Struct, run in the thread pool, with its scope and its refusals."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import close_old_connections
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter

from festoon.api.gate import KEY_FORM, KEY_HEADER
from festoon.api.refusals import ALWAYS, BODY, KEYED, WRITING, documented

Key = Annotated[
    str,
    HeaderParameter(
        name=KEY_HEADER,
        required=True,
        pattern=KEY_FORM,
        description="Names this write. Sent again with the same body it is answered again and done once.",
    ),
]
WHEN_DONE = {200: "Here it is.", 201: "Done."}
Endpoint = Callable[[Callable[..., Any]], HTTPRouteHandler]


def now() -> datetime:
    """The door's clock: the moment every verb behind it is given."""
    return datetime.now(UTC)


def reads(path: str, *, scope: str | None, refuses: Iterable[str] = ()) -> Endpoint:
    """GET: shows something, changes nothing."""
    codes = {*ALWAYS, *(KEYED if scope else ()), *refuses}
    return _endpoint(get, path, codes, scope=scope)


def asks(path: str, *, scope: str, refuses: Iterable[str] = (), status: int = 200) -> Endpoint:
    """POST that answers and writes nothing: needs no idempotency key."""
    return _endpoint(post, path, {*ALWAYS, *KEYED, *BODY, *refuses}, scope=scope, status=status)


def writes(path: str, *, scope: str, refuses: Iterable[str] = (), status: int = 201) -> Endpoint:
    """POST that writes: needs an idempotency key; sent again with it, it is answered again and done once."""
    codes = {*ALWAYS, *KEYED, *BODY, *WRITING, *refuses}
    return _endpoint(post, path, codes, scope=scope, status=status, writes=True)


def _endpoint(
    method: Any, path: str, codes: set[str], *, scope: str | None, status: int = 200, writes: bool = False
) -> Endpoint:
    def made(function: Callable[..., Any]) -> HTTPRouteHandler:
        handler: HTTPRouteHandler = method(
            path,
            status_code=status,
            opt={"scope": scope, "writes": writes, "refuses": frozenset(codes)},
            responses=documented(codes),
            security=None if scope else [{}],
            operation_id=function.__name__,
            summary=(function.__doc__ or "").split(".")[0],
            description=inspect.getdoc(function),
            response_description=WHEN_DONE[status],
            sync_to_thread=True,
        )(fresh(function))
        return handler

    return made


def fresh(function: Callable[..., Any]) -> Callable[..., Any]:
    """A database connection that died or grew old is let go before and after the thread uses it."""

    @functools.wraps(function)
    def run(*given: Any, **named: Any) -> Any:
        close_old_connections()
        try:
            return function(*given, **named)
        finally:
            close_old_connections()

    return run
