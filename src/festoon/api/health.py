"""Is it there, and does its database answer?"""

from __future__ import annotations

import msgspec
from django.db import connection

from festoon import __version__
from festoon.api.door import reads


class Health(msgspec.Struct):
    """It is there and its database answers."""

    status: str
    version: str


@reads("/health", scope=None)
def health() -> Health:
    """Whether this process serves: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health(status="ok", version=__version__)
