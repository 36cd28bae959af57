"""The one list of the console: tabs with counts, filters, search, sorting, pages by key, what can be done with rows.

A list is a subclass that says its columns and filters; everything somebody chose stands in the address, so that it can
be sent, saved and gone back to. The `datatable` component draws it; `views/lists.py` answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import CharField, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from festoon.base.words import Words
from festoon.console import queries, row
from festoon.console.asked import whole
from festoon.console.bulk import Bulk
from festoon.console.columns import Choice, Column, Filter, Sort, Tab, counted, tabs_of
from festoon.console.paging import Page, turn
from festoon.console.words import said
from festoon.records.viewer import Viewer

PER_PAGE = 25
PASSING = ("after", "before", "export", "view")
"""What of an address belongs to one look at a list, not to what was chosen."""
MATCHED = 1_000
"""So many of what a search found are told apart into tabs; of more, the tabs say nothing."""


class List:
    """A list in the making for one viewer; a subclass fills in the class variables and `every`."""

    name: ClassVar[str]
    label: ClassVar[Words]
    menus: ClassVar[bool] = False
    """Whether each of its rows has a menu."""
    columns: Sequence[Column] = ()
    states: ClassVar[Sequence[str]] = ()
    """The states by which rows are told apart into tabs, in their order."""
    filters: ClassVar[Sequence[Filter]] = ()
    sorts: ClassVar[Sequence[Sort]] = ()
    bulks: Sequence[Bulk] = ()
    searched: ClassVar[Words | None] = None
    sheets: ClassVar[bool] = False
    """Whether ticked rows can be had as a file."""
    icons: ClassVar[Sequence[str]] = ("dots_vertical",)
    """Icons that every row draws: put into the page once, as `#i-name`."""
    empty: ClassVar[tuple[str, Words, Words] | None] = None
    """What stands where there is no row at all: an icon, a title, what to do next."""
    per_page: ClassVar[int] = PER_PAGE

    def __init__(self, request: HttpRequest, viewer: Viewer, now: datetime) -> None:
        self.request, self.viewer, self.now = request, viewer, now
        self.asked = request.GET
        self.path = request.path

    # What a subclass says.

    def every(self) -> QuerySet[Any]:
        """All rows the viewer may see, in no order."""
        raise NotImplementedError

    def found(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows in which `text` stands."""
        return rows

    def within(self, rows: QuerySet[Any], tab: str) -> QuerySet[Any]:
        """The rows of one tab."""
        return rows.filter(state=tab) if tab else rows

    def counts(self) -> Mapping[str, tuple[str, int | None]]:
        """The tabs by code, each with its label and count, the first of them for everything."""
        found = counted({state: self.matching.filter(state=state) for state in self.states})
        return tabs_of(found, sum(found.values())) if found else {}

    def dressed(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows of a page with what the page shows of them."""
        return rows

    def draw(self, box: str, house: Any, tick: str, more: str) -> SafeString:
        """The rows of a page in the table `box`, for somebody of this `house`; `tick` and `more` are the page's words."""
        del house, more
        return row.rows(self.rows, self.heads, self.form(box), tick)

    def heading(self) -> str:
        """What the list is of."""
        return said(self.label)

    # What was asked.

    @cached_property
    def text(self) -> str:
        """What is searched for."""
        return str(self.asked.get("q", "")).strip()[:128] if self.searched else ""

    @cached_property
    def tab(self) -> str:
        """The chosen tab."""
        return str(self.asked.get("state", ""))

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """What was chosen of each filter."""
        return {each.code: value for each in self.filters if (value := str(self.asked.get(each.code, "")))}

    @property
    def narrowed(self) -> bool:
        """Whether anything but a tab was chosen."""
        return bool(self.text or self.chosen)

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """The rows that the filters and the search leave, of all tabs."""
        rows = self.every()
        for each in self.filters:
            if value := self.chosen.get(each.code):
                rows = queries.of(rows, each.column, value)
        return self.found(rows, self.text) if self.text else rows

    @cached_property
    def asked_rows(self) -> QuerySet[Any]:
        """The rows that were asked for: of the chosen tab too."""
        return self.within(self.matching, self.tab)

    @cached_property
    def sort(self) -> Sort:
        """The chosen order; the first when none was."""
        return next((each for each in self.sorts if each.code == self.asked.get("sort")), self.sorts[0])

    # What is drawn.

    @cached_property
    def page(self) -> Page:
        """One page."""
        asked = {way: str(self.asked.get(way, "")) for way in ("after", "before")}
        return turn(self.asked_rows, self.sort.by, self.per_page, **asked)

    @cached_property
    def rows(self) -> Sequence[Any]:
        """Its rows, dressed."""
        return self.dressed(self.page.rows)

    @cached_property
    def tabs(self) -> Sequence[Tab]:
        """The tabs as they are drawn; empty ones are left out, but for the first and the chosen."""
        counts = self.counts()
        shown = {code: tab for code, tab in counts.items() if tab[1] != 0 or code in ("", self.tab)}
        return [
            Tab(code, label, count, self.address(state=code), code == self.tab)
            for code, (label, count) in shown.items()
        ]

    @cached_property
    def shown(self) -> Mapping[str, bool]:
        """Which columns the page draws."""
        hidden = set(self.asked.getlist("hide"))
        return {each.code: each.always or each.code not in hidden for each in self.columns if each.drawn}

    @cached_property
    def heads(self) -> Sequence[Column]:
        """The columns that are drawn."""
        return [each for each in self.columns if self.shown.get(each.code)]

    @property
    def hideable(self) -> Sequence[tuple[Column, bool]]:
        """The columns that can be left out, and whether each is drawn."""
        return [(each, self.shown[each.code]) for each in self.columns if each.drawn and not each.always]

    @property
    def written(self) -> Sequence[Column]:
        """The columns of an export: all of them."""
        return [each for each in self.columns if each.text]

    @property
    def dense(self) -> bool:
        """Whether rows stand closer together."""
        return "dense" in self.asked

    @cached_property
    def choices(self) -> Sequence[Choice]:
        """The filters with their options."""
        return [
            Choice(
                each.code,
                said(each.words),
                [(code, label, code == chosen) for code, label in each.choices(self.viewer, chosen)],
            )
            for each in self.filters
            for chosen in (self.chosen.get(each.code, ""),)
        ]

    @property
    def orders(self) -> Sequence[tuple[str, str, bool]]:
        """The orders to choose from."""
        return [(each.code, said(each.words), each is self.sort) for each in self.sorts]

    def picked(self, given: Sequence[str]) -> Sequence[Any]:
        """The keys of ticked rows; what cannot be one is left out."""
        if isinstance(self.every().model._meta.pk, CharField):
            return [each for each in given if each]
        return [number for each in given if (number := whole(each)) is not None]

    def ticked(self, picks: Sequence[Any]) -> QuerySet[Any]:
        """The ticked rows, of all the viewer may see: no tab and no filter leaves out what changed since."""
        return self.every().filter(pk__in=picks)

    @cached_property
    def doable(self) -> Sequence[Bulk]:
        """What the viewer may do with ticked rows."""
        return [each for each in self.bulks if not each.right or self.viewer.may(each.right)]

    @cached_property
    def tickable(self) -> bool:
        """Whether rows can be ticked at all."""
        return self.sheets or bool(self.doable)

    def form(self, box: str) -> str:
        """The form that the ticks of the table `box` go with; "" where rows cannot be ticked."""
        return f"{box}-bulk" if self.tickable else ""

    @cached_property
    def previous(self) -> str:
        """Where the page before is."""
        return self.address(before=self.page.earlier) if self.page.earlier else ""

    @cached_property
    def next(self) -> str:
        """Where the page after is."""
        return self.address(after=self.page.later) if self.page.later else ""

    @cached_property
    def nothing(self) -> tuple[str, str, str] | None:
        """What an empty list says; None when there may be rows that were not asked for."""
        if self.empty is None or self.narrowed or self.tab:
            return None
        icon, title, next_ = self.empty
        return icon, said(title), said(next_)

    @property
    def clear(self) -> str:
        """The list without filters and search."""
        return self.address(q="", **dict.fromkeys(self.chosen, ""))

    @property
    def query(self) -> str:
        """What was chosen, as it stands in the address: what a saved view keeps."""
        return self.address().partition("?")[2]

    @property
    def keepable(self) -> bool:
        """Whether the viewer is a person who can keep views, and anything was chosen."""
        return self.viewer.name.startswith("person:") and bool(self.query)

    @property
    def others(self) -> Sequence[tuple[str, str]]:
        """What the form of the filters carries along unseen."""
        return list(self.kept("q", *(each.code for each in self.filters)))

    @property
    def but_columns(self) -> Sequence[tuple[str, str]]:
        """What the form of the columns carries along."""
        return list(self.kept("hide", "dense", "sort"))

    def kept(self, *but: str) -> Iterator[tuple[str, str]]:
        """What was chosen, for a form that changes only `but`."""
        for name, values in self.lasting:
            if name not in but:
                yield from ((name, value) for value in values if value)

    def address(self, **changed: str) -> str:
        """The list as it is now, but for what changed; a page begins anew."""
        kept = [(name, value) for name, values in self.lasting if name not in changed for value in values]
        query = kept + [(name, value) for name, value in changed.items() if value]
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @cached_property
    def lasting(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What of the address belongs to more than one look at the list."""
        return [(name, values) for name, values in self.asked.lists() if name not in PASSING]

    @property
    def as_csv(self) -> str:
        """Where the rows are as a text file."""
        return self.address(export="csv")

    @property
    def as_xlsx(self) -> str:
        """Where the rows are as a workbook."""
        return self.address(export="xlsx")
