"""Coming in because another house vouches for somebody: which of our people they are.

What comes here was checked already: that house's signature, that it is for us, for this browser and not too old. The
house's own number for somebody is kept with the first sign-in; from then on it decides, not the e-mail.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.text import slugify

from festoon.base.words import Words
from festoon.catalog import colleagues, queries, signed_in
from festoon.catalog.models import Person
from festoon.catalog.other_house import OtherHouse
from festoon.records.canonical import digest
from festoon.records.refusal import Refusal
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM

UNVERIFIED = Words("Your e-mail was not verified there.", "您的邮箱尚未在该服务中验证。")
FOREIGN = Words("People with this e-mail do not come in here.", "此邮箱不在允许的范围内。")
UNKNOWN = Words("Nobody was invited with your e-mail. Ask an administrator.", "没有人以此邮箱受邀，请联系管理员。")
SUSPENDED = Words("You may not come in at present. Ask an administrator.", "您当前不能登录，请联系管理员。")
LONGEST = 191
"""As many letters as the table of django-allauth has for another house's number."""


def person_of(claims: Mapping[str, Any], *, house: OtherHouse, now: datetime) -> Person:
    """Whom the house means: who signed in through it before, else who was invited with this e-mail.

    Who was not invited is taken on only where `groups` say as what. Raises Refusal 403: `unverified`, `foreign`,
    `unknown`, `suspended`. Asked twice it answers the same; dies it half-way, nothing was written.
    """
    email = _email(claims, house)
    subject = str(claims["sub"])
    roles = _roles(claims, house)
    with transaction.atomic():
        wait_for(0x766F_0000_0000_0000 + int(digest([house.issuer, subject])[:8], 16))
        person = queries.vouched(SYSTEM, house.issuer, subject)
        if person is None:
            person = queries.people(SYSTEM).filter(email=email).first() or _taken_on(claims, email, roles, house, now)
            if not subject or len(subject) > LONGEST or person is None or queries.is_vouched(SYSTEM, person):
                raise _no("unknown", UNKNOWN)
            _keep(person, subject, house, now)
        if not person.user.is_active:
            raise _no("suspended", SUSPENDED)
        if person.by_groups:
            _follow(person, roles, now)
    return person


def _email(claims: Mapping[str, Any], house: OtherHouse) -> str:
    email = str(claims.get("email") or "").strip().lower()
    if not email or not (claims.get("email_verified") is True or house.emails_are_verified):
        raise _no("unverified", UNVERIFIED)
    if email.rpartition("@")[2] not in house.domains:
        raise _no("foreign", FOREIGN)
    return email


def _roles(claims: Mapping[str, Any], house: OtherHouse) -> frozenset[str]:
    groups = claims.get(house.groups_claim) or []
    named = [groups] if isinstance(groups, str) else [each for each in groups if isinstance(each, str)]
    return frozenset().union(*(house.groups.get(group, frozenset()) for group in named))


def _taken_on(
    claims: Mapping[str, Any], email: str, roles: frozenset[str], house: OtherHouse, now: datetime
) -> Person | None:
    if not roles:
        return None
    code = slugify(email.partition("@")[0].replace(".", "-"))[:40] or "person"
    while queries.people(SYSTEM).filter(code=code).exists():
        code = f"{code[:40]}-{secrets.token_hex(2)}"
    name = str(claims.get("name") or code)[:128]
    made = colleagues.add_person(
        code, merchant=house.merchant, name=Words(name, name), roles=roles, email=email, by=SYSTEM, now=now
    )
    made.by_groups = True
    made.save(update_fields=["by_groups"])
    return made


def _keep(person: Person, subject: str, house: OtherHouse, now: datetime) -> None:
    SocialAccount(user=person.user, provider=house.issuer, uid=subject).save(force_insert=True)
    signed_in.written(person, "people.vouched", by=SYSTEM, now=now, after=house.issuer)


def _follow(person: Person, roles: frozenset[str], now: datetime) -> None:
    """The roles that the groups say today; somebody in none of them no longer comes in."""
    if not roles:
        raise _no("unknown", UNKNOWN)
    if sorted(roles) != person.roles:
        colleagues.set_roles(person.code, roles, by=SYSTEM, now=now)
        person.roles, person.by_groups = sorted(roles), True
        person.save(update_fields=["by_groups"])


def _no(code: str, words: Words) -> Refusal:
    return Refusal(code, words, field="email", status=403)
