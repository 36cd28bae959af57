"""A link that signs one person in, once: its token lapses with the next sign-in, the next password, or in three days."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from festoon.catalog import queries
from festoon.records.viewer import SYSTEM


class _Tokens(PasswordResetTokenGenerator):
    """Signed with the installation's secret over password and last sign-in."""

    key_salt = "festoon.catalog.sign_in"


_tokens = _Tokens()


def one_time_path(person: str) -> str:
    """The address, without host, that signs this person in once. Raises LookupError for a code nobody has."""
    user = _user(person)
    if user is None:
        raise LookupError(person)
    return f"/sign-in/{person}/{_tokens.make_token(user)}/"


def who(person: str, token: str) -> Any:
    """The user the token of such a link belongs to; None when it is forged, used or too old."""
    user = _user(person)
    return user if user is not None and _tokens.check_token(user, token) else None


def _user(person: str) -> Any:
    found = queries.people(SYSTEM).filter(code=person, user__is_active=True).first()
    return found.user if found else None
