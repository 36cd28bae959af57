"""Letters on their way: everything of one kind that waits for one person leaves as one e-mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from festoon.catalog import queries as catalog
from festoon.catalog.models import Person
from festoon.catalog.people import acting
from festoon.records.tables import change
from festoon.records.viewer import Viewer
from festoon.review import queries
from festoon.review.letter_text import Addresses, text
from festoon.review.models import Letter

MOST = 500
"""Letters in one e-mail, of which the first are named: what is beyond goes with the next."""
log = logging.getLogger("festoon.letters")
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long a letter that could not be handed over waits for its next try; after the last it has failed."""
SERIOUS = 400
"""From here on a mail server's answer is a no; anything else leaves it open whether it took the letter."""
MARK = {"Auto-Submitted": "auto-generated"}
"""Tells mail programs that no person wrote this, so that none answers it that its owner is away (RFC 3834)."""


def send(*, by: Viewer, now: datetime, addresses: Addresses) -> bool:
    """Hand over what is due to one person; whether there was anything.

    It is written down as taken before it leaves, so nobody gets a letter twice: not of two workers, and not after one died
    on the way, for what was taken is not taken again. What did not leave, and what the mail server refuses, waits for its
    next try. Where the server had the letter and did not answer, it may have arrived: it stays taken, with what happened.
    What was decided meanwhile is dropped.
    """
    taken = _take(by, now)
    if not taken:
        return False
    person = catalog.people(by).filter(code=taken[0].person, user__is_active=True).exclude(email="").first()
    reader = _reader(person, by, now)
    due = [letter for letter in taken if reader is not None and _still(letter, reader)]
    _end([letter for letter in taken if letter not in due], "dropped", now)
    if person is None or reader is None or not due:
        return True
    subject, body = text(person, reader[0], due, queries.letter_wish(by, person.code).language, addresses)
    _hand_over(EmailMessage(subject, body, to=[person.email], headers=MARK), due, now)
    return True


def _hand_over(message: EmailMessage, due: list[Letter], now: datetime) -> None:
    """To the mail server; how that ended is written down."""
    message.connection, reached = get_connection(), False
    try:
        message.connection.open()
        reached = True
        message.send()
    except (OSError, ValueError) as error:
        log.warning("a letter to %s could not be handed over: %s", due[0].person, type(error).__name__)
        if reached and not _for_certain(error):
            _open(due, error)
        else:
            _again(due, error, now)
    else:
        _end(due, "sent", now)
    finally:
        with suppress(OSError):
            message.connection.close()


def _for_certain(error: Exception) -> bool:
    """Whether a letter did not arrive that was on its way to a server: it was refused, or could not be written at all."""
    if isinstance(error, SMTPDataError | SMTPSenderRefused | SMTPHeloError):
        return int(error.smtp_code) >= SERIOUS
    return isinstance(error, SMTPRecipientsRefused | SMTPNotSupportedError | ValueError)


def _take(by: Viewer, now: datetime) -> list[Letter]:
    """Everything of one kind that waits for the person whose letter is due first, now nobody else's."""
    with transaction.atomic():
        waiting = queries.letters(by).filter(state="waiting").select_for_update(skip_locked=True, of=("self",))
        first = waiting.filter(due_at__lte=now).first()
        if first is None:
            return []
        found = list(waiting.filter(person=first.person, kind=first.kind)[:MOST])
        _end(found, "taken", now)
    return found


def _reader(person: Person | None, by: Viewer, now: datetime) -> tuple[Viewer, Sequence[Viewer]] | None:
    """The person, and those in whose place they decide; None for nobody who is to be told."""
    if person is None or person.code in queries.wants_none(by):
        return None
    viewer = next(iter(acting(by, [person.code])))
    return viewer, queries.stands_for(viewer, now)


def _still(letter: Letter, reader: tuple[Viewer, Sequence[Viewer]]) -> bool:
    """Whether the review waits for this person where it did."""
    review = letter.review
    here = (review.round, review.level) == (letter.round, letter.level)
    return here and queries.is_asked(reader[0], review, reader[1])


def _end(letters: list[Letter], state: str, now: datetime) -> None:
    for letter in letters:
        letter.state, letter.ended_at = state, now
    change(letters, ["state", "ended_at"])


def _again(letters: list[Letter], error: Exception, now: datetime) -> None:
    for letter in letters:
        over = letter.attempts >= len(PAUSES)
        letter.state, letter.error = ("failed" if over else "waiting"), _said(error)
        letter.due_at = now if over else now + PAUSES[letter.attempts]
        letter.attempts += 1
    change(letters, ["state", "error", "due_at", "attempts"])


def _open(letters: list[Letter], error: Exception) -> None:
    """It is left open whether these arrived."""
    for letter in letters:
        letter.error = _said(error)
    change(letters, ["error"])


def _said(error: Exception) -> str:
    """What happened; not which sign could not be encoded, for that may be one of the password."""
    name = type(error).__name__
    return name if isinstance(error, UnicodeError) else f"{name}: {error}"[:255]
