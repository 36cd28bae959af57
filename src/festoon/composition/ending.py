"""How a campaign ends: recalled while it runs, with what is out honoured or made void; or thrown away after its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import over
from festoon.campaigns import queries as themes
from festoon.campaigns.models import Archive, Campaign
from festoon.composition.figures import figures
from festoon.composition.queries import Overview, overview
from festoon.composition.text import text
from festoon.coupons import actions as coupons
from festoon.coupons import queries as held
from festoon.coupons.recalling import HONOUR, void_all
from festoon.distribution import queries as spread_queries
from festoon.distribution.actions import KIND as DISTRIBUTION
from festoon.distribution.actions import WAY
from festoon.offers import actions as offers
from festoon.offers import exclusions
from festoon.offers import queries as released
from festoon.offers.caution import UNLOCK
from festoon.offers.passage import road
from festoon.offers.releases import moved
from festoon.records import keys
from festoon.records.parts import in_parts
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import change
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import machine
from festoon.review.way import Way, note, take_back

NOT_IN_FORCE = Words(en="This campaign is not in force.", zh="此活动未生效。")
NOT_OVER = Words(en="This campaign is not over yet.", zh="此活动尚未结束。")
GONE = Words(en="This campaign is archived already.", zh="此活动已归档。")


def recall(
    campaign: Campaign, *, outstanding: str, why: str, compensation: str = "", by: Viewer, now: datetime, key: str
) -> None:
    """Take a campaign out of the book, with everything in it, from this commit on.

    Its promotions end. Of its coupons no more are given; `outstanding` honour: those that are out may be used until
    they expire; void: they may not, and a job marks them. `compensation`: a coupon of another campaign that everybody
    gets who held one of these unused. Twice with the same key it happens once; recalled already: Conflict. What is
    in review is withdrawn, what is being worked on as its next version is dropped. It comes back only by a new review.
    """
    by.require("offers.stop")
    body = [campaign.code, outstanding, compensation]
    with transaction.atomic():
        theme = _held(campaign, by)
        if keys.once(by=by, key=key, verb="composition.recall", body=body):
            return
        if not theme.in_force or theme.state == machine.RECALLED:
            raise Conflict("not_in_force", NOT_IN_FORCE, field="state")
        if compensation and not released.own(by).filter(code=compensation).exists():
            raise NotFound("offer", "compensation")
        parts, whole = _settled(theme, by, now), _of_all(by)
        live = _live("offer", [offer.code for offer in parts.offers])
        for offer in parts.offers:
            if offer.code in live and offer.kind == coupons.KIND:
                coupons.recall(
                    offer.code, outstanding=outstanding, why=why, compensation=compensation, by=whole, now=now, key=""
                )
            elif offer.code in live:
                offers.recall("offer", offer.code, why=why, by=whole, now=now)
        honoured = outstanding == HONOUR and any(
            offer.kind == coupons.KIND and offer.code in live for offer in parts.offers
        )
        if not honoured:  # a coupon in use needs to know where and for whom
            _out_of_the_book(DISTRIBUTION, parts.distributions, why, by, now)
            spread = [each for each in parts.distributions if each.state == WAY.word or not _in(theme, each)]
            _move(WAY, spread, "recall", theme, by, now, why)
        campaigns.end(theme, machine.RECALLED, in_force=honoured, why=why, by=by, now=now)
        keys.remember(by=by, key=key, verb="composition.recall", body=body, answer={}, now=now)
        moved()
    campaign.refresh_from_db()


def archive(campaign: Campaign, *, by: Viewer, now: datetime) -> Archive:
    """Throw a campaign away whole once it is over: no rule, code or page of it stays live.

    Kept are its figures, the whole of it as text, and every release, sale and refund there was: old prices can still be
    explained, old orders refunded. Unused coupons are made void by a job. Archived twice: Conflict. There is no way
    back but to copy it.
    """
    by.require("campaigns.edit")
    with transaction.atomic():
        theme = _held(campaign, by)
        if theme.state == machine.ARCHIVED:
            raise Conflict("archived", GONE, field="state")
        if theme.ends_at > now:
            raise Conflict("not_over", NOT_OVER, field="ends_at", detail={"ends_at": theme.ends_at.isoformat()})
        parts = _settled(theme, by, now)
        inside = _exclusions(parts, theme, by, now)
        kept = Archive(
            campaign=theme, at=now, by=by.name, figures=figures(SYSTEM, theme, parts), text=text(SYSTEM, theme)
        )
        kept.save(force_insert=True)
        for kind, its, things in (
            ("offer", road({}), parts.offers), (DISTRIBUTION, WAY, parts.distributions),
            ("exclusion", exclusions.WAY, inside),
        ):  # fmt: skip
            _out_of_the_book(kind, things, "archived", by, now)
            _move(its, [each for each in things if _in(theme, each)], "archive", theme, by, now)
            _move(its, [each for each in things if not _in(theme, each)], "recall", theme, by, now)
        for offer in parts.offers:
            if offer.kind == coupons.KIND:
                held.pool(SYSTEM).filter(template__offer=offer, coupon=None).order_by().delete()
                void_all(offer.code, by=by, now=now)
        campaigns.end(theme, machine.ARCHIVED, in_force=False, by=by, now=now)
        moved()
    campaign.refresh_from_db()
    return kept


def _held(campaign: Campaign, by: Viewer) -> Campaign:
    """The campaign of one's own, locked in one order with those in which something that is live in it is worked on."""
    theme = themes.campaign(by, campaign.code)
    offers, spread = (released.live_in(SYSTEM, kind, theme.code) for kind in ("offer", DISTRIBUTION))
    rows = spread_queries.own(SYSTEM).order_by().filter(code__in=spread)
    over.hold({theme.pk, *released.campaigns_of(SYSTEM, offers), *rows.values_list("campaign", flat=True)})
    return themes.campaign(by, campaign.code, lock=True)


