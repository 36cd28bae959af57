"""The letters about reviews of this installation: written each minute, sent as they come due, with its own addresses in them."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.conf import settings
from django.urls import reverse

from festoon.records.viewer import SYSTEM
from festoon.review import letters, mailing
from festoon.review.letter_text import Addresses


def write(now: datetime) -> bool:
    """Put down who has to be told."""
    return letters.write(by=SYSTEM, now=now) > 0


def send(now: datetime) -> bool:
    """Hand over what is due to one person."""
    return mailing.send(by=SYSTEM, now=now, addresses=addresses())


@cache
def addresses() -> Addresses:
    """Pages of the console, as browsers reach them, and its names of things: also from a process that does not serve it."""
    from festoon.console.queries import subject_names  # heavy, and a process that sends no letters need not know it

    def page(name: str, *given: object) -> str:
        return settings.FESTOON_MAIL.address + reverse(name, "festoon.console.urls", given)

    return Addresses(lambda review: page("review", review), page("inbox"), page("account"), subject_names)
