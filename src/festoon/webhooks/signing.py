"""Signatures by the Standard Webhooks specification, and the secrets they are made with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from festoon.records import secret as installation
from festoon.webhooks.models import Endpoint


def secret(endpoint: Endpoint, generation: int | None = None) -> str:
    """The endpoint's secret, `whsec_…`: the same whenever it is asked for, kept nowhere."""
    return _made(endpoint, endpoint.generation if generation is None else generation, installation.present())


def headers(endpoint: Endpoint, event: str, body: str, now: datetime) -> dict[str, str]:
    """The headers of one delivery. While a secret is changed, the endpoint's or the installation's, either verifies."""
    generations = [endpoint.generation]
    if endpoint.both_until is not None and now < endpoint.both_until:
        generations.append(endpoint.generation - 1)
    at = now.astimezone(UTC)
    secrets = [_made(endpoint, number, each) for each in installation.every() for number in generations]
    signed = [Webhook(each).sign(event, at, body) for each in secrets]
    return {
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
        "content-type": "application/json",
        "user-agent": "festoon-webhooks/1",
    }


def _made(endpoint: Endpoint, generation: int, made_with: bytes) -> str:
    made = hmac.new(made_with, f"webhook:{endpoint.pk}:{generation}".encode(), hashlib.sha256)
    return f"whsec_{base64.b64encode(made.digest()).decode()}"