def _of_all(by: Viewer) -> Viewer:
    """Who ends a campaign ends everything in it, whosever it is and whatever locks it."""
    return replace(by, merchant_id=PLATFORM, rights=by.rights | {UNLOCK})


def _in(theme: Campaign, part: Any) -> bool:
    """Whether a part is worked on in this campaign: what is live in it may be on its way into another."""
    return getattr(part, "campaign_id", theme.pk) == theme.pk


def _settled(theme: Campaign, by: Viewer, now: datetime) -> Overview:
    """What ends with the campaign; what of it is in review is withdrawn, so that nothing of it passes later.

    That is what is worked on in it, but not what is live in another campaign, and what is live in it, wherever it is worked
    on by now. The campaigns are locked, their parts need not be: every verb on one locks the campaign first (`over.hold`).
    """
    parts = overview(SYSTEM, theme)
    for each in parts.waiting:
        review.withdraw(each, by=SYSTEM, now=now)
    for its, things in ((road({}), parts.offers), (WAY, parts.distributions)):
        take_back(its, things, by=by, now=now, about=theme.code)
    spread = _ending(theme, DISTRIBUTION, parts.distributions, spread_queries.own(SYSTEM))
    take_back(WAY, [each for each in spread if not _in(theme, each)], by=by, now=now, about=theme.code)
    return replace(parts, offers=_ending(theme, "offer", parts.offers, released.own(SYSTEM)), distributions=spread)


def _ending(theme: Campaign, kind: str, parts: Sequence[Any], every: QuerySet[Any]) -> list[Any]:
    here, codes = released.live_in(SYSTEM, kind, theme.code), {part.code for part in parts}
    elsewhere = _live(kind, sorted(codes)) - here
    strays = [part for some in in_parts(sorted(here - codes)) for part in every.filter(code__in=some)]
    return [part for part in parts if part.code not in elsewhere] + strays


def _move(
    its: Way, things: Sequence[Any], verb: str, theme: Campaign, by: Viewer, now: datetime, why: str = ""
) -> None:
    """Bring parts of the campaign where the verb leads, and write down which."""
    for thing in things:
        thing.state = machine.BY_VERB[verb].to
    change(things, ["state"])
    note(its, f"{its.verbs}.{verb}", things, theme.code, by=by, now=now, why=why)


def _exclusions(parts: Overview, theme: Campaign, by: Viewer, now: datetime) -> Sequence[Any]:
    """The exclusions of the campaign's offers, locked and none of them in review any more; read once the offers are
    settled, for what went with one of them is a draft again or gone.
    """
    codes = {offer.code for offer in parts.offers}
    touching = [each.code for each in parts.exclusions if {each.first.code, each.second.code} & codes]
    inside = exclusions.WAY.locked(SYSTEM, touching)
    take_back(exclusions.WAY, inside, by=by, now=now, about=theme.code)
    return inside


def _live(kind: str, codes: Sequence[str]) -> set[str]:
    rows = released.live(SYSTEM).order_by().filter(kind=kind)
    return {code for part in in_parts(codes) for code in rows.filter(code__in=part).values_list("code", flat=True)}


def _out_of_the_book(kind: str, things: Sequence[Any], why: str, by: Viewer, now: datetime) -> None:
    for code in sorted(_live(kind, [thing.code for thing in things])):
        offers.recall(kind, code, why=why, by=_of_all(by), now=now)
