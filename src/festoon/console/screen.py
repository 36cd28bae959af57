"""What every screen shares: who looks, in which zone, inside which frame, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.people import viewer_of
from festoon.catalog.roles import right_of
from festoon.console import too_long, words
from festoon.console.menu import menu
from festoon.records.refusal import Invalid, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries as reviews

P = ParamSpec("P")
NUL = Words(
    "There is a character in this that nobody types (NUL): take it out.",
    "内容中有无法输入的字符（NUL），请删除后重试。",
)
MADE_UP = "made up"
FACTOR_DUE = "festoon.factor_due"
"""In a session: its owner's company asks for a second factor, and they have none yet."""
STILL_OPEN = {"console:account", "console:second-factor", "console:password", "console:sign-out-everywhere"}
"""What is open to somebody whose second factor is due."""
SHEETS = tuple(
    f"console/{name}.css"
    for name in ("tokens", "shell", "parts", "blocks", "lists", "fields", "drawer", "matrix", "relations")
)


def screen(
    view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for people who signed in: it is given the viewer, and a refusal becomes words on the page.

    What holds a NUL is refused here, for every screen: no database keeps one in a text; so is a field without end.
    """

    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if _waits(request):
            return redirect("console:second-factor")
        viewer, house = here(request)
        with timezone.override(ZoneInfo(house.zone if house else "UTC")):
            try:
                _enter(request, viewer)
                if refusal := _unreadable(request):
                    return page(request, "console/refused.html", {"refusal": refusal}, status=400)
                return view(request, viewer, *args, **kwargs)
            except Refusal as refusal:
                return _refused(request, refusal)

    update_wrapper(shown, view)
    return shown


def here(request: HttpRequest) -> tuple[Viewer, Any]:
    """Who looks, and their company: read once a request."""
    found = getattr(request, "festoon_here", None)
    if found is None:
        viewer = viewer_of(request.user)
        person = person_of(request)
        mine = person is not None and person.merchant_id == viewer.merchant_id
        found = (viewer, person.merchant if mine else house_of(viewer))
        request.festoon_here = found  # type: ignore[attr-defined]
    return found


def _waits(request: HttpRequest) -> bool:
    """Whether the second factor has to be set up before this screen opens."""
    at = request.resolver_match
    return bool(request.session.get(FACTOR_DUE)) and at is not None and at.view_name not in STILL_OPEN


def _enter(request: HttpRequest, viewer: Viewer) -> None:
    """Ask for the right that permissions.yaml names for this screen, before anything of the request is read."""
    match = request.resolver_match
    if match is not None and (right := right_of(match.view_name)):
        viewer.require(right)


def _unreadable(request: HttpRequest) -> Invalid | None:
    """What is wrong with a field that is too long, or where there is a NUL: in the address, behind it, or in the form."""
    given = (*request.GET.lists(), *request.POST.lists())
    if "\0" in request.path_info or any("\0" in text for name, values in given for text in (name, *values)):
        return Invalid("nul", NUL)
    return too_long.of(given)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """`template` inside the frame, with the menu of who looks."""
    frame: dict[str, Any] = {"sheets": SHEETS, "in_drawer": in_drawer(request)}
    if request.user.is_authenticated:
        viewer, house = here(request)
        counted = getattr(request, "festoon_waits", None)
        waits = reviews.waiting(viewer, timezone.now()) if counted is None else counted
        waits += reviews.mentions(viewer).count()
        frame |= {"person": person_of(request), "house": house, "menu": menu(viewer, waits)}
        frame["others"] = made_up(request)
    return render(request, template, frame | dict(context or {}), status=status)


def in_drawer(request: HttpRequest) -> bool:
    """Whether the page goes into the drawer at the side of another one."""
    return request.headers.get("HX-Target", "").endswith("#drawer")


def done(request: HttpRequest, to: str, said: Words) -> HttpResponse:
    """After a verb: say what happened and go on to the page `to`."""
    messages.success(request, words.said(said))
    return redirect(to)


def made_up(request: HttpRequest) -> Sequence[Any]:
    """The other made-up people, for one who is made up; for a real company's people, nobody."""
    person = person_of(request)
    if person is None or person.merchant.source != MADE_UP:
        return ()
    people = catalog.people(SYSTEM).filter(merchant__source=MADE_UP, user__is_active=True)
    return list(people.exclude(pk=person.pk).select_related(None).only("code", "name_en", "name_zh", "roles"))


def person_of(request: HttpRequest) -> Any:
    """The person who signed in; None for a user behind whom there is none, as an administrator of the machine."""
    return getattr(request.user, "person", None)


def house_of(viewer: Viewer) -> Any:
    """The viewer's company; None for nobody's."""
    return catalog.merchants(SYSTEM).filter(pk=viewer.merchant_id).first()


def zone_of(viewer: Viewer) -> ZoneInfo:
    """The zone of the viewer's company."""
    house = house_of(viewer)
    return ZoneInfo(house.zone if house else "UTC")


def inside(request: HttpRequest, asked: str, otherwise: str) -> str:
    """The address that was asked for if it is one of this house, else `otherwise`."""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe and "/" in asked else otherwise


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if request.method == "POST" and refusal.status != 404 and refusal.code != "forbidden":
        messages.error(request, words.said(refusal.words))
        return redirect(inside(request, request.headers.get("Referer", ""), "console:start"))
    return page(request, "console/refused.html", {"refusal": refusal}, status=refusal.status)
