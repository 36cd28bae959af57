"""The texts of the cast's API keys: made from the installation's secret, so that they need not be kept anywhere."""

from __future__ import annotations

import hmac

from django.conf import settings


def text(name: str) -> str:
    """The text of a key by its name (`demo-app`, `till-willow-west`): the same as long as the secret is."""
    return "fst_" + hmac.new(settings.SECRET_KEY.encode(), f"cast:{name}".encode(), "sha256").hexdigest()
