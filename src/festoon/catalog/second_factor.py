"""A second factor: six digits from a phone beside the password, and ten codes on paper for the day the phone is lost.

Tables, arithmetic and recovery codes are django-allauth's (`allauth.mfa`). Its own guard against a code that is used
twice is kept in the memory of one process, for a third of the time a code is right; here a taken code is a row.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.catalog import queries, signed_in
from festoon.catalog.models import Person, SecondFactorRule, UsedCode
from festoon.catalog.roles import permissions
from festoon.catalog.sign_in import counted, forget_tries
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, Refusal
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer

PHONE, PAPER = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
KINDS: dict[str, Any] = {PHONE: TOTP, PAPER: RecoveryCodes}
DIGITS = 6
LIVES = timedelta(minutes=5)
"""Longer than any code is right: half a minute, and half a minute on either side for clocks that differ."""
EVERYBODY = ""
WRONG = Words("This code is not right, or was used already.", "验证码不正确或已被使用。")
ON = Words("The second factor is on already.", "两步验证已开启。")
OFF = Words("There is no second factor to ask for.", "尚未开启两步验证。")
PASSWORD = Words("The password is not right.", "密码不正确。")
NEEDED = Words("Your company asks for a second factor: it cannot be switched off.", "公司要求两步验证，不能关闭。")


def is_on(person: Person) -> bool:
    """Whether they are asked for a code when they come in."""
    return queries.factors(SYSTEM, person).filter(type=PHONE).exists()


def is_needed(person: Person) -> bool:
    """Whether a rule of their company asks them to have one."""
    return queries.factor_rules(SYSTEM).filter(merchant_id=person.merchant_id, role__in=[*person.roles, ""]).exists()


def new_secret() -> str:
    """A secret for a phone, sealed: it may lie in a session until its first code is right."""
    return str(encrypt(generate_totp_secret()))


def shown(sealed: str, person: Person) -> tuple[str, str]:
    """The secret as a phone's app reads it: the address behind the square code, and letters in fours to type."""
    secret = str(decrypt(sealed))
    label = f"Festoon ({person.merchant.code}):{person.code}"
    address = f"otpauth://totp/{quote(label)}?{urlencode({'secret': secret, 'issuer': 'Festoon'})}"
    return address, " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def codes_left(person: Person) -> int:
    """How many codes on paper were not used yet."""
    paper = queries.factors(SYSTEM, person).filter(type=PAPER).first()
    return len(RecoveryCodes(paper).get_unused_codes()) if paper else 0


def switch_on(sealed: str, digits: str, *, near: str, by: Viewer, now: datetime) -> Sequence[str]:
    """From now on oneself is asked for a code. The ten codes for paper: they are never shown again.

    Raises Refusal 401 when the phone's `digits` do not belong to the secret, Conflict when it is on already.
    Whoever is signed in as this person elsewhere is out.
    """
    person = queries.oneself(by)
    phone = Authenticator(user=person.user, type=PHONE, data={"secret": sealed}, created_at=now)
    with counted(now, name=person.code, address=near, code=person.code):
        _right(phone, digits)
    with transaction.atomic():
        if queries.colleague(by, person.code, lock=True) and is_on(person):
            raise Conflict("factor_on", ON, field="code")
        _used(person, digits, now)
        phone.save(force_insert=True)
        made = _on_paper(person, now)
        signed_in.changed(person, "people.second_factor_on", by=by, now=now, after="on")
    return made


def give(person: Person, digits: str, *, near: str, now: datetime) -> None:
    """Take a code of the phone or of the paper, once. Raises Refusal 401, 429 as `sign_in.by_password`."""
    with counted(now, name=person.code, address=near, code=person.code):
        _take(person, digits, now)


def switch_off(password: str, digits: str, *, near: str, by: Viewer, now: datetime) -> None:
    """Oneself is asked for no code any more. Needs the password, where there is one, and a code.

    Raises Refusal 401, 429 as `give`, Conflict when a rule of the company asks for it or when there is none.
    """
    person = queries.oneself(by)
    if is_needed(person):
        raise Conflict("factor_needed", NEEDED, field="code")
    _with_both(person, password, digits, near, now)
    with transaction.atomic():
        queries.factors(SYSTEM, person).delete()
        signed_in.changed(person, "people.second_factor_off", by=by, now=now, after="off")


