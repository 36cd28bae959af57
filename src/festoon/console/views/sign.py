"""Coming in and going out: name and password, the link that works once, another house; the second factor; the language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from festoon.catalog import colleagues, queries, second_factor, single_sign_on
from festoon.catalog import sign_in as links
from festoon.console.screen import FACTOR_DUE, inside, made_up, page, person_of, screen
from festoon.console.single_sign_on import Asking, failed, house, provider
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import house as flows

BY_LINK = "festoon.by_link"
"""In a session: its owner came by a link, which stands in the place of the password they may have forgotten."""
HALFWAY = "festoon.halfway"
"""In a session: who gave the first factor, and when; nobody is signed in with it."""
ONWARD = "festoon.onward"
"""In a session: the page that was asked for before its owner went to the other house."""
PATIENCE = timedelta(minutes=10)
"""So long a first factor waits for the second."""


def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; afterwards the page that was asked for."""
    asked = request.POST or request.GET
    onward, name = asked.get("next", ""), request.POST.get("username", "")
    if request.method != "POST":
        return _door(request, onward)
    try:
        user = links.by_password(name, request.POST.get("password", ""), near=near(request), now=timezone.now())
    except Refusal as refusal:
        return not_let_in(request, refusal, onward, name)
    return _let_in(request, user, onward)


def near(request: HttpRequest) -> str:
    """The address somebody asks from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def not_let_in(request: HttpRequest, refusal: Refusal, onward: str = "", name: str = "") -> HttpResponse:
    """The sign-in page, which says why."""
    return _door(request, onward, name=name, refusal=refusal, status=refusal.status)


def _door(request: HttpRequest, onward: str, *, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, "console/sign_in.html", {"next": onward, "vouches": house(), **more}, status=status)


def sign_in_once(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """A link that signs in one person, one time; who has no password chooses one."""
    user = links.who(person, token)
    if user is None:
        return _door(request, "", lapsed=True, status=403)
    return _let_in(request, user, "" if user.has_usable_password() else "/account/password/", by_link=True)


@require_POST
@screen
def be(request: HttpRequest, _: Viewer, person: str) -> HttpResponse:
    """Of made-up people only: be another of them, to see both sides of a review."""
    found = next((each for each in made_up(request) if each.code == person), None)
    if found is None:
        raise NotFound("person")
    return _let_in(request, found.user, request.POST.get("next", ""))


def _let_in(request: HttpRequest, user: Any, onward: str, *, by_link: bool = False) -> HttpResponse:
    """The one way in: signed in, or asked for the second factor first."""
    person = queries.person(SYSTEM, user.pk)
    if person is not None and second_factor.is_on(person):
        logout(request)
        halfway = {"user": user.pk, "seal": user.get_session_auth_hash(), "at": timezone.now().timestamp()}
        request.session[HALFWAY] = {**halfway, "next": onward, "by_link": by_link}
        return redirect("console:sign-in-code")
    return _signed_in(request, user, onward, by_link)


def _signed_in(request: HttpRequest, user: Any, onward: str, by_link: bool) -> HttpResponse:
    login(request, user)
    person = queries.person(SYSTEM, user.pk)
    request.session[BY_LINK] = by_link
    due = person is not None and second_factor.is_needed(person) and not second_factor.is_on(person)
    request.session[FACTOR_DUE] = due
    return redirect(inside(request, onward, "console:start"))


@never_cache
def second(request: HttpRequest) -> HttpResponse:
    """The code of the phone, or one of the paper, from whoever gave the first factor in this browser just now."""
    person, halfway = _halfway(request)
    if person is None:
        return redirect("console:sign-in")
    if request.method == "POST":
        try:
            second_factor.give(person, request.POST.get("code", ""), near=near(request), now=timezone.now())
        except Refusal as refusal:
            return page(request, "console/sign_in_code.html", {"refusal": refusal}, status=refusal.status)
        return _signed_in(request, person.user, halfway["next"], halfway["by_link"])
    return page(request, "console/sign_in_code.html")


def _halfway(request: HttpRequest) -> tuple[Any, dict[str, Any]]:
    """Who is half-way in; nobody once it is too long ago, they were suspended or their password changed."""
    told = request.session.get(HALFWAY) or {}
    person = queries.person(SYSTEM, told["user"]) if told else None
    late = timezone.now().timestamp() - told.get("at", 0) > PATIENCE.total_seconds()
    if person is None or late or not person.user.is_active:
        return None, {}
    same = constant_time_compare(told["seal"], person.user.get_session_auth_hash())
    return (person, told) if same else (None, {})


@require_POST
def ask_house(request: HttpRequest) -> HttpResponse:
    """On to the other house that vouches for our people."""
    if house() is None:
        raise Http404
    request.session[ONWARD] = request.POST.get("next", "")
    try:
        return provider(request).ask(request)
    except (Refusal, OAuth2Error, RequestException, KeyError, TypeError, ValueError):
        return not_let_in(request, failed(), request.POST.get("next", ""))


@require_GET
@never_cache
def back_from_house(request: HttpRequest) -> HttpResponse:
    """Back from there, with what it says of somebody."""
    if house() is None:
        raise Http404
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Asking(request, then=_vouched_for))(request)
    except Refusal as refusal:
        return not_let_in(request, refusal)
    except (KeyError, TypeError, ValueError):  # what it sent is not what the protocol says
        return not_let_in(request, failed())
    return answer


def _vouched_for(request: HttpRequest, claims: Mapping[str, Any]) -> HttpResponse:
    """The other house says who it is: in, if it is one of our people."""
    found = house()
    assert found is not None, "it has just answered"
    try:
        person = single_sign_on.person_of(claims, house=found, now=timezone.now())
    except Refusal as refusal:
        return not_let_in(request, refusal)
    flows.settle(by=SYSTEM, now=timezone.now())  # it may be the first person there is
    return _let_in(request, person.user, request.session.pop(ONWARD, ""))


@require_POST
@screen
def everywhere(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Leave, in every browser one is signed in with."""
    if person := person_of(request):
        colleagues.sign_out_everywhere(person, by=viewer, now=timezone.now())
    logout(request)
    return redirect("console:sign-in")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("console:sign-in")
