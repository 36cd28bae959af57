"""Who may sign in: the colleagues of a merchant, with their roles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries
from festoon.catalog.models import Person
from festoon.catalog.roles import RIGHTS
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid
from festoon.records.viewer import SYSTEM, Viewer


def add_person(
    code: str, *, merchant: str, name: Words, roles: Collection[str], password: str = "", by: Viewer, now: datetime
) -> Person:
    """A new colleague of a merchant, who signs in as `code` with `password` (none: only by a link) and may do what
    the `roles` allow.

    Raises Forbidden without `people.edit`, NotFound for the merchant, Invalid for a role nobody knows, Conflict when
    the code is taken.
    """
    by.require("people.edit")
    if unknown := sorted(set(roles) - set(RIGHTS)):
        words = Words(en=f"No such role: {', '.join(unknown)}.", zh=f"没有此角色：{'、'.join(unknown)}。")
        raise Invalid("unknown_role", words, field="roles", detail={"known": list(RIGHTS)})
    owner = queries.merchant(by, merchant)
    with transaction.atomic():
        if queries.people(SYSTEM).filter(code=code).exists():
            raise Conflict("taken", Words(en="Somebody has this code.", zh="此编码已被使用。"), field="code")
        user = get_user_model()(username=code)
        user.set_password(password or None)
        user.save(force_insert=True)
        person = Person(
            user=user, merchant=owner, code=code, name_en=name.en, name_zh=name.zh, roles=sorted(roles)
        )  # fmt: skip
        person.save(force_insert=True)
        record(
            by=by, at=now, verb="people.add", kind="person", subject=code, after="active", merchant_id=owner.pk,
            rows={"roles": sorted(roles)},
        )  # fmt: skip
    return person