def new_codes(password: str, digits: str, *, near: str, by: Viewer, now: datetime) -> Sequence[str]:
    """Ten new codes for paper; the old ones are void. Needs and raises what `switch_off` does."""
    person = queries.oneself(by)
    _with_both(person, password, digits, near, now)
    with transaction.atomic():
        made = _on_paper(person, now)
        signed_in.written(person, "people.new_codes", by=by, now=now)
    return made


def reset(person: str, *, why: str, by: Viewer, now: datetime) -> None:
    """Somebody lost phone and paper: they come in without a code, and are signed out everywhere.

    Raises Forbidden without `people.edit`, NotFound, Invalid without a reason, Conflict for oneself and when there is
    no second factor. Done twice, the second is refused.
    """
    by.require("people.edit")
    with transaction.atomic():
        found = queries.colleague(by, person, lock=True)
        if by.name == f"person:{person}":
            own = Words("Another administrator resets yours.", "请由其他管理员重置您的两步验证。")
            raise Conflict("own_rights", own, field="code", status=403)
        if not why.strip():
            raise Invalid("no_reason", Words("Say why.", "请说明原因。"), field="why")
        if not queries.factors(SYSTEM, found).delete()[0]:
            raise Conflict("no_factor", OFF, field="code")
        forget_tries(found.code)
        signed_in.changed(found, "people.second_factor_reset", by=by, now=now, after="off", why=why.strip())


def require_of(roles: Collection[str], *, by: Viewer, now: datetime) -> None:
    """From now on these roles of one's own company come in with a second factor only; "" is everybody.

    Whoever has such a role and no second factor is signed out: with the next sign-in they set one up before anything
    else. Raises Forbidden without `people.edit`, Invalid for a role nobody knows.
    """
    by.require("people.edit")
    if unknown := sorted(set(roles) - set(permissions().roles) - {EVERYBODY}):
        raise Invalid(
            "unknown_role", Words(f"No such role: {', '.join(unknown)}.", f"没有此角色：{unknown[0]}。"), field="roles"
        )
    with transaction.atomic():
        rules = queries.factor_rules(by).filter(merchant_id=by.merchant_id)
        before = sorted(rules.values_list("role", flat=True))
        if before == sorted(set(roles)):
            return
        rules.delete()
        insert([SecondFactorRule(merchant_id=by.merchant_id, role=role) for role in sorted(set(roles))])
        rows = {"before": before, "roles": sorted(set(roles))}
        record(
            by=by, at=now, verb="people.require_second_factor", kind="merchant", subject=str(by.merchant_id), rows=rows
        )
        without = queries.people(by).filter(merchant_id=by.merchant_id).exclude(user__in=queries.with_a_phone(by))
        signed_in.end(person for person in without if {EVERYBODY, *person.roles} & set(roles))


def _with_both(person: Person, password: str, digits: str, near: str, now: datetime) -> None:
    with counted(now, name=person.code, address=near, code=person.code):
        if person.user.has_usable_password() and not person.user.check_password(password):
            raise Refusal("wrong_password", PASSWORD, field="password", status=401)
        _take(person, digits, now)


def _take(person: Person, digits: str, now: datetime) -> None:
    plain = "".join(digits.split())
    kind = PHONE if len(plain) == DIGITS else PAPER
    factor = queries.factors(SYSTEM, person).filter(type=kind).first()
    if factor is None:
        raise Refusal("wrong_code", WRONG, field="code", status=401)
    _right(factor, plain)
    if len(plain) == DIGITS:
        with transaction.atomic():
            _used(person, plain, now)


def _right(factor: Any, digits: str) -> None:
    if not KINDS[factor.type](factor).validate_code(digits):
        raise Refusal("wrong_code", WRONG, field="code", status=401)


def _used(person: Person, digits: str, now: datetime) -> None:
    """Write a right code down; one that is there already is refused."""
    queries.used_codes(SYSTEM, person).filter(at__lte=now - LIVES).delete()
    try:
        with transaction.atomic():
            insert([UsedCode(person=person, code="".join(digits.split()), at=now)])
    except IntegrityError:
        raise Refusal("wrong_code", WRONG, field="code", status=401) from None


def _on_paper(person: Person, now: datetime) -> Sequence[str]:
    queries.factors(SYSTEM, person).filter(type=PAPER).delete()
    seed = {"seed": encrypt(secrets.token_hex(40)), "used_mask": 0}
    paper = Authenticator(user=person.user, type=PAPER, data=seed, created_at=now)
    paper.save(force_insert=True)
    return [f"{code[:5]} {code[5:]}" for code in RecoveryCodes(paper).generate_codes()]
