"""The machine door as one Litestar application."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from festoon import __version__
from festoon.api.body import Strict
from festoon.api.errors import HANDLERS
from festoon.api.gate import scoped
from festoon.api.health import health
from festoon.api.shopper_tokens import sign_shopper

AT_ONCE = 16
"""Threads for verbs: each holds a database connection while it works."""
LIMIT = 1_048_576
"""Bytes a body may have."""
ABOUT = """The machine door of Festoon: price a basket, hold the price, redeem it, give units back, claim coupons.

Money is whole minor units (fen, cents). Channel, store and merchant come from the API key, never from the body.
Every write names itself by an `Idempotency-Key`. Every error has one form: `error.code` for machines, `error.field`
for the input it is about, `error.message` in English and Chinese."""


def openapi() -> OpenAPIConfig:
    """What the description says of itself; it is served at /v1/openapi.json."""
    bearer = SecurityScheme(type="http", scheme="bearer", description="An API key: fst_…")
    return OpenAPIConfig(
        title="Festoon",
        version=__version__,
        description=ABOUT,
        path="/openapi.json",
        render_plugins=[JsonRenderPlugin(path="/")],
        components=Components(security_schemes={"key": bearer}),
        security=[{"key": []}],
        use_handler_docstrings=True,
    )


def _threads() -> None:
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="festoon-api")
    asyncio.get_running_loop().set_default_executor(threads)


def application() -> Litestar:
    """A new application; Django must be set up before."""
    return Litestar(
        path="/v1",
        route_handlers=[health, sign_shopper],
        dto=Strict,
        guards=[scoped],
        exception_handlers=HANDLERS,
        openapi_config=openapi(),
        request_max_body_size=LIMIT,
        on_startup=[_threads],
        logging_config=None,
        debug=False,
    )
