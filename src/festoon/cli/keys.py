"""festoon keys: make, list and revoke the API keys of the shop's own systems."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon keys` takes."""
    parser = subparsers.add_parser("keys", help="make, list and revoke API keys")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="make a key; its text is shown this once")
    make.add_argument("name", help="what the key is called in the audit, such as app-server")
    make.add_argument("--merchant", default="", help="code of the merchant it speaks for (default: the platform)")
    make.add_argument("--scopes", required=True, help="comma separated, such as quotes.write,holds.write")
    make.add_argument("--channel", required=True, help="the channel its requests come from, such as app")
    make.add_argument("--store", default="", help="code of the store its requests come from, if it is a till")
    revoke = verbs.add_parser("revoke", help="a key opens nothing any more")
    revoke.add_argument("name")
    revoke.add_argument("--merchant", default="")
    revoke.add_argument("--why", default="", help="kept in the audit")
    verbs.add_parser("list", help="every key: name, merchant, channel, scopes, state")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do the verb; 1 and a sentence on standard error when it is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.records.refusal import Refusal

    try:
        {"make": _make, "revoke": _revoke, "list": _list}[given.verb](given)
    except Refusal as refusal:
        print(f"festoon keys: {refusal.field}: {refusal.words.en} {refusal.words.zh}", file=sys.stderr)
        return 1
    return 0


def _make(given: argparse.Namespace) -> None:
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM

    scopes = [scope.strip() for scope in given.scopes.split(",") if scope.strip()]
    _, text = make_key(
        given.name,
        merchant=given.merchant,
        scopes=scopes,
        channel=given.channel,
        store=given.store,
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    print(text)


def _revoke(given: argparse.Namespace) -> None:
    from festoon.catalog.machines.actions import revoke_key
    from festoon.records.viewer import SYSTEM

    revoke_key(given.name, merchant=given.merchant, why=given.why, by=SYSTEM, now=datetime.now(UTC))


def _list(given: argparse.Namespace) -> None:
    del given
    from festoon.catalog.machines import queries
    from festoon.records.viewer import SYSTEM

    for key in queries.keys(SYSTEM):
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC" if key.revoked_at else "live"
        print("\t".join([key.name, key.merchant.code, key.channel, key.store, ",".join(key.scopes), state]))
