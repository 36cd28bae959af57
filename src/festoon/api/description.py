"""The OpenAPI description, finished: what Litestar leaves out is filled in, what it guesses wrong is taken out."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from festoon import __version__

ABOUT = """Price a basket, hold the price, redeem it, give units back, claim coupons.

Money is whole minor units (fen, cents). Channel, store and merchant come from the API key, never from the body.
Every write names itself by an `Idempotency-Key`. Every error has one form: `error.code` for machines, `error.field`
for the input it is about, `error.message` in English and Chinese."""
GUESSED = "Bad request syntax or unsupported method"


def config() -> OpenAPIConfig:
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


def finish(app: Litestar) -> Litestar:
    """Give every structure its docstring and each body its own schema, and drop the 400 that Litestar guesses for
    addresses with a parameter.
    """
    found = app.openapi_schema
    schemas = found.components.schemas
    structs = {struct.__name__: struct for struct in _structs(msgspec.Struct) if struct.__name__ in schemas}
    for name, struct in structs.items():
        schemas[name].description = schemas[name].description or inspect.getdoc(struct)
    schemas.update(_bodies(list(structs.values())))  # type: ignore[arg-type]
    for path in (found.paths or {}).values():
        for verb in (path.get, path.post):
            answers = verb.responses if verb else None
            if answers and "400" in answers and answers["400"].description == GUESSED:
                del answers["400"]
    return app


def _bodies(structs: list[type[msgspec.Struct]]) -> dict[str, dict[str, Any]]:
    """What is read is described by what reads it: Litestar would leave out the limits of parts of lists and of names of
    fields, and that no other field is taken.
    """
    read = [struct for struct in structs if struct.__struct_config__.forbid_unknown_fields]
    _, found = msgspec.json.schema_components(read, ref_template="#/components/schemas/{name}")
    for schema in found.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    return found


def _structs(struct: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    below = [part for sub in struct.__subclasses__() for part in [sub, *_structs(sub)]]
    return [part for part in below if part.__module__.startswith("festoon.api")]
