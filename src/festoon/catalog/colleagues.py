"""Who may sign in: the colleagues of a merchant, with their roles.

Each verb is one transaction with one audit row. Whoever's rights change is signed out everywhere in that transaction,
so no screen is open with a right that was taken away. Done twice, the second finds nothing to change.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries, sign_in, signed_in
from festoon.catalog.models import PLATFORM, Merchant, Person, Store
from festoon.catalog.roles import RIGHTS, permissions
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer

OWN = Words("Nobody changes their own rights: ask another administrator.", "不能修改自己的权限，请联系其他管理员。")


def add_person(
    code: str, *, merchant: str, name: Words, roles: Collection[str], password: str = "", store: str = "", email: str = "",
    by: Viewer, now: datetime,
) -> Person:  # fmt: skip
    """A new colleague of a merchant, who signs in as `code` with `password` (none, as every door has it: only by a link).

    The `roles` say what they may do; staff stand in a `store` of the merchant; by `email` another house that vouches for
    them finds them. Raises Forbidden without `people.edit`, NotFound for the merchant or store, Invalid for a role nobody
    knows or that is not for this merchant's people, for what is no e-mail, Conflict when the code or the e-mail is
    somebody's.
    """
    by.require("people.edit")
    owner = queries.merchant(by, merchant)
    _check(roles, owner)
    known = Person(
        merchant=owner, code=code, name_en=name.en, name_zh=name.zh, roles=sorted(roles), email=_email(email)
    )
    with transaction.atomic():
        if queries.people(SYSTEM).filter(code=code).exists():
            raise Conflict("taken", Words(en="Somebody has this code.", zh="此编号已被使用。"), field="code")
        _free(known)
        user = get_user_model()(username=code)
        user.set_password(password or None)
        user.save(force_insert=True)
        known.user, known.store = user, _store(store, owner)
        known.save(force_insert=True)
        signed_in.written(known, "people.add", by=by, now=now, after="active", rows={"roles": sorted(roles)})
    return known


def set_roles(code: str, roles: Collection[str], *, by: Viewer, now: datetime) -> Person:
    """Give a colleague these roles in place of those they had; they are signed out everywhere.

    From then on no group of another house says their roles any more. Raises Forbidden without `people.edit`, NotFound,
    Invalid as `add_person`, Conflict for oneself.
    """
    by.require("people.edit")
    with transaction.atomic():
        person = _another(code, by)
        _check(roles, person.merchant)
        before, person.roles = person.roles, sorted(roles)
        if before != person.roles or person.by_groups:
            person.by_groups = False
            person.save(update_fields=["roles", "by_groups"])
            signed_in.changed(
                person, "people.set_roles", by=by, now=now, rows={"before": before, "roles": person.roles}
            )
    return person


def set_email(code: str, email: str, *, by: Viewer, now: datetime) -> Person:
    """By this e-mail another house that vouches for a colleague finds them; "" for none.

    Raises Forbidden without `people.edit`, NotFound, Invalid for what is no e-mail, Conflict when it is somebody's.
    """
    by.require("people.edit")
    with transaction.atomic():
        person = queries.colleague(by, code, lock=True)
        before, person.email = person.email, _email(email)
        if before != person.email:
            _free(person)
            person.save(update_fields=["email"])
            rows = {"before": before, "email": person.email}
            signed_in.written(person, "people.set_email", by=by, now=now, rows=rows)
    return person


def make_link(code: str, *, by: Viewer, now: datetime) -> str:
    """A path that signs a colleague in once, within three days, to choose a password; their second factor is asked for.

    Raises Forbidden without `people.edit`, NotFound, Conflict for oneself and for who is suspended.
    """
    by.require("people.edit")
    with transaction.atomic():
        person = _another(code, by)
        if not person.user.is_active:
            raise Conflict("suspended", Words("Let them in again first.", "请先恢复其登录。"), field="code")
        signed_in.written(person, "people.link", by=by, now=now)
    return sign_in.one_time_path(code)


def suspend(code: str, *, by: Viewer, now: datetime, why: str = "") -> Person:
    """Nobody signs in as this colleague any more, and where they are signed in they are out. Forbidden, Conflict: as above."""
    return _let_in(code, "people.suspend", let=False, by=by, now=now, why=why)


def restore(code: str, *, by: Viewer, now: datetime) -> Person:
    """A suspended colleague may sign in again."""
    return _let_in(code, "people.restore", let=True, by=by, now=now)


def sign_out_everywhere(person: Person, *, by: Viewer, now: datetime) -> int:
    """End every session of oneself, or with `people.edit` of a colleague; how many there were."""
    if by.name != f"person:{person.code}":
        by.require("people.edit")
        queries.colleague(by, person.code)
    with transaction.atomic():
        return signed_in.changed(person, "people.sign_out", by=by, now=now)


def _let_in(code: str, verb: str, *, let: bool, by: Viewer, now: datetime, why: str = "") -> Person:
    by.require("people.edit")
    with transaction.atomic():
        person = _another(code, by)
        if person.user.is_active != let:
            person.user.is_active = let
            person.user.save(update_fields=["is_active"])
            signed_in.changed(person, verb, by=by, now=now, after="active" if let else "suspended", why=why)
    return person


def _another(code: str, by: Viewer) -> Person:
    person = queries.colleague(by, code, lock=True)
    if by.name == f"person:{person.code}":
        raise Conflict("own_rights", OWN, field="code", status=403)
    return person


def _check(roles: Collection[str], owner: Merchant) -> None:
    if unknown := sorted(set(roles) - set(RIGHTS)):
        words = Words(en=f"No such role: {', '.join(unknown)}.", zh=f"没有此角色：{'、'.join(unknown)}。")
        raise Invalid("unknown_role", words, field="roles", detail={"known": list(RIGHTS)})
    house = "platform" if owner.pk == PLATFORM else "merchant"
    if foreign := sorted(code for code in roles if house not in permissions().roles[code].of):
        words = Words(
            en=f"Not for people of this company: {', '.join(foreign)}.",
            zh=f"本公司人员不能担任：{'、'.join(foreign)}。",
        )
        raise Invalid("role_of_others", words, field="roles")


def _email(told: str) -> str:
    """In small letters, as it is compared."""
    if email := told.strip().lower():
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid("no_email", Words("This is no e-mail address.", "邮箱格式不正确。"), field="email") from None
    return email


def _free(person: Person) -> None:
    if person.email and queries.people(SYSTEM).filter(email=person.email).exclude(pk=person.pk).exists():
        raise Conflict("email_taken", Words("Somebody has this e-mail.", "此邮箱已被使用。"), field="email")


def _store(code: str, owner: Merchant) -> Store | None:
    if not code:
        return None
    found = queries.stores(SYSTEM).filter(code=code, merchant=owner).first()
    if found is None:
        raise NotFound("store")
    return found
