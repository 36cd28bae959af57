"""Passwords: what one may be, and choosing one's own."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries, signed_in
from festoon.catalog.models import Person
from festoon.catalog.sign_in import counted
from festoon.records.refusal import Invalid, Refusal
from festoon.records.viewer import Viewer

TOO_EASY = {
    "password_too_short": Words("At least twelve characters.", "至少 12 个字符。"),
    "password_too_common": Words(
        "Many people use this one: it is among the first that are tried.", "此密码过于常见，容易被猜到。"
    ),
    "password_entirely_numeric": Words("Not digits alone.", "不能全部为数字。"),
    "password_too_similar": Words("Not your name or e-mail.", "不能与姓名、登录名或邮箱相似。"),
}
OLD = Words("Your present password is not right.", "当前密码不正确。")


def check(password: str, person: Person) -> None:
    """Raises Invalid `too_easy` for a password that is short, common, all digits or like the person's name."""
    try:
        validate_password(password, person)  # type: ignore[arg-type]  # it is compared with the names of whatever it is given
    except ValidationError as found:
        why = [TOO_EASY[str(each.code)] for each in found.error_list]
        words = Words(" ".join(each.en for each in why), "".join(each.zh for each in why))
        raise Invalid("too_easy", words, field="new") from None


def choose(new: str, *, old: str | None, near: str, by: Viewer, now: datetime) -> Person:
    """One's own password from now on; wherever one is signed in, one is out, and links sent before lapse.

    `old` is the present one; None for somebody who came by a link, which stands in its place. Raises Refusal 401 when
    `old` is wrong, 429 as `sign_in.by_password`, Invalid when `new` is too easy.
    """
    person = queries.oneself(by)
    if old is not None:
        with counted(now, name=person.code, address=near):
            if not person.user.check_password(old):
                raise Refusal("wrong_password", OLD, field="old", status=401)
    check(new, person)
    with transaction.atomic():
        person.user.set_password(new)
        person.user.save(update_fields=["password"])
        signed_in.changed(person, "people.password", by=by, now=now)
    return person
