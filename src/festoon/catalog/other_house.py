"""Another house that vouches for our people: an OpenID Connect service, as the file of FESTOON_SIGN_IN says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from festoon.base.words import Words
from festoon.catalog.roles import permissions

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
NEEDED = ("issuer", "client", "secret", "domains")
KNOWN = {*NEEDED, "name", "address", "emails_are_verified", "merchant", "groups", "groups_claim"}


@dataclass(frozen=True, slots=True)
class OtherHouse:
    """Who vouches, and for whom.

    `issuer` is its address, `client` and `secret` are ours with it, `address` is how browsers reach us ("": as they
    asked). Only e-mails of `domains` are let in. `groups` (its group → our roles) lets in at `merchant` who was not
    invited; with none, everybody has to be invited first.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    domains: frozenset[str]
    name: Words = Words("company account", "公司账号")
    address: str = ""
    emails_are_verified: bool = False
    merchant: str = ""
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups_claim: str = "groups"


def read(told: Mapping[str, Any]) -> OtherHouse:
    """What the file says. Raises ValueError with all that is wrong with it, a line each."""
    wrong = [f"{key}: is needed" for key in NEEDED if not told.get(key)]
    wrong += [f"{key}: nobody knows this" for key in sorted(set(told) - KNOWN)]
    wrong += [f"{key}: https, or this machine itself" for key in ("issuer", "address") if not is_safe(told.get(key))]
    groups = {str(group): frozenset(roles) for group, roles in dict(told.get("groups") or {}).items()}
    unknown = sorted(frozenset().union(*groups.values()) - set(permissions().roles))
    wrong += [f"groups: no such role: {', '.join(unknown)}"] if unknown else []
    wrong += ["merchant: whose people are those of the groups?"] if groups and not told.get("merchant") else []
    if wrong:
        raise ValueError("\n".join(wrong))
    more = {key: told[key] for key in ("emails_are_verified", "merchant", "groups_claim") if key in told}
    return OtherHouse(
        issuer=str(told["issuer"]).rstrip("/"), client=str(told["client"]), secret=str(told["secret"]),
        domains=frozenset(str(each).lower() for each in told["domains"]), groups=groups,
        address=str(told.get("address", "")).rstrip("/"),
        name=Words(**told["name"]) if "name" in told else Words("company account", "公司账号"), **more,
    )  # fmt: skip


def is_safe(address: Any) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or not leaving this machine; "" is nowhere."""
    parts = urlsplit(str(address or ""))
    return not address or parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
