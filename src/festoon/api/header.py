"""One header of a request, read without the framework."""

from __future__ import annotations

from typing import Any


def header(scope: Any, name: bytes) -> bytes:
    """The first header of this name, in small letters; empty where there is none."""
    for each, value in scope.get("headers", ()):
        if each == name:
            found: bytes = value
            return found
    return b""
