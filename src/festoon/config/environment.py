"""The environment variables an installation may set, each with a default that runs embedded."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
import yaml

from festoon.catalog.other_house import OtherHouse, read
from festoon.config.mail import Mail
from festoon.config.mail import read as read_mail


def var() -> Path:
    """The folder of everything generated: database, lake, secret, static files. FESTOON_VAR, default ./var."""
    path = Path(os.environ.get("FESTOON_VAR", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(folder: Path) -> str:
    """FESTOON_SECRET_KEY, else one made once and kept readable by its owner only."""
    if given := os.environ.get("FESTOON_SECRET_KEY"):
        return given
    path = folder / "secret"
    if not path.exists():
        _made_once(path)
    return path.read_text()


def _made_once(path: Path) -> None:
    """The file there whole or not at all; of several processes that begin at the same moment one makes it for all."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
        out.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(aside, path)
    Path(aside).unlink()


def old_secrets() -> list[str]:
    """FESTOON_OLD_SECRET_KEYS, comma separated: what was signed or sealed with one of them is still read; default none."""
    return [each for each in os.environ.get("FESTOON_OLD_SECRET_KEYS", "").split(",") if each]


def https() -> bool:
    """FESTOON_HTTPS=1: browsers reach the screens by https only, so that no cookie ever goes in the clear."""
    if (given := os.environ.get("FESTOON_HTTPS", "0")) not in ("0", "1"):
        raise ValueError(f"FESTOON_HTTPS: 0 or 1, not {given}")
    return given == "1"


def hosts() -> list[str]:
    """FESTOON_HOSTS, comma separated; default this machine only."""
    return os.environ.get("FESTOON_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")


DOORS = ("api", "console", "shop")
"""Each for one audience; `api` is /v1, the others are screens."""


def doors() -> list[str]:
    """FESTOON_DOORS, comma separated; default all. Raises ValueError for one nobody knows."""
    named = [door.strip() for door in os.environ.get("FESTOON_DOORS", "").split(",") if door.strip()]
    if unknown := sorted(set(named) - set(DOORS)):
        raise ValueError(f"FESTOON_DOORS: no such door: {', '.join(unknown)}; there are {', '.join(DOORS)}")
    return named or list(DOORS)


def other_house() -> OtherHouse | None:
    """FESTOON_SIGN_IN, a YAML file about another house that vouches for our people; default none.

    The secret may stand in FESTOON_SIGN_IN_SECRET instead. Raises ValueError naming the file and what is wrong with it.
    """
    path = os.environ.get("FESTOON_SIGN_IN")
    if not path:
        return None
    try:
        told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        given = os.environ.get("FESTOON_SIGN_IN_SECRET")
        return read({**told, "secret": given} if given else told)
    except (OSError, TypeError, ValueError, yaml.YAMLError) as wrong:
        raise ValueError(f"FESTOON_SIGN_IN, {path}:\n{wrong}") from wrong


def mail() -> Mail:
    """FESTOON_MAIL, how letters about reviews leave (default: none do); with it FESTOON_MAIL_FROM and FESTOON_ADDRESS."""
    given = (os.environ.get(f"FESTOON_{name}", "").strip() for name in ("MAIL", "MAIL_FROM", "ADDRESS"))
    return read_mail(*given)


def database(folder: Path) -> dict[str, Any]:
    """FESTOON_DATABASE_URL, default an SQLite file (write-ahead log, full sync, writes begin immediately)."""
    url = os.environ.get("FESTOON_DATABASE_URL") or f"sqlite:///{folder / 'festoon.sqlite3'}"
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600))
    if found["ENGINE"].endswith("sqlite3"):
        found["ENGINE"] = "festoon.ledger.sqlite"
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        found["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    return found
