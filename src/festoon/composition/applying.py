"""A paper made true, through the same verbs a person uses: drafts are made and changed, then given to review."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import next_version
from festoon.campaigns import queries as themes
from festoon.campaigns.models import Campaign
from festoon.composition import as_kept
from festoon.composition.difference import Change, changes
from festoon.composition.shape import CODED
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread
from festoon.offers import actions as offers
from festoon.offers import exclusion_rows
from festoon.offers import queries as drafts
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Invalid, Refusal
from festoon.records.viewer import SYSTEM, Viewer

VERBS = {promotions.KIND: promotions, coupons.KIND: coupons}
NO_KIND = Words(en="An offer is a promotion or a coupon.", zh="优惠为促销或优惠券。")
OUT = Words(
    en="This exclusion is out: take it back before it is said otherwise.", zh="此互斥关系已生效：请先撤回再修改。"
)
LESS = Words(en="Money set aside is not taken back here: the budget can only grow.", zh="预算只能增加，不能在此收回。")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a paper (`offers[0].with.tiers[1].at`)."""

    field: str
    words: Words


def apply(written: Mapping[str, Any], *, by: Viewer, now: datetime, anew: bool = False) -> list[Change]:
    """Make and change what the paper says otherwise than it is; answers the changes. All of it or nothing.

    What is there and not in the paper stays. Exclusions go to review at once, the rest are drafts until they are
    submitted. Applied twice, the second finds nothing to change. What is in review or approved and would change is
    refused, as by hand; every refusal names where in the paper it is. `anew`: everything in it is new, and nothing that has
    one of its codes already is changed: Conflict.
    """
    by.require("campaigns.edit")
    found = changes(by, written, now=now)
    changed = {(change.part, change.code) for change in found}
    with transaction.atomic():
        for place, act in _acts(written, _theme(written, changed, by, now, anew), changed, by, now, anew):
            _located(place, act)
    return found


def faults(written: Mapping[str, Any], *, by: Viewer, now: datetime) -> list[Fault]:
    """Everything `apply` would refuse, part by part, so that a person mends it in one go. Nothing is written.

    What hangs on a campaign that is refused itself is not looked at. Raises as `difference.changes`.
    """
    by.require("campaigns.edit")
    changed = {(change.part, change.code) for change in changes(by, written, now=now)}
    found: list[Fault] = []
    with transaction.atomic():
        try:
            acts = _acts(written, _theme(written, changed, by, now), changed, by, now)
        except Refusal as refusal:
            acts, found = iter(()), _told(refusal)
        for place, act in acts:
            try:
                with transaction.atomic():
                    _located(place, act)
            except Refusal as refusal:
                found += _told(refusal)
        transaction.set_rollback(True)
    return found


def _told(refusal: Refusal) -> list[Fault]:
    """Each problem a refusal names, or itself."""
    listed = refusal.detail.get("problems") or [{"field": refusal.field, "words": refusal.words.to_data()}]
    return [Fault(str(each["field"]), Words(**each["words"])) for each in listed]


def _acts(
    written: Mapping[str, Any],
    campaign: Campaign,
    changed: Collection[tuple[str, str]],
    by: Viewer,
    now: datetime,
    anew: bool = False,
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Where something in the paper is otherwise than it is, and what makes it so."""
    for part in CODED:
        for at, data in enumerate(written.get(part, ())):
            if (part, data["code"]) in changed:
                yield f"{part}[{at}]", partial(_put, part, data, campaign, by, now, anew)
    for at, each in enumerate(written.get("exclusions", ())):
        if ("exclusions", " × ".join(sorted(each["between"]))) in changed:
            yield f"exclusions[{at}]", partial(_exclude, each, by, now)


def _theme(
    written: Mapping[str, Any], changed: set[tuple[str, str]], by: Viewer, now: datetime, anew: bool = False
) -> Campaign:
    """The campaign with its goals and budget as written; locked, so that of two papers the second adds what then lacks."""
    data, code = dict(written["campaign"]), str(written["campaign"]["code"])
    rows = themes.own(by).select_for_update(of=("self",)).filter(code=code)
    campaign = None if anew else rows.first()
    if campaign is None:
        campaign = _located("campaign", lambda: campaigns.create(data, by=by, now=now))
    elif any(part == "campaign" for part, _ in changed):
        given = {name: value for name, value in data.items() if name not in ("code", "merchant")}
        campaign = _located("campaign", partial(campaigns.edit, campaign, given, by=by, now=now))
    if ("goals", "") in changed:
        goals = [{name: value for name, value in goal.items() if value} for goal in written["goals"]]
        campaigns.set_goals(campaign, goals, by=by, now=now)
    if ("budget", "") in changed:
        for at, line in enumerate(written["budget"]):
            _located(f"budget[{at}]", partial(_fund, campaign, line, by, now))
    return campaign


def _fund(campaign: Campaign, line: Mapping[str, Any], by: Viewer, now: datetime) -> None:
    kind, payer, amount = line.get("kind", "discount"), line.get("payer", "platform"), line.get("amount", 0)
    campaign.refresh_from_db()
    lines = next_version.budget(SYSTEM, campaign)
    had = sum(each["amount"] for each in lines if (each["kind"], each["payer"]) == (kind, payer))
    more = amount - had
    if more < 0:
        raise Invalid("less", LESS, field="amount")
    if more:
        name = Words(**{"en": "", "zh": "", **line.get("name", {})})
        campaigns.add_budget_line(campaign, kind=kind, payer=payer, amount=more, name=name, by=by, now=now)


def _put(part: str, data: Mapping[str, Any], campaign: Campaign, by: Viewer, now: datetime, anew: bool) -> None:
    data = {**data, "campaign": campaign.code}
    if part == "distributions":
        there = None if anew else spread.visible(by).filter(code=data["code"]).first()
        if there is None:
            distributions.create(data, by=by, now=now)
        else:
            distributions.edit(there, data, by=by, now=now)
        return
    kind = str(data.get("kind", promotions.KIND))
    if kind not in VERBS:
        raise Invalid("unknown", NO_KIND, field="kind", detail={"known": list(VERBS)})
    offer = None if anew else drafts.own(by).filter(code=data["code"]).first()
    if offer is None:
        VERBS[kind].create(data, by=by, now=now)
    else:
        VERBS[kind].edit(offer, data, by=by, now=now)


def _exclude(data: Mapping[str, Any], by: Viewer, now: datetime) -> None:
    first, second = (drafts.offer(by, str(code)) for code in data["between"])
    reason = data.get("reason")
    words = Words(str(reason.get("en", "")), str(reason.get("zh", ""))) if isinstance(reason, Mapping) else None
    grain, window = str(data.get("grain") or "order"), data.get("window")
    made = exclusion_rows.data(offers.exclude(first, second, grain=grain, reason=words, window=window, by=by, now=now))
    said = as_kept.exclusion(data)
    if other := [name for name in ("reason", "window") if name in said and said[name] != made.get(name)]:
        raise Conflict("released", OUT, field=other[0])


def _located(place: str, act: Callable[[], Any]) -> Any:
    """What `act` answers; a refusal, and each problem it names, says where in the paper it is."""
    try:
        return act()
    except Refusal as refusal:
        refusal.field = f"{place}.{refusal.field}".rstrip(".")
        if listed := refusal.detail.get("problems"):
            refusal.detail["problems"] = [{**each, "field": f"{place}.{each['field']}"} for each in listed]
        raise
