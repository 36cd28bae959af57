"""No screen is without its pictures: every address of the people's doors is looked at, or does something."""

from django.urls import get_resolver

from tests.browser.screens import ADMINISTRATOR, CONSOLE, ELSEWHERE, NOBODY, SERVICE, VERBS

DOORS = ("console", "shop")


def addresses():
    """The names of all addresses of the people's doors."""
    found = get_resolver().namespace_dict
    return {f"{door}:{name}" for door in DOORS for name in found[door][1].reverse_dict if isinstance(name, str)}


def test_every_address_is_looked_at():
    shown = {name for name, _ in (CONSOLE | ADMINISTRATOR | SERVICE | NOBODY).values()}
    assert addresses() == shown | VERBS | set(ELSEWHERE), "put it into tests/browser/screens.py"
    assert not shown & VERBS
