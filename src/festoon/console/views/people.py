"""People: who may come in and what they may do; invited, changed, let out and in by an administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_slug
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.catalog import colleagues, queries, second_factor
from festoon.catalog.models import PLATFORM
from festoon.catalog.roles import Role, permissions
from festoon.catalog.sign_in import one_time_path
from festoon.console import history
from festoon.console.inputs import to_choose
from festoon.console.lists.people import PeopleList
from festoon.console.screen import done, page, screen
from festoon.console.views import lists
from festoon.console.words import said
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import house as flows

ROLE = '{}<span class="under">{}</span>'
"""A role to be ticked: its name, and what it does."""
CHANGED = Words("Their roles are changed; they are signed out everywhere.", "角色已更改，其所有登录已失效。")
OUT = Words("They can no longer come in, and are signed out everywhere.", "已停用，其所有登录已失效。")
IN = Words("They may come in again.", "已恢复登录。")
RESET = Words("Their second factor is reset; they are signed out everywhere.", "两步验证已重置，其所有登录已失效。")
EMAIL = Words("Their e-mail is written down.", "邮箱已保存。")
RULE = Words("Saved. Whoever needs one and has none is signed out.", "已保存。须开启而尚未开启的人员已退出登录。")
EVERYBODY = Words("Everybody", "所有人")
VERBS: Mapping[str, tuple[Callable[[str, QueryDict, Viewer, datetime], object], Words]] = {
    "roles": (lambda who, told, by, now: colleagues.set_roles(who, told.getlist("roles"), by=by, now=now), CHANGED),
    "email": (lambda who, told, by, now: colleagues.set_email(who, told.get("email", ""), by=by, now=now), EMAIL),
    "suspend": (lambda who, told, by, now: colleagues.suspend(who, by=by, now=now, why=told.get("why", "")), OUT),
    "restore": (lambda who, _told, by, now: colleagues.restore(who, by=by, now=now), IN),
    "reset": (lambda who, told, by, now: second_factor.reset(who, why=told.get("why", ""), by=by, now=now), RESET),
}
INVITED = Words("Send this link; it works once, for three days:", "请发送此链接，一次有效，三天内使用：")


class Invitation(forms.Form):
    """Who is invited: a name to sign in by, a name in both languages, a company, what they are."""

    code = forms.CharField(max_length=64, validators=[validate_slug])
    name_en = forms.CharField(max_length=128)
    name_zh = forms.CharField(max_length=128)
    email = forms.EmailField(max_length=254, required=False)
    merchant = forms.ChoiceField()
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: Any, viewer: Viewer, **more: Any) -> None:
        super().__init__(*given, **more)
        houses = to_choose(queries.merchants(viewer))
        choices = [(role.code, format_html(ROLE, said(role.name), said(role.does))) for role in _roles(viewer)]
        labels = {
            "code": Words("Signs in as", "登录名"), "name_en": Words("Name in English", "英文姓名"),
            "name_zh": Words("Name in Chinese", "中文姓名"), "email": Words("E-mail", "邮箱"), "merchant": Words("Company", "公司"),
            "roles": Words("Roles", "角色"),
        }  # fmt: skip
        for name, words in labels.items():
            self.fields[name].label = said(words)
        self.fields["merchant"].choices = houses  # type: ignore[attr-defined]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]


def _roles(viewer: Viewer) -> Sequence[Role]:
    """What people of the viewer's company may be; the platform invites for everybody."""
    return [role for role in permissions().roles.values() if viewer.merchant_id == PLATFORM or "merchant" in role.of]


@screen
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Everybody; posted to, it invites one and shows the link that lets them in."""
    form = Invitation(request.POST if request.method == "POST" and "bulk" not in request.POST else None, viewer=viewer)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        colleagues.add_person(
            told["code"], merchant=told["merchant"], name=Words(told["name_en"], told["name_zh"]), roles=told["roles"],
            email=told["email"], by=viewer, now=timezone.now(),
        )  # fmt: skip
        flows.settle(by=SYSTEM, now=timezone.now())
        link = request.build_absolute_uri(one_time_path(told["code"]))
        messages.success(request, f"{said(INVITED)} {link}")
        return redirect("console:people")
    asked = PeopleList(request, viewer, timezone.now())
    context = {"form": form, "rule": _rule(viewer)}
    if form.is_bound:
        return page(request, "console/people.html", {"list": asked, "views": (), **context}, status=422)
    return lists.answer(asked, "console/people.html", context)


def _rule(viewer: Viewer) -> Sequence[tuple[str, str, bool]]:
    """Of the viewer's company: who may be asked for a second factor, and who is."""
    asked = set(queries.factor_rules(viewer).filter(merchant_id=viewer.merchant_id).values_list("role", flat=True))
    house = "platform" if viewer.merchant_id == PLATFORM else "merchant"
    roles = [(role.code, said(role.name)) for role in permissions().roles.values() if house in role.of]
    every = (second_factor.EVERYBODY, said(EVERYBODY))
    return [(code, label, code in asked) for code, label in (every, *roles)]


@require_POST
@screen
def factor_rule(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Which roles of one's company come in with a second factor only."""
    second_factor.require_of(request.POST.getlist("asked"), by=viewer, now=timezone.now())
    return done(request, "console:people", RULE)


@screen
def change(request: HttpRequest, viewer: Viewer, person: str) -> HttpResponse:
    """One colleague; posted to: other roles, another e-mail, out, in again, a new link, no second factor any more."""
    if request.method == "POST":
        return _changed(request, viewer, person)
    found = queries.colleague(viewer, person)
    context = {
        "colleague": found, "roles": _roles(viewer), "factor": second_factor.is_on(found),
        "needed": second_factor.is_needed(found), "own": viewer.name == f"person:{person}",
        "vouched": queries.is_vouched(viewer, found), "happened": history.of(viewer, ["person"], person),
    }  # fmt: skip
    return page(request, "console/person.html", context)


def _changed(request: HttpRequest, viewer: Viewer, person: str) -> HttpResponse:
    now, verb, back = timezone.now(), request.POST.get("verb", ""), resolve_url("console:person", person)
    if verb == "link":
        link = request.build_absolute_uri(colleagues.make_link(person, by=viewer, now=now))
        messages.success(request, f"{said(INVITED)} {link}")
        return redirect(back)
    if verb not in VERBS:
        raise NotFound("verb")
    act, words = VERBS[verb]
    act(person, request.POST, viewer, now)
    return done(request, back, words)
