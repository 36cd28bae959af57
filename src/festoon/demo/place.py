"""Where the demonstration lives: its folder, its lock, its database, the password of its people."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from festoon.catalog.queries import merchants
from festoon.records.viewer import SYSTEM

PLATFORM = "lantern"


class NotOurs(Exception):
    """The database or the folder is somebody's: the demonstration keeps its hands off."""


def folder() -> Path:
    """var/demo: what the demonstration keeps beside its database."""
    path = Path(settings.FESTOON_VAR) / "demo"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def alone() -> Iterator[None]:
    """One demonstration at a time in one folder. Raises NotOurs when another runs."""
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotOurs(f"Another demonstration runs in {folder()}; stop it first.") from None
        yield


def prepare(*, fresh: bool) -> None:
    """A migrated database that is empty or holds the cast; `fresh` throws away what a demonstration left.

    Raises NotOurs when the database holds another installation's merchants.
    """
    if fresh and (tables := _tables()):
        if "catalog_merchant" not in tables:
            raise NotOurs("The database holds tables of another program; the demonstration wants another.")
        _refuse_others()
        _clear()
    call_command("migrate", verbosity=0, interactive=False)
    _refuse_others()


def password() -> str:
    """What all of the cast sign in with: made once, kept where only this account can read it."""
    path = folder() / "password"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"lantern-{secrets.token_hex(4)}")
    return path.read_text()


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


def _refuse_others() -> None:
    if "catalog_merchant" not in _tables():
        return
    first = merchants(SYSTEM).first()
    if first is not None and first.code != PLATFORM:
        raise NotOurs(f"The database holds an installation of its own ({first.code}); the demonstration wants another.")


def _clear() -> None:
    for kept in ("demo", "lake"):
        for path in (Path(settings.FESTOON_VAR) / kept).glob("*"):
            if path.name != "lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        return
    name = str(settings.DATABASES["default"]["NAME"])
    connection.close()
    for end in ("", "-wal", "-shm"):
        Path(name + end).unlink(missing_ok=True)
