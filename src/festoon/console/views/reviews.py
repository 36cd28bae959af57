"""The inbox of what waits for somebody, and one review: what is asked beside what it will do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import history, offer_page, queries
from festoon.console.listing import listing
from festoon.console.screen import done, page, screen
from festoon.console.words import said, state
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review.actions import Said

OFFERS = ("promotion", "coupon")
FOR_YOU = Words("For you", "待我审核")
OUTCOMES = {
    "passed": Words("Approved; it is live from now on.", "已通过，即刻生效。"),
    "open": Words("Approved; it goes on to the next level.", "已通过，进入下一级审核。"),
    "sent_back": Words("Sent back to its author.", "已退回作者。"),
    "rejected": Words("Rejected; it can be opened again as a draft.", "已驳回，可重新打开为草稿。"),
}


@screen
def inbox(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for the viewer first; all other reviews by state."""
    mine = reviews.inbox(viewer, timezone.now())
    every = reviews.visible(viewer)
    counts = queries.review_counts(every)
    tabs = {"": (said(FOR_YOU), len(mine))} | {code: (state(code).label, n) for code, n in counts.items()}
    asked = request.GET.get("state", "")
    rows = every.filter(state=asked) if asked else mine
    shown = listing(request, rows, tabs=tabs)
    return page(request, "console/inbox.html", {"list": shown, "subjects": queries.subject_names(shown.rows)})


@screen
def review(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """One review: input beside expected output, the levels, what was said."""
    found = reviews.review(viewer, number)
    mine = any(waiting.pk == found.pk for waiting in reviews.inbox(viewer, timezone.now()))
    return page(request, "console/review.html", _context(viewer, found) | {"mine": mine})


@require_POST
@screen
def decide(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Approve or send back; sending back needs a comment."""
    found = reviews.review(viewer, number)
    table = import_string(settings.FESTOON_INBOX)
    if found.subject_kind not in table:
        raise NotFound("review")
    verbs = table[found.subject_kind]
    subject = verbs.find(viewer, found.subject)
    verbs.decide(subject, _said(request), by=viewer, now=timezone.now(), read=[number])
    return done(request, "console:inbox", OUTCOMES[_outcome(viewer, number)])


def _said(request: HttpRequest) -> Said:
    """The decision of the form: what, why, to which level, and what is wrong with each marked field."""
    given = request.POST
    marks = {name: given.get(f"mark:{name}", "").strip() for name in given.getlist("mark")}
    level = given.get("to", "")
    return Said(given.get("decision", "approve"), given.get("why", ""), marks, int(level) if level.isdigit() else 0)


def _outcome(viewer: Viewer, number: int) -> str:
    return str(reviews.review(viewer, number).state)


def _context(viewer: Viewer, found: Any) -> dict[str, Any]:
    expected = reviews.expected(viewer, found)
    merchant = catalog.merchants(viewer).filter(id=found.merchant_id).first()
    money = merchant.currency if merchant else "CNY"
    skus = [line["sku"] for line in expected.get("basket", ())]
    return {
        "review": found,
        "expected": expected,
        "currency": money,
        "content": found.content,
        "levels": queries.levels_shown(found),
        "subject": queries.subject_names([found]).get(found.pk),
        "sentence": offer_page.sentence_of(found.content, money),
        "scope": offer_page.scope(found.content.get("scope") or {}) if found.subject_kind in OFFERS else (),
        "products": {product.sku: product for product in catalog.visible(viewer).filter(sku__in=skus)},
        "happened": history.of(viewer, (found.subject_kind,), found.subject),
    }
