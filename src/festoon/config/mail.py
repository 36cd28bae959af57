"""How letters leave this installation: read from the environment, said when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

BACKENDS = "django.core.mail.backends"
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
FORM = (
    f"FESTOON_MAIL: console, or one of {', '.join(PORTS)}://user:password@host:port, a port up to 65535; "
    "in a password # is written %23, / %2F, ? %3F, [ %5B, ] %5D"
)
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Mail:
    """Whether letters leave, where browsers reach Festoon (for the links in them), and Django's settings for it."""

    on: bool = False
    address: str = ""
    settings: dict[str, Any] = field(default_factory=lambda: {"EMAIL_BACKEND": f"{BACKENDS}.dummy.EmailBackend"})


def read(way: str, sender: str, address: str) -> Mail:
    """`console` for the log of the process, or smtp://, smtp+tls:// (STARTTLS), smtps://user:password@host:port; "" for none.

    Raises ValueError that names the variable and says nothing of a password; that is asked to go encrypted unless the
    server is on this machine.
    """
    if not way:
        return Mail()
    base = _parts(address)
    if base is None or base.scheme not in ("http", "https") or not base.hostname:
        raise ValueError("FESTOON_ADDRESS: letters name it, such as https://promo.example.com")
    told = {"DEFAULT_FROM_EMAIL": sender, "EMAIL_TIMEOUT": 20}
    if "@" not in sender:
        raise ValueError("FESTOON_MAIL_FROM: who letters are from, such as Festoon <promo@example.com>")
    if way == "console":
        return Mail(True, address.rstrip("/"), {**told, "EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"})
    at = _parts(way)
    if at is None or at.scheme not in PORTS or not at.hostname or at.path.strip("/") or at.query or at.fragment:
        raise ValueError(FORM)
    if at.password and at.scheme == "smtp" and at.hostname not in HERE:
        raise ValueError("FESTOON_MAIL: a password goes by smtp+tls:// or smtps://")
    user, password = unquote(at.username or ""), unquote(at.password or "")
    if not f"{user}{password}".isascii():
        raise ValueError(
            "FESTOON_MAIL: user and password in Latin letters, digits and signs of ASCII; nothing else can be sent"
        )
    return Mail(True, address.rstrip("/"), {
        **told, "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend", "EMAIL_HOST": at.hostname,
        "EMAIL_PORT": at.port or PORTS[at.scheme], "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password, "EMAIL_USE_TLS": at.scheme == "smtp+tls",
        "EMAIL_USE_SSL": at.scheme == "smtps",
    })  # fmt: skip


def _parts(address: str) -> SplitResult | None:
    """An address taken apart, its port a number; None for what is none. What Python says of it may show the password."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
