"""What people say about a thing beside deciding on it; `@code` in the text calls a colleague to it."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.records.refusal import Invalid, NotFound
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries
from festoon.review.models import Mention, Remark

NOTHING = Words(en="Write something.", zh="请填写内容。")
TOO_LONG = Words(en="A remark has at most 4,000 characters.", zh="评论最多 4000 个字符。")
MOST = 4000
CALLED = re.compile(r"@([\w-]+)")


def say(kind: str, subject: str, text: str, *, merchant_id: int, by: Viewer, now: datetime) -> Remark:
    """Add a remark to a thing that the viewer sees; `merchant_id` is whose it is.

    Named colleagues find it in their inbox if they see the thing; a name nobody has is only text. Said twice it is
    there twice. Nothing can change or remove it.
    """
    if not text.strip():
        raise Invalid("missing", NOTHING, field="text")
    if len(text) > MOST:
        raise Invalid("too_long", TOO_LONG, field="text", detail={"most": MOST})
    if merchant_id != by.merchant_id and not by.is_platform:
        raise NotFound(kind)
    with transaction.atomic():
        remark = Remark(subject_kind=kind, subject=subject, merchant_id=merchant_id, by=by.name, at=now, text=text)
        remark.save(force_insert=True)
        rows = catalog.people(SYSTEM).filter(code__in=set(CALLED.findall(text)))
        seers = [each for each in rows if each.merchant_id in (merchant_id, SYSTEM.merchant_id)]
        insert([Mention(remark=remark, person=each.code) for each in seers])
    return remark


def seen(number: int, *, by: Viewer, now: datetime) -> None:
    """The viewer has seen the remark that names it; seen twice, the first time stands."""
    found = queries.mentions(by).filter(pk=number).first()
    if found is None:
        raise NotFound("mention")
    found.seen_at = now
    change([found], ["seen_at"])
