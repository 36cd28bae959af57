"""Verbs over a whole campaign: everything in it, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as themes
from festoon.campaigns.models import Campaign
from festoon.composition.applying import apply, faults
from festoon.composition.ending import archive, recall
from festoon.composition.paper import paper, renamed, shifted
from festoon.composition.queries import overview, waiting_for
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.offers import passage
from festoon.offers.models import Offer
from festoon.offers.version import watch
from festoon.promotions import actions as promotions
from festoon.records import keys
from festoon.records.refusal import Conflict, Invalid
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import queries as reviews
from festoon.review import way
from festoon.review.machine import EDITABLE

__all__ = ["apply", "approve", "archive", "copy", "faults", "overview", "recall", "submit"]
ROOMS = {**promotions.ROOMS, **coupons.ROOMS}
SHOWN, FARTHEST = 50, 3_660
NOTHING = Words(en="Nothing of this campaign can be submitted now.", zh="此活动没有可提交的内容。")
TOO_FAR = Words(
    en=f"A copy lies at most {FARTHEST:,} days before or after what it is of.",
    zh=f"复制的活动最多提前或推后 {FARTHEST:,} 天。",
)
NOTHING_WAITS = Words(en="Nothing of this campaign waits for you.", zh="此活动没有等待您审核的内容。")


class Decided(TypedDict):
    """What every decision is told."""

    by: Viewer
    now: datetime
    read: Collection[int]


def submit(campaign: Campaign, *, by: Viewer, now: datetime, key: str = "") -> dict[str, str]:
    """Submit the campaign and every draft in it at once: code → the state it has now.

    What is in review or released already is left as it is; with nothing to submit, Conflict. The offers are priced
    before the transaction; if somebody changes one meanwhile, Conflict and nothing was submitted. The same key
    answers the same.
    """
    by.require("campaigns.edit")
    parts = overview(by, campaign)
    drafts = [offer for offer in parts.offers if _mine(offer, by) and offer.state in EDITABLE]
    spread = [each for each in parts.distributions if _mine(each, by) and each.state in EDITABLE]
    priced = passage.examples(drafts, now=now)
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="composition.submit", body=campaign.code):
            return dict(before.answer)
        states: dict[str, str] = {}
        theme = themes.own(by).filter(pk=campaign.pk).first()
        if theme is not None and theme.state in EDITABLE:
            campaigns.submit(theme, by=by, now=now, expected=_expected(drafts, len(spread), priced))
            states[theme.code] = theme.state
            transaction.on_commit(watch.forget)
        if drafts:
            passage.submit(ROOMS, drafts, by=by, now=now, about=campaign.code, priced=priced)
        if spread:
            way.submit(distributions.WAY, spread, by=by, now=now, about=campaign.code)
        states |= {offer.code: offer.state for offer in drafts} | {each.code: each.state for each in spread}
        if not states:
            raise Conflict("nothing_to_submit", NOTHING, field="state")
        keys.remember(by=by, key=key, verb="composition.submit", body=campaign.code, answer=states, now=now)
    campaign.refresh_from_db()
    return states


def approve(
    campaign: Campaign, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
) -> dict[str, review.Outcome]:
    """Agree on everything of the campaign that waits for this person: code → where it stands now. All or none.

    What waits for another role, or what the person wrote or submitted, is left; with nothing left, Conflict. `read`:
    the numbers of the reviews that were shown: these and no others are agreed on, and if one of them is no longer
    open, Conflict. None: all that wait.
    """
    parts = overview(by, campaign)
    numbers = {each.pk for each in waiting_for(by, campaign, now)} if read is None else set(read)
    asked = {(each.subject_kind, each.subject) for each in reviews.visible(SYSTEM).filter(id__in=numbers)}
    decided = [each for each in parts.offers if (each.kind, each.code) in asked]
    spread = [each for each in parts.distributions if ("distribution", each.code) in asked]
    theme = ("campaign", campaign.code) in asked
    if not (decided or spread or theme):
        raise Conflict("nothing_to_decide", NOTHING_WAITS, field="state")
    outcomes: dict[str, review.Outcome] = {}
    said, whom = review.Said(comment=comment), Decided(by=by, now=now, read=numbers)
    with transaction.atomic():
        if theme:
            outcomes[campaign.code] = campaigns.approve(parts.campaign, comment=comment, **whom)
            transaction.on_commit(watch.forget)  # what was released in it and waited is in the book now
        if decided:
            outcomes |= way.decide(passage.road(ROOMS), decided, said, about=campaign.code, **whom)
        if spread:
            outcomes |= way.decide(distributions.WAY, spread, said, about=campaign.code, **whom)
    campaign.refresh_from_db()
    return outcomes


def copy(campaign: Campaign, *, code: str, shift_days: int, by: Viewer, now: datetime, merchant: str = "") -> Campaign:
    """A new draft campaign like this one, `shift_days` later, with all its parts as drafts: last year's, again.

    Every code begins with the new one. Money is not copied: a budget is set aside by a person. What the viewer does
    not see is not copied. A code that is taken: Conflict, and nothing is written.
    """
    by.require("campaigns.edit")
    if abs(shift_days) > FARTHEST:
        raise Invalid("too_far", TOO_FAR, field="shift_days")
    written = paper(by, campaign)
    parts = [each["code"] for part in ("offers", "distributions") for each in written[part]]
    codes = {campaign.code: code} | {each: f"{code}-{each}" for each in parts}
    made = renamed({**written, "budget": []}, codes)
    if merchant:
        made["campaign"]["merchant"] = merchant
    if themes.visible(SYSTEM).filter(code=code).exists():
        raise Conflict("taken", campaigns.TAKEN, field="code")
    try:
        later = shifted(made, timedelta(days=shift_days))
    except OverflowError:
        raise Invalid("too_far", TOO_FAR, field="shift_days") from None
    apply(later, by=by, now=now, anew=True)
    return themes.campaign(by, code)


def _mine(part: Any, by: Viewer) -> bool:
    return by.is_platform or part.merchant_id == by.merchant_id


def _expected(drafts: Sequence[Offer], spread: int, priced: passage.Examples) -> dict[str, Any]:
    """The campaign's parts, each with what its worked example says; profit only for those who may see costs."""
    shown = []
    for offer in drafts[:SHOWN]:
        _, worked = priced[offer.code]
        said = {"offer": offer.code, "kind": offer.kind, "name": {"en": offer.name_en, "zh": offer.name_zh}}
        if "with" in worked:
            said |= {
                "verdict": worked["verdict"].get("code", ""),
                "without": worked["without"]["payable"],
                "with": worked["with"]["payable"],
                "costs": worked["costs"],
            }
        shown.append(said)
    kinds = {kind: sum(offer.kind == kind for offer in drafts) for kind in ROOMS}
    stacks = {each["sku"]: each for offer in drafts for each in priced[offer.code][1]["worst"]}
    deepest = sorted(stacks.values(), key=lambda each: (-each["depth"], each["sku"]))
    return {"parts": {**kinds, "distribution": spread}, "offers": shown, "worst": deepest}
