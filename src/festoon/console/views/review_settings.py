"""Who must agree on what: flows by kind, ceilings by role, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import queries
from festoon.console.asked import whole
from festoon.console.inputs import refused
from festoon.console.review_form import MEASURES, CeilingForm, DelegateForm, FlowForm, measured
from festoon.console.screen import done, page, screen
from festoon.console.words import said
from festoon.records.names import name_of
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import Viewer
from festoon.review import flows, house
from festoon.review import queries as reviews
from festoon.review.levels import Step

FLOWS = ("1", "2", "3", "4", "5")
SET: Mapping[str, Callable[..., Any]] = {"flow": flows.set_flow, "own": flows.set_own_flow}
"""What of the forms says who agrees: on everything, or first on what is a merchant's own."""
SAVED = Words(
    "Saved. Open reviews keep the levels they were submitted with.", "已保存。进行中的审核仍按提交时的级别进行。"
)


@screen
def settings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All flows, ceilings and delegations; forms for each."""
    now, doing, may = timezone.now(), request.POST.get("do", ""), viewer.may("review.configure")
    if doing in ("flow", "ceiling"):
        viewer.require("review.configure")
    kind = request.GET.get("kind", "campaign")
    kind = kind if kind in house.kinds() else "campaign"
    number = int(request.GET.get("flow", "1")) if request.GET.get("flow", "1") in FLOWS else 1
    platform, own = list(reviews.flows(viewer, [kind])), list(reviews.own_flows(viewer, [kind]))
    inner = not viewer.is_platform and viewer.may("review.configure:own")
    form_of = "flow" if may else "own" if inner else ""
    mine = {row.number: row for row in (own if inner else platform)}
    initial, currency = FlowForm.values(mine.get(number)), queries.currency(viewer)
    flow = FlowForm(request.POST if doing in SET else None, viewer=viewer, currency=currency, initial=initial)
    ceiling = CeilingForm(request.POST if doing == "ceiling" else None, viewer=viewer, currency=currency)
    delegate = DelegateForm(request.POST if doing == "delegate" else None, viewer=viewer)
    if doing == "end" and (ended := whole(request.POST.get("number", ""))) is not None:
        flows.end_delegation(ended, by=viewer, now=now)
        return done(request, request.get_full_path(), SAVED)
    asked = may and viewer.is_platform and doing == "flow" and "sure" not in request.POST
    emptied = asked and flow.is_valid() and not flow.steps()
    for form, act in () if emptied else _acts(viewer, (doing, kind, number), flow, ceiling, delegate, now):
        if form.is_bound and form.is_valid():
            try:
                act()
                return done(request, request.get_full_path(), SAVED)
            except (Conflict, Invalid, NotFound) as refusal:
                refused(form, refusal)
    whose = {each.pk: each for each in catalog.merchants(viewer)} if own else {}
    context = {
        "may": may, "kind": kind, "kinds": house.kinds(), "flow": flow if form_of else None, "ceiling": ceiling if may else None,
        "delegate": delegate, "number": number, "inner": inner, "form_of": form_of,
        "free": next((n for n in FLOWS if int(n) not in mine), "") if mine else "",
        "flows": [(row, _holds(viewer, row.when, currency)) for row in platform],
        "own": [(row, _holds(viewer, row.when, currency), whose.get(row.merchant_id)) for row in own],
        "ceilings": [
            (row.role, said(MEASURES[row.measure]), measured(row.measure, row.most, currency))
            for row in reviews.ceilings(viewer)
        ],
        "delegations": reviews.delegations(viewer).filter(until__gt=now),
        "emptied": emptied,
    }  # fmt: skip
    return page(request, "console/review_settings.html", context)


def _holds(viewer: Viewer, when: Mapping[str, Any], currency: str) -> list[str]:
    """When a flow counts, part by part, as people read it."""
    owners = catalog.merchants(viewer).filter(code__in=when.get("merchants", ())).order_by("id")
    whose = ", ".join(said(name_of(each)) for each in owners)
    parts = [said(Words(f"Only what belongs to {whose}", f"仅限商家：{whose}"))] if whose else []
    return parts + [
        f"{said(MEASURES[measure])} ≥ {measured(measure, least, currency)}"
        for measure, least in when.get("at_least", {}).items()
    ]


def _acts(
    viewer: Viewer,
    which: tuple[str, str, int],
    flow: FlowForm,
    ceiling: CeilingForm,
    delegate: DelegateForm,
    now: datetime,
) -> list[tuple[forms.Form, Callable[[], Any]]]:
    def set_flow() -> None:
        doing, kind, number = which
        SET[doing](kind, flow.steps(), by=viewer, now=now, number=number, when=flow.when())

    def set_ceiling() -> None:
        found = ceiling.cleaned_data
        then = Step(Words("Above the ceiling", "超过上限"), [found["then"]])
        flows.set_ceiling(found["role"], found["measure"], found["most"], then=then, by=viewer, now=now)

    def stand_in() -> None:
        flows.delegate(**delegate.cleaned_data, by=viewer, now=now)

    return [(flow, set_flow), (ceiling, set_ceiling), (delegate, stand_in)]
