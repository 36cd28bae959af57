"""Coming in and going out: the sign-in page, the link that works once, the language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.catalog import colleagues
from festoon.catalog import sign_in as links
from festoon.console.screen import inside, made_up, page, person_of, screen
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import Viewer


def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; afterwards the page that was asked for."""
    asked = request.POST or request.GET
    shown: dict[str, Any] = {"next": asked.get("next", ""), "name": request.POST.get("username", "")}
    if request.method != "POST":
        return page(request, "console/sign_in.html", shown)
    near, password = request.META.get("REMOTE_ADDR", ""), request.POST.get("password", "")
    try:
        user = links.by_password(shown["name"], password, near=near, now=timezone.now())
    except Refusal as refusal:
        return page(request, "console/sign_in.html", shown | {"refusal": refusal}, status=refusal.status)
    login(request, user)
    return redirect(inside(request, shown["next"], "console:start"))


def sign_in_once(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """A link that signs in one person, one time."""
    user = links.who(person, token)
    if user is None:
        return page(request, "console/sign_in.html", {"lapsed": True}, status=403)
    login(request, user)
    return redirect("console:start")


@require_POST
@screen
def be(request: HttpRequest, _: Viewer, person: str) -> HttpResponse:
    """Of made-up people only: be another of them, to see both sides of a review."""
    found = next((each for each in made_up(request) if each.code == person), None)
    if found is None:
        raise NotFound("person")
    login(request, found.user)
    return redirect(inside(request, request.POST.get("next", ""), "console:start"))


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
