"""Which handler does which kind of job."""

from __future__ import annotations

from importlib import import_module

from festoon.records.jobs import Handler

KINDS: dict[str, str] = {}
"""Kind of job → where its handler is: module:name."""


def handlers() -> dict[str, Handler]:
    """One handler for each kind of job this installation knows."""
    return {kind: _made(place) for kind, place in KINDS.items()}


def _made(place: str) -> Handler:
    module, _, name = place.partition(":")
    handler: Handler = getattr(import_module(module), name)()
    return handler
