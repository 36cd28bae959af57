"""Keeping a view of a list under a name, and dropping it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from festoon.base.words import Words
from festoon.console import queries
from festoon.console.listing import PASSING
from festoon.console.models import SavedView
from festoon.records.refusal import Invalid
from festoon.records.tables import upsert
from festoon.records.viewer import Viewer

NAMELESS = Words("Give the view a name of at most 64 characters.", "请填写视图名称，最多 64 个字符。")
TOO_LONG = Words("This view holds too many choices to keep.", "视图包含的条件过多，无法保存。")
TOO_MANY = Words("A list keeps at most 50 views; drop one first.", "每个列表最多保存 50 个视图，请先删除一个。")
LONGEST, MOST = 2000, 50


def keep(person: Any, which: str, name: str, query: str, *, by: Viewer, now: datetime) -> None:
    """Keep what an address says of the list `which` for a person; a view of that name is replaced.

    Sent twice it is there once. Nothing else of the address is kept: not the page, not the file it was saved as.
    """
    name, kept = name.strip(), urlencode([pair for pair in parse_qsl(query) if pair[0] not in PASSING])
    if not 0 < len(name) <= 64:
        raise Invalid("missing", NAMELESS, field="name")
    if len(kept) > LONGEST:
        raise Invalid("too_long", TOO_LONG, field="query")
    mine = queries.saved_views(by, person, which)
    if len(mine) >= MOST and all(view.name != name for view in mine):
        raise Invalid("too_many", TOO_MANY, field="name")
    row = SavedView(merchant_id=person.merchant_id, person=person, list=which, name=name, query=kept, saved_at=now)
    upsert([row], unique=["person", "list", "name"], columns=["query", "saved_at"])


def drop(person: Any, number: int, *, by: Viewer) -> None:
    """Drop one of a person's own views; one that is not there is gone already."""
    for view in queries.saved_views(by, person):
        if view.pk == number:
            view.delete()
