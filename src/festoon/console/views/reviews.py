"""The inbox of what waits for somebody, and one review: what is asked beside what it will do."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import review_page, things
from festoon.console.asked import whole
from festoon.console.lists.reviews import ReviewList
from festoon.console.review_levels import marks_of
from festoon.console.screen import done, page, screen
from festoon.console.views import lists
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review import remarks
from festoon.review.actions import REJECT, RETURN, SEND_BACK, Said
from festoon.review.models import Review
from festoon.review.readers import is_unheard

REMARKED = Words("Said.", "已发表。")
LIVE = Words("Approved; it is live from now on.", "已通过，即刻生效。")
ON = Words("Approved; it goes on to the next level.", "已通过，进入下一级审核。")
AGREED = Words("Agreed; others of this level are still asked.", "已同意，本级还需其他人审核。")
CLOSED = {
    SEND_BACK: Words("Sent back to its author.", "已退回作者。"),
    REJECT: Words("Rejected; it can be opened again as a draft.", "已驳回，可重新打开为草稿。"),
}


@screen
def inbox(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """What waits for the viewer first; all other reviews by state."""
    asked = ReviewList(request, viewer, timezone.now(), _decided)
    return lists.answer(asked, "console/inbox.html", {"named": things.called(viewer)})


@screen
def review(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """One review: input beside expected output, the levels, what was said."""
    now = timezone.now()
    found = reviews.review(viewer, number, now)
    mine = reviews.may_decide(viewer, found, reviews.stands_for(viewer, now))
    told = review_page.context(viewer, found, mine=mine)
    return page(request, "console/review.html", {**told, "unheard": not mine and is_unheard(found, now)})


@require_POST
@screen
def decide(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Approve, return, send back or reject; all but the first need a comment."""
    return done(request, "console:inbox", _decided(viewer, number, _said(request)))


@require_POST
@screen
def remark(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Say something without deciding; `@code` calls a colleague."""
    now = timezone.now()
    found = reviews.review(viewer, number, now)
    remarks.say(
        found.subject_kind, found.subject, request.POST.get("text", ""), merchant_id=found.merchant_id, by=viewer, now=now,
    )  # fmt: skip
    return done(request, resolve_url("console:review", number), REMARKED)


@require_POST
@screen
def remark_on(request: HttpRequest, viewer: Viewer, kind: str, code: str) -> HttpResponse:
    """The same about a thing that is in no review, on its own page."""
    table = import_string(settings.FESTOON_INBOX)
    if kind not in table:
        raise NotFound(kind)
    thing, text = table[kind].find(viewer, code), request.POST.get("text", "")
    remarks.say(kind, code, text, merchant_id=thing.merchant_id, by=viewer, now=timezone.now())
    return done(request, things.address(kind, code) or resolve_url("console:inbox"), REMARKED)


@require_POST
@screen
def seen(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:  # noqa: ARG001 -- a screen
    """A remark that named the viewer was read."""
    remarks.seen(number, by=viewer, now=timezone.now())
    return redirect("console:inbox")


def _decided(viewer: Viewer, number: int, told: Said) -> Words:
    """Decide on the review that was read; what came of it."""
    now = timezone.now()
    found = reviews.review(viewer, number, now)
    table = import_string(settings.FESTOON_INBOX)
    if found.subject_kind not in table:
        raise NotFound("review")
    verbs = table[found.subject_kind]
    verbs.decide(verbs.find(viewer, found.subject), told, by=viewer, now=now, read=[number])
    return _came_of(told, found, reviews.review(viewer, number, now))


def _came_of(told: Said, before: Review, after: Review) -> Words:
    """A decision in words, by the review before and after it."""
    if told.decision == RETURN:
        return Words(f"Returned to level {told.to}.", f"已退回第 {told.to} 级。")
    if told.decision in CLOSED:
        return CLOSED[told.decision]
    if after.state == "passed":
        return LIVE
    return ON if after.level > before.level else AGREED


def _said(request: HttpRequest) -> Said:
    """The decision of the form: what, why, to which level, and what is wrong with each marked field."""
    given = request.POST
    decision, _, level = given.get("decision", "approve").partition(":")
    return Said(decision, given.get("why", ""), marks_of(given), whole(level) or 0)
