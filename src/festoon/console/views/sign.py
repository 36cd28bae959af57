"""Coming in and going out: the sign-in page, the link that works once, the language."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from festoon.catalog import sign_in as links
from festoon.console.screen import inside, made_up, page, screen
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; afterwards the page that was asked for."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(inside(request, request.POST.get("next", ""), "console:start"))
    status = 422 if form.is_bound else 200
    return page(request, "console/sign_in.html", {"form": form, "next": request.GET.get("next", "")}, status=status)


def sign_in_once(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """A link that signs in one person, one time."""
    user = links.who(person, token)
    if user is None:
        return page(request, "console/sign_in.html", {"form": AuthenticationForm(), "lapsed": True}, status=403)
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
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("console:sign-in")
