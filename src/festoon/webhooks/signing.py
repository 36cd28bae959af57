"""Signatures by the Standard Webhooks specification, and the secrets they are made with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from django.conf import settings
from standardwebhooks.webhooks import Webhook

from festoon.webhooks.models import Endpoint


def secret(endpoint: Endpoint, generation: int | None = None) -> str:
    """The endpoint's secret, `whsec_…`: the same whenever it is asked for, kept nowhere."""
    number = endpoint.generation if generation is None else generation
    made = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{endpoint.pk}:{number}".encode(), hashlib.sha256)
    return f"whsec_{base64.b64encode(made.digest()).decode()}"


def headers(endpoint: Endpoint, event: str, body: str, now: datetime) -> dict[str, str]:
    """The headers of one delivery. While a secret is changed there are two signatures, so either verifies."""
    generations = [endpoint.generation]
    if endpoint.both_until is not None and now < endpoint.both_until:
        generations.append(endpoint.generation - 1)
    at = now.astimezone(UTC)
    signed = [Webhook(secret(endpoint, number)).sign(event, at, body) for number in generations]
    return {
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
        "content-type": "application/json",
        "user-agent": "festoon-webhooks/1",
    }
