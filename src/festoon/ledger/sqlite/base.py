"""Django's SQLite back end: a writing transaction waits its turn in the same queue as the store's groups."""

from __future__ import annotations

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the turn at BEGIN IMMEDIATE and gives it back at COMMIT, ROLLBACK or close."""
