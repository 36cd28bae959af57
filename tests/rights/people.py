"""Somebody of every role, at the platform and at a merchant, as far as the role is for their people."""

from __future__ import annotations

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.colleagues import add_person
from festoon.catalog.people import viewer_of
from festoon.catalog.roles import permissions
from festoon.records.viewer import SYSTEM, Viewer

HOUSES = {"platform": "lantern", "merchant": "willow"}
EVERY = [(role.code, house) for role in permissions().roles.values() for house in HOUSES if house in role.of]
"""Each role with each kind of company whose people may be it."""


def take_on(now) -> None:
    """One of each, who signs in as `operator-platform`, `staff-merchant` and so on."""
    for role, house in EVERY:
        add_person(
            f"{role}-{house}", merchant=HOUSES[house], name=Words(role, role), roles=[role],
            by=SYSTEM, now=now,
        )  # fmt: skip


def user(role: str, house: str):
    return catalog.people(SYSTEM).get(code=f"{role}-{house}").user


def viewer(role: str, house: str) -> Viewer:
    return viewer_of(user(role, house))
