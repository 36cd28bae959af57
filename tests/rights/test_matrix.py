"""Every screen, endpoint and verb, for every role: what happens is what permissions.yaml says, and nothing is missing there."""

import inspect
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from festoon.catalog.machines.scopes import SCOPES
from festoon.catalog.roles import EVERYBODY, OPEN, permissions
from festoon.records.refusal import Forbidden
from festoon.records.viewer import Viewer
from tests.rights import people
from tests.rights.doors import VERBS, address

NOW = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
# -- screens --------------------------------------------------------------------------------------------------------


class Counted(int):
    """A number that is asked for as of rows."""

    def count(self):
        return self


@pytest.fixture
def plain(monkeypatch):
    """Who gets in is asked here, not what a screen looks like: pages are answered undrawn, and what the frame round each
    of them tells (what waits, who else is made up) is looked up once for each who looks."""
    from django.http import HttpResponse

    from festoon.console import screen

    monkeypatch.setattr(screen, "render", lambda *_, status: HttpResponse("undrawn", status=status))
    known = {}

    def once(what, who, ask):
        if (what, who) not in known:
            known[what, who] = ask()
        return known[what, who]

    reviews, made_up = screen.reviews, screen.made_up
    frame = SimpleNamespace(
        waiting=lambda viewer, now: once("waits", viewer, lambda: reviews.waiting(viewer, now)),
        mentions=lambda viewer: once("said", viewer, lambda: Counted(reviews.mentions(viewer).count())),
    )
    monkeypatch.setattr(screen, "reviews", frame)
    monkeypatch.setattr(screen, "made_up", lambda request: once("others", request.user.pk, lambda: made_up(request)))


@pytest.mark.once("second")
@pytest.mark.django_db
@pytest.mark.parametrize(("role", "house"), people.EVERY)
def test_every_screen_for_every_role(cast, plain, role, house):
    people.take_on(cast.now)
    wrong = []
    client = Client(raise_request_exception=False)
    client.force_login(people.user(role, house))
    may = people.viewer(role, house)
    for name, needs in permissions().screens.items():
        if needs == OPEN or name == "console:be":  # it ends the session that the rest of the row needs
            continue
        refused = needs != EVERYBODY and not may.may(needs)
        answers = [client.post(address(name)).status_code]
        if refused or answers[0] == 405:
            answers.append(client.get(address(name)).status_code)
        if refused != all(answer == 403 for answer in answers if answer != 405) or max(answers) >= 500:
            wrong.append(f"{name} as {role} of a {house}: {answers}, needs {needs}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_who_did_not_sign_in_is_asked_to(client, db):
    for name, needs in permissions().screens.items():
        if needs != OPEN:
            for ask in (client.get, client.post):
                answer = ask(address(name))
                assert answer.status_code == 405 or answer["Location"].startswith("/sign-in/"), name


# -- the menu -------------------------------------------------------------------------------------------------------


@pytest.mark.once("second")
@pytest.mark.django_db
def test_the_menu_names_what_one_may_open_and_nothing_else(cast, plain):
    people.take_on(cast.now)
    from festoon.console.menu import menu

    for role, house in people.EVERY:
        client = Client()
        client.force_login(people.user(role, house))
        named = [item.to for group in menu(people.viewer(role, house)) for item in group.items]
        assert "console:start" in named
        for name in named:
            assert client.get(reverse(name)).status_code in {200, 404}, (role, house, name)  # 404: nothing there yet


# -- endpoints ------------------------------------------------------------------------------------------------------


@pytest.mark.once("second")
@pytest.mark.django_db
def test_every_endpoint_for_every_scope(cast, monkeypatch):
    from litestar.testing import TestClient

    from festoon.api import gate
    from festoon.api.app import served

    bearers = {scope: Viewer("key:x", 1, frozenset({scope}), channel="app") for scope in [*SCOPES, "nothing"]}
    monkeypatch.setattr(
        gate, "_look_up", lambda found: {gate.digest(f"fst_{name}"): who for name, who in bearers.items()}.get(found)
    )
    wrong = []
    with TestClient(served()) as client:
        for place, needs in permissions().endpoints.items():
            method, path = place.split(" ")
            path = (
                path.replace("{hold}", "h" * 32)
                .replace("{shopper}", "mei")
                .replace("{code}", "double-12")
                .replace("{webhook}", "1")
            )
            for scope in bearers:
                headers = {"Authorization": f"Bearer fst_{scope}", "Idempotency-Key": "k"}
                answer = client.request(method, path, headers=headers, json=None if method == "GET" else {})
                if (answer.status_code == 403) != (needs not in {OPEN, scope}) or answer.status_code >= 500:
                    wrong.append(f"{place} with {scope}: {answer.status_code}, needs {needs}")
            if needs != OPEN and client.request(method, path).status_code != 401:
                wrong.append(f"{place} without a key")
    gate.forget()
    assert not wrong, "\n".join(wrong)


def test_every_scope_of_a_key_is_a_right():
    assert set(SCOPES) <= set(permissions().rights)


# -- verbs ----------------------------------------------------------------------------------------------------------


class Asked(Exception):
    """The verb asked for this right, and was told yes: nothing was done."""


class Asking(Viewer):
    """One who notes what it is asked for first, and lets the verb go no further."""

    def require(self, right: str) -> None:
        super().require(right)
        raise Asked(right)


@pytest.mark.parametrize("name", [name for name, needs in permissions().verbs.items() if needs != EVERYBODY])
def test_a_verb_asks_for_its_right_before_anything_else(name):
    """Arguments are of no kind at all: who lacks the right is refused before the verb looks at them."""
    verb, needs = VERBS[name], permissions().verbs[name]
    given = {
        each.name: object()
        for each in inspect.signature(verb).parameters.values()
        if each.name not in {"by", "now", "put"}
    }
    given |= {"now": NOW} if "now" in inspect.signature(verb).parameters else {}
    for role in permissions().roles.values():
        by = Asking(f"person:{role.code}", 1, role.rights, roles=frozenset({role.code}))
        with pytest.raises(Asked if needs in role.rights else Forbidden) as refused:
            verb(**given, by=by)
        assert needs in str(refused.value)
