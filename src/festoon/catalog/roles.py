"""Roles and the rights they carry, as permissions.yaml says. A right is the name of what one may do; actions ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from festoon.base.words import Words

EVERYBODY, OPEN = "everybody", "open"
"""In place of a right: whoever signed in; nobody has to."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is: `of` says whose people may be it, `platform` or `merchant`."""

    code: str
    name: Words
    does: Words
    of: frozenset[str]
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Permissions:
    """The whole file, read: what each screen, endpoint and verb asks for is a right, `everybody` or `open`.

    `platform` are the rights that a merchant's people never hold.
    """

    rights: Mapping[str, Words]
    platform: frozenset[str]
    roles: Mapping[str, Role]
    screens: Mapping[str, str]
    endpoints: Mapping[str, str]
    verbs: Mapping[str, str]
    inner: frozenset[str]


@cache
def permissions() -> Permissions:
    """What permissions.yaml says. Raises ValueError for a right it does not name."""
    told = yaml.safe_load(Path(__file__).with_name("permissions.yaml").read_text(encoding="utf-8"))
    verbs = {f"{module}.{name}": right for module, each in told["verbs"].items() for name, right in each.items()}
    read = Permissions(
        rights={code: Words(each["en"], each["zh"]) for code, each in told["rights"].items()},
        platform=frozenset(code for code, each in told["rights"].items() if each.get("of") == ["platform"]),
        roles={code: _role(code, each) for code, each in told["roles"].items()},
        screens=told["screens"],
        endpoints=told["endpoints"],
        verbs=verbs,
        inner=frozenset(told["inner"]),
    )
    named = {*read.screens.values(), *read.endpoints.values(), *verbs.values()} - {EVERYBODY, OPEN}
    if unknown := named.union(*(role.rights for role in read.roles.values())) - set(read.rights):
        raise ValueError(f"permissions.yaml: no such right: {', '.join(sorted(unknown))}")
    return read


def _role(code: str, told: Mapping[str, Any]) -> Role:
    name, does = Words(**told["name"]), Words(**told["does"])
    return Role(code, name, does, frozenset(told["of"]), frozenset(told["rights"]))


RIGHTS: Mapping[str, frozenset[str]] = {code: role.rights for code, role in permissions().roles.items()}


def rights_of(roles: Iterable[str], *, platform: bool) -> frozenset[str]:
    """Everything the roles allow together, to the platform's people or a merchant's; a role nobody knows allows nothing."""
    held: frozenset[str] = frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
    return held if platform else held - permissions().platform


def right_of(screen: str) -> str:
    """The right a screen asks for, by the name of its address; "" when whoever signed in may open it."""
    right = permissions().screens.get(screen, EVERYBODY)
    return "" if right in {EVERYBODY, OPEN} else right
