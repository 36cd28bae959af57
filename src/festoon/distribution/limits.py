"""How many of a coupon may be claimed in a period by one shopper, and on one device: asked under the lock of the stock.

Where a coupon has no such limit nothing of this is asked or written.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from festoon.base.windows import Window, since_1970
from festoon.coupons.models import Template
from festoon.coupons.validity import period
from festoon.distribution import refusals
from festoon.distribution.statements import DEVICE_CLAIM, IN_PERIOD, ON_DEVICE
from festoon.ledger.store.plan import Step
from festoon.records import secret
from festoon.records.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """At most `most` in each day, week or month by the calendar of `zone`, and `device` on one device; None: no limit."""

    template: int
    most: int | None
    each: str
    zone: str
    device: int | None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a claim adds to its plan: what is asked `before` anything is written, what is written `after` it, its lane."""

    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    lane: str = ""


FREE = Bound()


def limits_of(template: Template, zone: str) -> Limits | None:
    """The limits of a template; None where it has neither. Its periods are those of the zone it was agreed on with."""
    if template.period_most is None and template.per_device is None:
        return None
    agreed = template.period_zone or zone
    return Limits(template.pk, template.period_most, template.period_each, agreed, template.per_device)


def bound(limits: Limits | None, shopper: str, device: str, coupon: str, now: datetime, window: Window) -> Bound:
    """The steps of one claim. Raises Refusal `device_needed`."""
    if limits is None:
        return FREE
    before: list[Step] = []
    if limits.most is not None:
        since, until = period(now, limits.each, limits.zone)
        values = {
            "template": limits.template, "shopper": shopper, "since": since, "until": until, "most": limits.most,
        }  # fmt: skip
        before.append(Step(IN_PERIOD, values, _again(limits, until, window)))
    if limits.device is None:
        return Bound(before)
    if not device:
        raise refusals.device_needed()
    named = hashes(limits.template, device)
    on: dict[str, Any] = {"template": limits.template, "devices": named, "most": limits.device}
    before.append(Step(ON_DEVICE, on, refusals.device_limit()))
    kept = {"coupon": coupon, "template": limits.template, "device": named[0]}
    return Bound(before, [Step(DEVICE_CLAIM, kept, refusals.device_limit())], f"device {named[0]}")


def hashes(template: int, device: str) -> list[str]:
    """What is kept of a device's text for a template: sealed with the present secret, then with those before it."""
    text = f"device of {template}\0{device}".encode()
    return [hmac.new(each, text, sha256).hexdigest() for each in secret.every()]


def _again(limits: Limits, until: datetime, window: Window) -> Refusal:
    """When one may have more; nothing of that where claiming is over by then."""
    if window.end is not None and since_1970(until) >= window.end:
        return refusals.limit_reached()
    return refusals.limit_reached_until(limits.each, until, limits.zone)
