"""New offers that somebody began and did not save: kept as they are typed, offered again, gone when they are saved.

What is typed comes with the look that the form sends anyway. It is the person's own, whatever rights it had to be written
with are asked again when it is gone on with, and it ends by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import QueryDict

from festoon.console import queries
from festoon.console.models import Unfinished
from festoon.console.offer_form import opening
from festoon.console.offer_form.form import Form
from festoon.console.offer_form.raw import at, flat, text
from festoon.offers import queries as offers
from festoon.records.tables import upsert
from festoon.records.viewer import SYSTEM, Viewer

LASTS = timedelta(days=14)
"""So long after the last key it is kept."""
LATE = timedelta(minutes=10)
"""So long after it was saved a look of the same form may still come in."""
LARGEST = 64_000
"""A form of more bytes is not kept."""
MOST = 20
"""So many of one person; of more the one that was touched the longest ago goes."""
NOT_KEPT = {"csrfmiddlewaretoken", "do", "key", "begun"}
SEARCHED = ("q-", "paste-", "file-")
BEGUN = re.compile(r"[0-9a-f]{32}")


def number(asked: str = "") -> str:
    """The number of a form: the one that was asked for, or a new one."""
    return asked if BEGUN.fullmatch(asked) else uuid4().hex


def keep(person: Any, begun: str, form: Form, *, by: Viewer, now: datetime) -> None:
    """Keep what stands in the form of a new offer.

    *Twice* it is there once, with what came last. *Late*, when this person saved the offer of this code after they began
    (where nothing is kept yet: within `LATE`), nothing is kept; a code that an older or another's offer has keeps nothing
    from being kept. *Half-way* the last one stays. What is too large is not kept; what is older than `LASTS` goes, whoever's it is.
    """
    code = text(at(form.raw, ["code"]))
    fields = {name: values for name, values in flat(form.raw) if _kept(name)}
    if not queries.is_self(by, person) or not BEGUN.fullmatch(begun) or len(json.dumps(fields)) > LARGEST:
        return
    row = queries.unfinished(by).filter(person=person, begun=begun).first()
    since = row.began_at if row else now - LATE
    if offers.own(by).filter(code=code, author=by.name, created_at__gte=since).exists():
        return
    called = " · ".join(filter(None, (text(at(form.raw, ["name", language])) for language in ("en", "zh"))))
    row = Unfinished(
        merchant_id=by.merchant_id, person=person, begun=begun, rule=opening.named(form.rule)[:160], kind=form.rule.kind,
        name=called[:128], fields=fields, began_at=now, touched_at=now,
    )  # fmt: skip
    with transaction.atomic():
        upsert([row], unique=["person", "begun"], columns=["rule", "kind", "name", "fields", "touched_at"])
        queries.unfinished(SYSTEM).filter(touched_at__lte=now - LASTS).delete()
        mine = queries.unfinished(SYSTEM).filter(person=person).values_list("pk", flat=True)
        if over := list(mine[MOST:]):
            queries.unfinished(SYSTEM).filter(pk__in=over).delete()


def drop(person: Any, begun: str, *, by: Viewer) -> None:
    """Forget one of one's own: it was saved, or is not wanted; what is not there is gone already.

    *Half-way*, dead after the offer was saved and before this, it is still shown as not saved: going on with it says at its
    code that the offer is there, and it is discarded by hand or ends by itself.
    """
    if queries.is_self(by, person):
        queries.unfinished(by).filter(person=person, begun=begun).delete()


def begun_by(viewer: Viewer, person: Any, *, now: datetime, rule: str = "") -> Sequence[Unfinished]:
    """What a person began and may go on with, the last touched first; of one rule, or all."""
    if not queries.is_self(viewer, person):
        return ()
    rows = queries.unfinished(viewer).filter(person=person, touched_at__gt=now - LASTS)
    return list(rows.filter(rule=rule) if rule else rows)


def form_of(viewer: Viewer, row: Unfinished) -> Form:
    """The form as it was left."""
    post = QueryDict(mutable=True)
    for name, values in row.fields.items():
        post.setlist(name, values)
    return opening.posted(viewer, post, None)


def _kept(name: str) -> bool:
    return name not in NOT_KEPT and not name.startswith(SEARCHED)
