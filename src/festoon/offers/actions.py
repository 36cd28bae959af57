"""Verbs on offers that are out: stop, lift, recall; and the exclusions between two of them.

Each is one transaction with one audit row and an event, and moves the book's number: what holds and claims in any
process reads the stop in its own transaction, so nothing is granted after the commit of a stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.catalog.models import PLATFORM
from festoon.offers import passage, queries
from festoon.offers.caution import UNLOCK
from festoon.offers.exclusions import exclude
from festoon.offers.models import Exclusion, Offer, Stop
from festoon.offers.releases import CLAIMS, end_stop, moved, note, put_out
from festoon.records.refusal import Conflict, Forbidden, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review.refusals import say_why

__all__ = ["exclude", "lift", "recall", "stop"]
EVERYTHING = "all"
NOT_STOPPED = Words(en="This is not stopped.", zh="当前未停用。")
NEEDS_REVIEW = Words(
    en="This was recalled: it is given again when its next version has been agreed on.",
    zh="已召回：须在新版本审核通过后才能重新发放。",
)
NOT_LIVE = Words(en="This is not in the book.", zh="当前未发布。")


def stop(kind: str, code: str, *, why: str, by: Viewer, now: datetime) -> Stop:
    """Grant nothing more by an offer, a campaign or everything (`kind` offer, campaign, all) from this commit on.

    What is held already may be redeemed. `kind` claims: no more of a coupon is given out, those that are out may be
    used. Stopped twice, the first stop stands and is answered.
    """
    by.require("offers.stop")
    say_why(why)
    with transaction.atomic():
        merchant = _whose(kind, code, by)
        moved()  # first, so that two stops at once follow one another and the second finds the first
        found = queries.stop_of(SYSTEM, kind, code)
        if found is not None:
            return found
        made = Stop(merchant_id=merchant, kind=kind, code=code, at=now, by=by.name, why=why)
        made.save(force_insert=True)
        note(f"{kind}.stopped", kind, code, merchant, after="stopped", why=why, by=by, now=now)
    return made


def lift(kind: str, code: str, *, why: str = "", by: Viewer, now: datetime) -> Stop:
    """End a stop. Who stops may lift; Conflict when nothing is stopped.

    `kind` claims is not lifted: what was recalled is given again by a release of its next version, which ends the stop.
    """
    by.require("offers.stop")
    if kind == CLAIMS:
        raise Conflict("needs_review", NEEDS_REVIEW, field="code")
    with transaction.atomic():
        _whose(kind, code, by)
        moved()
        found = queries.stop_of(SYSTEM, kind, code)
        if found is None:
            raise Conflict("not_stopped", NOT_STOPPED, field="code")
        end_stop(found, by=by, now=now, why=why)
    return found


def recall(kind: str, code: str, *, why: str, by: Viewer, now: datetime) -> None:
    """Take a release (`kind` offer, distribution, exclusion) out of the book; its rows and what was sold stay.

    It comes back only by a new review: one that is open, of its next version, is withdrawn. Recalled twice: Conflict.
    """
    by.require("offers.stop")
    say_why(why)
    with transaction.atomic():
        things: Sequence[Offer | Exclusion] = queries.behind(by, kind, code)
        if kind == "offer":
            things = passage.take_back([code], by=by, now=now)
        live = queries.live_of(by, kind, code, lock=True)
        if live is None:
            raise Conflict("not_live", NOT_LIVE, field="code")
        merchant = live.release.merchant_id
        live.delete()
        if kind == "offer":
            put_out({code: ""})
        for thing in things:
            if getattr(thing, "lock", ""):
                by.require(UNLOCK)
            thing.state = "recalled"
            thing.save(update_fields=["state"])
        moved()
        note(f"{kind}.recalled", kind, code, merchant, before="released", after="recalled", why=why, by=by, now=now)


def _whose(kind: str, code: str, by: Viewer) -> int:
    """Whose thing is meant, if the viewer may stop it: NotFound for another's."""
    if kind == EVERYTHING:
        if not by.is_platform:
            raise Forbidden("offers.stop (platform)")
        return PLATFORM
    found: Offer | Campaign | None = None
    if kind in ("offer", CLAIMS):
        found = queries.own(by).filter(code=code).first()
    elif kind == "campaign":
        found = campaigns.own(by).filter(code=code).first()
    if found is None:
        raise NotFound("offer or campaign", "code")
    return found.merchant_id
