"""What several lists have in common: columns of a state or a figure, searching by code and name, choices of filters."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import queries, words
from festoon.console.columns import Column
from festoon.console.templatetags.festoon import standing
from festoon.console.words import said
from festoon.records.names import Called, as_called, name_of
from festoon.records.viewer import Viewer
from festoon.storefront.templatetags.said import number

MANY = 100
"""More than this nobody picks from; the search finds the rest."""
STATE = Words("State", "状态")
BY_NAME = Words("Search name or code", "搜索名称或编号")


def by_name(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows whose code or name has the text in it, Latin letters large or small.

    Offers keep the one text that is looked through: a list of 100,000 is read whole when nothing fits. `LIKE` would take
    half as long again for Chinese.
    """
    kept = any(field.name == "called" for field in rows.model._meta.fields)
    within = rows if kept else rows.alias(called=Called())
    found: QuerySet[Any] = within.alias(stands_at=StrIndex("called", Value(as_called(text)))).filter(stands_at__gt=0)
    return found


def few_by_name(rows: QuerySet[Any], text: str, most: int) -> Sequence[int] | None:
    """The numbers of the rows that `by_name` leaves, in no order; None when there are more than `most`.

    Asked for the number alone, a database takes the narrow index of names, and stops when there are too many.
    """
    found = list(by_name(rows.order_by(), text).values_list("pk", flat=True)[: most + 1])
    return found if len(found) <= most else None


def title(row: Any) -> str:
    """A row's name in the language of the page."""
    return said(name_of(row)) if row else ""


def state_of(field: str) -> Column:
    """Where a row stands, by the state that is kept in this field of it."""
    state = attrgetter(field)
    return Column(
        "state", STATE, lambda row: words.state(state(row)).label, cell=lambda row: standing(state(row)), alike=state
    )


def figure(code: str, head: Words, field: str) -> Column:
    """How many, as the row says in this field."""
    many = attrgetter(field)
    return Column(code, head, many, number=True, cell=lambda row: number(many(row)))


def campaigns(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    """The latest campaigns the viewer sees."""
    return _named(queries.campaigns_seen(viewer).select_related(None), chosen)


def merchants(viewer: Viewer, chosen: str) -> Sequence[tuple[str, str]]:
    """The merchants the viewer sees; nothing to choose when it is one."""
    found = _named(catalog.merchants(viewer), chosen)
    return found if len(found) > 1 else ()


def choices_of(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    """Rows that have a code and a name, as the choices of a filter: of them nothing else is read."""
    named = rows.values_list("code", "name_en", "name_zh")
    return [(code, said(Words(en, zh or en))) for code, en, zh in named]


def _named(rows: QuerySet[Any], chosen: str) -> Sequence[tuple[str, str]]:
    found = choices_of(rows[:MANY])
    if chosen and all(code != chosen for code, _ in found):
        found += choices_of(rows.filter(code=chosen))
    return found
