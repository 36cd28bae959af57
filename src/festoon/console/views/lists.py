"""How every list answers: as a page, as a file, and to what is to be done with ticked rows; the views people keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import queries, saved
from festoon.console.bulk import EXPORT, GONE, MOST, NONE, Bulk, run, too_many
from festoon.console.export import KINDS, export
from festoon.console.listing import List
from festoon.console.screen import done, inside, page, person_of, screen
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import Viewer

KEPT = Words("The view is kept.", "视图已保存。")
DROPPED = Words("The view is dropped.", "视图已删除。")


def of(kind: type[List], template: str, right: str) -> Callable[..., HttpResponseBase]:
    """The view of a list that is a screen of its own."""

    @screen
    def shown(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
        viewer.require(right)
        return answer(kind(request, viewer, timezone.now()), template)

    return shown


def answer(asked: List, template: str, context: Mapping[str, Any] | None = None) -> HttpResponseBase:
    """The list as a page, as a file, or what comes of ticked rows."""
    if asked.request.method == "POST":
        return _bulk(asked)
    if (kind := asked.asked.get("export", "")) in KINDS:
        return export(asked, kind)
    views = queries.saved_views(asked.viewer, person_of(asked.request), asked.name)
    return page(asked.request, template, {"list": asked, "views": views, **(context or {})})


@require_POST
@screen
def keep(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keep a list as it is under a name."""
    given = request.POST
    which = given.get("list", "")[:32]
    saved.keep(person_of(request), which, given.get("name", ""), given.get("query", ""), by=viewer, now=timezone.now())
    return done(request, inside(request, given.get("back", ""), reverse("console:start")), KEPT)


@require_POST
@screen
def drop(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Drop one of one's own views."""
    saved.drop(person_of(request), number, by=viewer)
    return done(request, inside(request, request.POST.get("back", ""), reverse("console:start")), DROPPED)


def _bulk(asked: List) -> HttpResponseBase:
    """First what would be done and with what; posted again with `sure`, it is done, and each row's own answer told."""
    given = asked.request.POST
    bulk = next((each for each in asked.doable if each.code == given.get("bulk")), None)
    sheet = given.get("bulk") == EXPORT and asked.sheets
    if bulk is None and not sheet:
        raise NotFound("action")
    picks, most = asked.picked(given.getlist("pick")), bulk.most if bulk else MOST
    if not picks or len(picks) > most:
        raise Invalid("missing", too_many(most) if picks else NONE, field="pick")
    if bulk is None:
        return export(asked, "xlsx", picks)
    rows = asked.dressed(list(asked.ticked(picks)))
    if not rows:
        raise Conflict("gone", GONE, field="pick")
    gone = len(set(picks)) - len(rows)
    if "sure" in given:
        return _done(asked, bulk, rows, gone)
    names = [asked.written[0].text(row) for row in rows]  # type: ignore[misc]
    context = {"list": asked, "bulk": bulk, "rows": rows, "names": names, "gone": gone}
    return page(asked.request, "console/bulk.html", context)


def _done(asked: List, bulk: Bulk, rows: Sequence[Any], gone: int) -> HttpResponse:
    """Do it with the rows: in a word when it was done with all that were ticked, else each with its answer."""
    outcome = run(bulk, rows, why=asked.request.POST.get("why", ""), by=asked.viewer, now=asked.now)
    if not outcome.refused and not gone:
        told = Words(f"Done: {bulk.words.en}, {outcome.done}.", f"已完成：{bulk.words.zh} {outcome.done} 项。")
        return done(asked.request, asked.address(), told)
    answers = [(asked.written[0].text(row), told) for row, told in outcome.rows]  # type: ignore[misc]
    context = {"list": asked, "bulk": bulk, "outcome": outcome, "answers": answers, "gone": gone}
    return page(asked.request, "console/bulk_done.html", context)
