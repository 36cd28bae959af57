"""The secret of an installation: what is sealed or signed today is with the present one; what an older one made is read."""

from __future__ import annotations

from django.conf import settings


def present() -> bytes:
    """What is sealed and signed with now."""
    return settings.SECRET_KEY.encode()


def every() -> list[bytes]:
    """The present secret, then those before it (FESTOON_OLD_SECRET_KEYS): one of them made what is ours."""
    return [str(each).encode() for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
