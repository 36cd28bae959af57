"""Everything there is to be asked for: the screens, the endpoints, the verbs."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

import festoon
from festoon.catalog.roles import permissions

DOORS_OF_OTHERS = {
    "api",
    "cli",
    "console",
    "demo",
    "shop",
    "config",
    "analytics",
    "engine",
    "rulebook",
    "base",
    "storefront",
}
"""Rooms without verbs of their own: doors call those of other rooms, the rest only reads."""


def screens(patterns: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The name of every address of the people's doors."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from screens(each.url_patterns, f"{each.namespace}:" if each.namespace else before)
        else:
            yield f"{before}{each.name}", each


SCREENS = dict(screens())
KNOWN = {
    "code": "d12-west-lake-20",
    "number": "1",
    "person": "lin",
    "token": "x",
    "verb": "pause",
    "offer": "d12-gold-12",
}


def address(name: str) -> str:
    """The address of a screen, of something that is there where it can be."""
    wanted = SCREENS[name].pattern.converters
    known = KNOWN | ({"code": "double-12"} if "campaign" in name else {})
    return reverse(name, kwargs={part: known.get(part, "1") for part in wanted})


def endpoints() -> dict[str, Any]:
    """Method and path of every endpoint, as the description of the API names them."""
    from festoon.api.app import application

    told = application().openapi_schema.to_schema()["paths"]
    return {f"{method.upper()} {path}": each for path, found in told.items() for method, each in found.items()}


def verbs() -> dict[str, Callable[..., Any]]:
    """Everything public that takes `by`, in the rooms: named as permissions.yaml names it."""
    found: dict[str, Callable[..., Any]] = {}
    for each in pkgutil.walk_packages(festoon.__path__, "festoon."):
        name = each.name.removeprefix("festoon.")
        if name.split(".")[0] in DOORS_OF_OTHERS or ".migrations" in each.name or ".invariants" in each.name:
            continue
        module = import_module(each.name)
        for key, value in vars(module).items():
            own = inspect.getmodule(value) is module or inspect.ismethod(value) or name.endswith(".actions")
            if not key.startswith("_") and inspect.isroutine(value) and own and _takes_by(value):
                found[f"{name}.{key}"] = value
    return found


def _takes_by(function: Callable[..., Any]) -> bool:
    given = inspect.signature(function).parameters.get("by")
    return given is not None and given.annotation == "Viewer"


def _plumbing(name: str) -> bool:
    return any(f"{name}.".startswith(f"{each}.") for each in permissions().inner)


def _home(verb: Callable[..., Any]) -> str:
    return f"{verb.__module__.removeprefix('festoon.')}.{verb.__name__}"


VERBS = {name: verb for name, verb in verbs().items() if not _plumbing(name) and not _plumbing(_home(verb))}
