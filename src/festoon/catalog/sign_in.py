"""Coming in: by a link that works once, or by name and password, of which nobody may try many.

A link's token lapses with the next sign-in, the next password, or in three days. A try is written down before the
password is looked at and taken off when it was right, so tries at one moment count too; every failure, whatever was
wrong with it, is answered with the same words after the same time. Codes of a second factor are tries as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries
from festoon.catalog.models import SignInTry
from festoon.records.canonical import digest
from festoon.records.pace import evenly
from festoon.records.refusal import Refusal
from festoon.records.tables import insert, wait_for
from festoon.records.viewer import SYSTEM

WINDOW = {"name": timedelta(minutes=5), "address": timedelta(minutes=5), "code": timedelta(days=1)}
MOST = {"name": 10, "address": 50, "code": 30}
"""Failures in WINDOW by whose name was tried, and from where: many colleagues share an office's address.

Of codes fewer: who tries them knows the password already, and one in 300,000 is right.
"""
STEP = 500
"""Milliseconds: a failure is answered after a whole number of these."""
TOO_MANY = Words("Too many tries; try again in a few minutes.", "尝试次数过多，请几分钟后再试。")
WRONG = Words("Name and password do not match.", "用户名或密码不正确。")


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


def by_password(name: str, password: str, *, near: str, now: datetime) -> Any:
    """The user of this name and password; `near` is the address somebody tries from.

    Raises Refusal 401 `wrong` for every pair that is not right, 429 `too_many_tries` after ten failures for a name or
    fifty from an address within five minutes. Dies it half-way, the try counts as a failure.
    """
    with counted(now, name=name, address=near):
        user = authenticate(username=name, password=password)
        if user is None:
            raise Refusal("wrong", WRONG, field="username", status=401)
    return user


@contextmanager
def counted(now: datetime, **tried: str) -> Iterator[None]:
    """What is done inside is a try of each `tried` kind of MOST: a failure, unless it ends without a Refusal.

    Raises Refusal 429 `too_many_tries` before it begins when there were too many. Not to be called in a transaction:
    the try has to stay when what is inside is rolled back.
    """
    began = time.monotonic_ns()
    tries = _write_down([(kind, name.lower()) for kind, name in tried.items()], now)
    try:
        yield
    except Refusal:
        evenly(began, milliseconds=STEP)
        raise
    with transaction.atomic():
        queries.failed_tries(SYSTEM).filter(pk__in=tries).delete()


def forget_tries(name: str) -> None:
    """Nothing that was tried with this name counts any longer."""
    queries.failed_tries(SYSTEM).filter(of__in=[f"{kind}:{name.lower()}"[:160] for kind in ("name", "code")]).delete()


def _write_down(tried: list[tuple[str, str]], now: datetime) -> list[int]:
    names = [(kind, f"{kind}:{name}"[:160]) for kind, name in tried]
    with transaction.atomic():
        for _, name in sorted(names):
            wait_for(0x7369_0000_0000_0000 + int(digest(name)[:8], 16))
        every = queries.failed_tries(SYSTEM)
        if any(every.filter(of=name, at__gt=now - WINDOW[kind]).count() >= MOST[kind] for kind, name in names):
            raise Refusal("too_many_tries", TOO_MANY, field="username", status=429)
        insert(made := [SignInTry(of=name, at=now) for _, name in names])
        for kind, window in WINDOW.items():
            every.filter(of__startswith=f"{kind}:", at__lte=now - window).delete()
    return [each.pk for each in made]


def _user(person: str) -> Any:
    found = queries.people(SYSTEM).filter(code=person, user__is_active=True).first()
    return found.user if found else None
