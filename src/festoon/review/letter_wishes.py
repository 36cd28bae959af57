"""Whether somebody wants letters about reviews, and in which language."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.records.audit import record
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.review import queries
from festoon.review.models import LetterWish

NO_LANGUAGE = Words(en="Festoon does not write in this language.", zh="系统不支持该语言。")


def choose(*, by: Viewer, now: datetime, wanted: bool | None = None, language: str | None = None) -> LetterWish:
    """Say whether one wants letters and in which language, "" for both; None leaves what was said. For oneself.

    Said twice, it stands once. Letters on their way are not called back; those that wait are dropped when none are wanted.
    """
    person = catalog.oneself(by)
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("unknown", NO_LANGUAGE, field="language")
    with transaction.atomic():
        wish = queries.letter_wish(by, person.code)
        before = (wish.wanted, wish.language)
        wish.wanted = wish.wanted if wanted is None else wanted
        wish.language = wish.language if language is None else language
        if before != (wish.wanted, wish.language):
            wish.save()
            rows = {"wanted": wish.wanted, "language": wish.language}
            record(by=by, at=now, verb="people.letters", kind="person", subject=person.code, rows=rows)
    return wish
