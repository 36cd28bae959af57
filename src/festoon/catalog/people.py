"""Who somebody who signed in is: the viewer behind every query and every action of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.backends import ModelBackend

from festoon.catalog import queries
from festoon.catalog.models import Person
from festoon.catalog.roles import rights_of
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer

NOBODY = Viewer(name="nobody", merchant_id=0, rights=frozenset())


class WithPerson(ModelBackend):
    """Django's own way in, which reads who signed in together with the person they are: every screen asks for both."""

    def get_user(self, user_id: int) -> Any:
        """The user of a session; None where there is none, or they may no longer sign in."""
        user = queries.user(SYSTEM, user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def viewer_of(user: Any) -> Viewer:
    """The viewer of a signed-in Django user: the wall and the rights of its person.

    A superuser without a person is the platform's administrator; anybody else without one may do nothing.
    """
    person = getattr(user, "person", None) if user.is_authenticated and user.is_active else None
    if person is not None:
        return _as(person)
    if user.is_authenticated and user.is_active and user.is_superuser:
        name = f"user:{user.get_username()}"
        rights = rights_of(["admin"], platform=True)
        return Viewer(name, PLATFORM, rights, channel="console", roles=frozenset({"admin"}))
    return NOBODY


def acting(viewer: Viewer, codes: Sequence[str]) -> list[Viewer]:
    """Colleagues as the viewers they are, for somebody who acts in their place; who may no longer sign in is left."""
    people = queries.people(viewer).filter(code__in=codes) if codes else ()
    return [_as(person) for person in people if person.user.is_active]


def present(viewer: Viewer) -> list[Viewer]:
    """Everybody behind the viewer's wall who may sign in, as the viewers they are."""
    return [_as(person) for person in queries.people(viewer).filter(user__is_active=True)]


def _as(person: Person) -> Viewer:
    roles = frozenset(person.roles)
    store = person.store.code if person.store else ""
    channel = "store" if store else "console"
    rights = rights_of(roles, platform=person.merchant_id == PLATFORM)
    return Viewer(f"person:{person.code}", person.merchant_id, rights, channel, store, roles)
