"""Composing a campaign: what to start from, then one step after another; each is saved for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import next_version
from festoon.campaigns import queries as themes
from festoon.catalog import queries as catalog
from festoon.composition import templates
from festoon.composition.queries import overview
from festoon.console import composing, queries, words
from festoon.console.campaign_form import GoalForm, MoneyForm, SpreadForm, ThemeForm
from festoon.console.inputs import refused
from festoon.console.screen import done, page, screen
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer

MADE = Words("Made as a draft: nothing is live before it is agreed on.", "已创建草稿：审核通过前不会生效。")


@screen
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Start blank, from a template of the house or from one's own; to copy one, its own page has a button."""
    viewer.require("campaigns.edit")
    known, chosen = templates.known(viewer), request.GET.get("from", "")
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7)
    days = known[chosen].days if chosen in known else 7
    was = known[chosen].theme if chosen in known else {}
    initial = {"starts_at": begin, "ends_at": begin + timedelta(days=days), **was}
    form = ThemeForm(request.POST or None, new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {"code": form.cleaned_data["code"], **form.to_data()}
        try:
            if chosen:
                templates.start(chosen, data, by=viewer, now=timezone.now())
            else:
                campaigns.create(data, by=viewer, now=timezone.now())
            return done(request, resolve_url("console:compose", data["code"], "goals"), MADE)
        except (Conflict, Invalid) as refusal:
            refused(form, refusal)
    rows = queries.campaigns_shown(viewer, now=timezone.now()).order_by("-starts_at", "code")[:6]
    context = {
        "form": form,
        "chosen": known.get(chosen),
        "templates": known.values(),
        "last": rows,
    }
    return page(request, "console/compose/new.html", context)


@screen
def step(request: HttpRequest, viewer: Viewer, code: str, at: str) -> HttpResponse:
    """One step of composing a campaign that is there."""
    viewer.require("campaigns.edit")
    found = themes.own(viewer).filter(code=code).first()
    if found is None or at not in ANSWERS:
        raise NotFound("campaign")
    parts = overview(viewer, found)
    shown = queries.campaigns_shown(viewer, now=timezone.now(), counted=False).values_list("shown", flat=True)
    context = {
        "shown": shown.get(pk=found.pk),
        "campaign": next_version.drafted(found), "parts": parts, "step": at, "currency": found.merchant.currency,
        "steps": composing.steps(parts, at, viewer), "next": composing.NEXT.get(at),
        "version": found.version + 1 if found.in_force else 0,
    }  # fmt: skip
    answer = ANSWERS[at](request, viewer, found, context)
    return answer or page(request, f"console/compose/{at}.html", context)


def _basics(request: HttpRequest, viewer: Viewer, found: Any, context: dict[str, Any]) -> HttpResponse | None:
    form = ThemeForm(request.POST or None, initial=ThemeForm.values(context["campaign"]))
    context["form"] = form
    if request.method == "POST" and form.is_valid():
        data = {"zone": found.zone, "source": found.source, **form.to_data()}
        return _kept(form, lambda: campaigns.edit(found, data, by=viewer, now=timezone.now()), found, "goals")
    return None


def _goals(request: HttpRequest, viewer: Viewer, found: Any, context: dict[str, Any]) -> HttpResponse | None:
    currency, doing = found.merchant.currency, request.POST.get("do", "")
    goals = next_version.goals(viewer, found)
    goal = GoalForm(request.POST if doing == "goal" else None, currency=currency)
    money = MoneyForm(request.POST if doing == "money" else None, viewer=viewer, currency=currency)
    context |= {"goals": goals, "budget": next_version.budget(viewer, found), "goal": goal, "money": money}
    context["products"] = {
        row.sku: row for row in catalog.visible(SYSTEM).filter(sku__in=[g["product"] for g in goals])
    }
    now = timezone.now()
    if doing == "goal" and goal.is_valid():
        more = goal.to_data(currency)
        return _kept(goal, lambda: campaigns.set_goal(found, more, by=viewer, now=now), found, "goals")
    if doing == "drop":
        gone = {name: request.POST.get(name, "") for name in ("metric", "channel", "product")}
        campaigns.drop_goal(found, gone, by=viewer, now=now)
        return redirect("console:compose", found.code, "goals")
    if doing == "money" and money.is_valid():
        line = money.cleaned_data
        name = words.KINDS[line["kind"]]

        def put() -> None:
            campaigns.add_budget_line(
                found, kind=line["kind"], payer=line["payer"], amount=line["amount"], name=name, by=viewer, now=now,
                key=line["key"],
            )  # fmt: skip

        return _kept(money, put, found, "goals")
    return None


def _parts(request: HttpRequest, viewer: Viewer, found: Any, context: dict[str, Any]) -> HttpResponse | None:
    del request
    context["offers"] = queries.offers_shown(viewer, now=timezone.now()).filter(campaign=found)[:200]
    return None


def _spread(request: HttpRequest, viewer: Viewer, found: Any, context: dict[str, Any]) -> HttpResponse | None:
    there = spread.visible(viewer).filter(campaign=found, code=request.GET.get("edit", "")).first()
    initial = {**there.draft, "name_en": there.name_en, "name_zh": there.name_zh} if there else None
    form = SpreadForm(request.POST or None, viewer=viewer, campaign=found, initial=initial)
    free = "" if there else _free(viewer, found)
    context |= {"form": form, "there": there, "free": free}
    if request.method == "POST" and form.is_valid():
        now, data = timezone.now(), {"campaign": found.code, **form.to_data()}
        if there is not None:
            kept = {name: value for name, value in there.draft.items() if name in UNTOLD}
            return _kept(form, lambda: distributions.edit(there, {**kept, **data}, by=viewer, now=now), found, "spread")
        made = {"code": request.POST.get("code") or free, **data}
        key = request.POST.get("key", "")
        return _kept(form, lambda: distributions.create(made, by=viewer, now=now, key=key), found, "spread")
    return None


def _free(viewer: Viewer, found: Any) -> str:
    """A code no distribution of the campaign has yet; the form carries it, so that sent twice it asks for the same."""
    had = set(spread.visible(viewer).filter(campaign=found).values_list("code", flat=True))
    return next(code for n in count(1) if (code := f"{found.code}-{n}") not in had)


def _check(request: HttpRequest, viewer: Viewer, found: Any, context: dict[str, Any]) -> HttpResponse | None:
    del request
    context |= {
        "missing": composing.missing(context["parts"], viewer),
        "goes": composing.goes(context["parts"]),
        "goals": next_version.goals(viewer, found),
        "budget": next_version.budget(viewer, found),
    }
    return None


UNTOLD = ("window", "buyers", "scenes", "claim_scenes")
"""What of a distribution this form does not show, and keeps."""
ANSWERS: dict[str, Callable[[HttpRequest, Viewer, Any, dict[str, Any]], HttpResponse | None]] = {
    "basics": _basics, "goals": _goals, "offers": _parts, "spread": _spread, "check": _check,
}  # fmt: skip


def _kept(form: Any, act: Callable[[], Any], found: Any, then: str) -> HttpResponse | None:
    """Do it and go on; what is refused is shown at its field, and nothing was written."""
    try:
        act()
    except (Conflict, Invalid, NotFound) as refusal:
        refused(form, refusal)
        return None
    return redirect("console:compose", found.code, then)
