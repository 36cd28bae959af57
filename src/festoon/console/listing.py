"""A list on a screen: tabs with counts, one page of rows, everything kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Tab:
    """A state with how many are in it."""

    code: str
    label: str
    count: int
    href: str
    on: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What the `datatable` component draws."""

    path: str
    tab: str
    tabs: Sequence[Tab]
    rows: Sequence[Any]
    total: int
    first: int
    last: int
    previous: str
    next: str

    @property
    def more_than_one(self) -> bool:
        """Whether there is another page."""
        return bool(self.previous or self.next)


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    tabs: Mapping[str, tuple[str, int]] | None = None,
    per_page: int = PER_PAGE,
) -> Listing:
    """One page of `rows`, already filtered; `tabs` maps a state's code to its label and count."""
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    state = request.GET.get("state", "")
    return Listing(
        path=request.path,
        tab=state,
        tabs=[
            Tab(code, label, count, _address(request, state=code), code == state)
            for code, (label, count) in (tabs or {}).items()
        ],
        rows=list(page.object_list),
        total=page.paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        previous=_address(request, page=str(page.previous_page_number())) if page.has_previous() else "",
        next=_address(request, page=str(page.next_page_number())) if page.has_next() else "",
    )


def _address(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    if "page" not in changed:
        query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
        if not value:
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
