"""A verb and its key: what the key got before is answered, also where it got it a moment ago."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from festoon.records.refusal import Refusal

Answer = TypeVar("Answer")


def once(before: Callable[[], Answer | None], act: Callable[[], Answer]) -> Answer:
    """What the key got `before`, else what `act` answers.

    A refusal is believed only while the key has got nothing still: the same call, made twice at one moment, would else be
    refused for what it did itself, a coupon that is used, a unit that came back.
    """
    if (found := before()) is not None:
        return found
    try:
        return act()
    except Refusal:
        if (found := before()) is not None:
            return found
        raise
