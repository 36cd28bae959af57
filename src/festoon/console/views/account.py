"""My account: who one is here, the password, the second factor. Everything is one's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from urllib.parse import quote

import segno
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache

from festoon.base.words import Words
from festoon.catalog import passwords, queries, second_factor
from festoon.catalog.models import Person
from festoon.console.account_form import BothForm, OnForm, PasswordForm
from festoon.console.inputs import refused
from festoon.console.screen import FACTOR_DUE, done, page, screen
from festoon.console.single_sign_on import house
from festoon.console.views.sign import BY_LINK, near
from festoon.console.words import said
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews

SECRET = "festoon.secret"  # noqa: S105 -- the name of its place in a session, where it lies sealed
CHANGED = Words(
    "Your password is changed. Wherever else you were signed in, you are out.", "密码已更改，其他登录均已失效。"
)
OFF = Words("The second factor is off.", "两步验证已关闭。")


@screen
def account(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who one is here, and how one comes in."""
    person = queries.oneself(viewer)
    context = {
        "factor": second_factor.is_on(person), "needed": second_factor.is_needed(person), "vouches": house(),
        "left": second_factor.codes_left(person), "vouched": queries.is_vouched(viewer, person),
        "mails": settings.FESTOON_MAIL.on, "wish": reviews.letter_wish(viewer, person.code), "languages": settings.LANGUAGES,
    }  # fmt: skip
    return page(request, "console/account.html", context)


@never_cache
@screen
def password(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A new password for oneself."""
    by_link = bool(request.session.get(BY_LINK))
    person = queries.oneself(viewer)
    form = PasswordForm(request.POST or None, by_link=by_link)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        old = None if by_link else told["old"]
        try:
            changed = passwords.choose(told["new"], old=old, near=near(request), by=viewer, now=timezone.now())
        except Refusal as refusal:
            refused(form, refusal)
        else:
            update_session_auth_hash(request, changed.user)
            request.session[BY_LINK] = False
            return done(request, "console:account", CHANGED)
    context = {"form": form, "by_link": by_link, "none": not by_link and not person.user.has_usable_password()}
    return page(request, "console/account_password.html", context, status=422 if form.errors else 200)


@never_cache
@screen
def factor(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Switch the second factor on; where it is on, off, or have new codes for paper."""
    person = queries.oneself(viewer)
    if second_factor.is_on(person):
        return _on(request, viewer, person)
    sealed = request.session.get(SECRET) or second_factor.new_secret()
    request.session[SECRET] = sealed
    form = OnForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = second_factor.switch_on(
                sealed, form.cleaned_data["code"], near=near(request), by=viewer, now=timezone.now()
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            request.session.cycle_key()
            del request.session[SECRET]
            request.session[FACTOR_DUE] = False
            return _codes(request, made)
    address, letters = second_factor.shown(sealed, person)
    due = request.session.get(FACTOR_DUE)
    context = {"form": form, "square": _square(address), "letters": letters, "address": address, "due": due}
    return page(request, "console/account_factor.html", context, status=422 if form.errors else 200)


def _on(request: HttpRequest, viewer: Viewer, person: Person) -> HttpResponse:
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    if verb not in {"", "off", "codes"}:
        raise NotFound("verb")
    has = person.user.has_usable_password()
    form = BothForm(request.POST if verb else None, password=has, auto_id=f"{verb}_%s" if verb else "codes_%s")
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        do = second_factor.switch_off if verb == "off" else second_factor.new_codes
        try:
            made = do(told.get("password", ""), told["code"], near=near(request), by=viewer, now=timezone.now())
        except Refusal as refusal:
            refused(form, refusal)
        else:
            return _codes(request, made) if made else _off(request)
    forms_ = {"off": BothForm(password=has, auto_id="off_%s"), "codes": BothForm(password=has, auto_id="codes_%s")}
    if verb:
        forms_[verb] = form
    context = {
        **forms_, "verb": verb, "left": second_factor.codes_left(person), "needed": second_factor.is_needed(person)
    }  # fmt: skip
    return page(request, "console/account_factor_on.html", context, status=422 if form.errors else 200)


def _off(request: HttpRequest) -> HttpResponse:
    request.session.cycle_key()
    return done(request, "console:account", OFF)


def _codes(request: HttpRequest, codes: Sequence[str]) -> HttpResponse:
    """The codes for paper, this once; the file is in the page itself, so they lie nowhere else."""
    lines = [said(Words("Festoon: codes for the day the phone is lost", "Festoon 备用码")), "", *codes, ""]
    file = f"data:text/plain;charset=utf-8,{quote(chr(10).join(lines))}"
    return page(request, "console/account_codes.html", {"codes": codes, "file": file})


def _square(address: str) -> SafeString:
    """The address as a square code: dark on white in every theme, drawn without a style."""
    out = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=True, scale=4, border=3, omitsize=True, light="#fff")
    return mark_safe(out.getvalue().decode())  # noqa: S308 -- segno draws squares; the text is not in it
