"""festoon people: let the first administrator in, and anybody who lost their way in or their second factor."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon people` takes."""
    parser = subparsers.add_parser(
        "people", help="invite a colleague, make a link that signs one in once, reset a factor"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    invite = verbs.add_parser("invite", help="a new colleague; prints the path that signs them in, once")
    invite.add_argument("code", help="what they sign in as, such as wu")
    invite.add_argument(
        "--merchant", required=True, help="code of the company they are of; the platform's for the first"
    )
    invite.add_argument("--name", required=True, help="their name in English")
    invite.add_argument("--name-zh", default="", help="their name in Chinese")
    invite.add_argument("--roles", required=True, help="comma separated, such as admin; docs/rights.md lists them")
    invite.add_argument("--email", default="", help="by which another house that vouches for them finds them")
    link = verbs.add_parser("link", help="a path that signs somebody in, once, for three days")
    link.add_argument("code")
    reset = verbs.add_parser("reset", help="somebody lost phone and paper: they come in without a second factor")
    reset.add_argument("code")
    reset.add_argument("--why", required=True, help="the reason, for the audit")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do the verb; 1 and a sentence on standard error when it is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.base.words import Words
    from festoon.catalog import second_factor
    from festoon.catalog.colleagues import add_person
    from festoon.catalog.sign_in import one_time_path
    from festoon.cli.migrate import settle
    from festoon.records.refusal import Refusal
    from festoon.records.viewer import SYSTEM

    try:
        if given.verb == "invite":
            roles = [role.strip() for role in given.roles.split(",") if role.strip()]
            name = Words(given.name, given.name_zh or given.name)
            how: dict[str, Any] = {"roles": roles, "email": given.email, "by": SYSTEM, "now": datetime.now(UTC)}
            add_person(given.code, merchant=given.merchant, name=name, **how)
            settle()
        if given.verb == "reset":
            second_factor.reset(given.code, why=given.why, by=SYSTEM, now=datetime.now(UTC))
            return 0
        print(one_time_path(given.code))
    except Refusal as refusal:
        print(f"festoon people: {refusal.field}: {refusal.words.en} {refusal.words.zh}", file=sys.stderr)
        return 1
    except LookupError:
        print("festoon people: nobody has this code", file=sys.stderr)
        return 1
    return 0
