"""What one does with a distribution: drafted, reviewed and released like an offer.

Each verb is one transaction with one audit row. Submitted in review or released already, decided twice: Conflict
that says what happened. Recalled, its offers are for nobody by it from the commit on: an offer whose distributions
were all recalled is for nobody at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import over
from festoon.distribution import queries
from festoon.distribution.drafts import draft
from festoon.distribution.models import Distribution
from festoon.offers import actions as offers
from festoon.offers.releases import Agreed, release_all
from festoon.records import keys
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import insert_new
from festoon.records.viewer import Viewer
from festoon.review import actions as review
from festoon.review import machine, way
from festoon.review.models import Review
from festoon.review.verbs import Verbs

KIND = "distribution"
TAKEN = Words(en="A distribution has this code already.", zh="已有投放使用此编号。")
IN_REVIEW = Words(
    en="It is in review, rejected or recalled: withdraw it or open it again first.",
    zh="审核中、已驳回或已召回：请先撤回或重新打开。",
)


def create(data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Distribution:
    """A new draft: code, name, campaign, offers, channels, scenes, stores, segments, buyers, window, claim.

    The same key answers the same draft, whatever moved meanwhile.
    """
    by.require("distributions.edit")
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="distributions.create", body=dict(data)):
            return queries.distribution(by, before.answer["code"])
        made = draft(data, by=by, now=now)
        insert_new(made, Conflict("taken", TAKEN, field="code"))
        keys.remember(
            by=by, key=key, verb="distributions.create", body=dict(data), answer={"code": made.code}, now=now
        )  # fmt: skip
        way.note(WAY, "distributions.create", [made], "", by=by, now=now, key=key)
    return made


def edit(distribution: Distribution, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Distribution:
    """New content for a draft (its code stays); what is live stays live until it is agreed on."""
    by.require("distributions.edit")
    made = draft({**data, "code": distribution.code}, by=by, now=now)
    with transaction.atomic():
        found = next(iter(queries.locked(by, [distribution.code])), None)
        if found is None:
            raise NotFound(KIND)
        if not machine.editable(found.state):
            raise Conflict("in_review", IN_REVIEW, field="state", detail={"state": found.state})
        found.campaign, found.draft, found.state, found.author = made.campaign, made.draft, "draft", by.name
        found.name_en, found.name_zh = made.name_en, made.name_zh
        found.save()
        way.note(WAY, "distributions.edit", [found], "", by=by, now=now)
    return found


def recall(distribution: Distribution, *, why: str, by: Viewer, now: datetime) -> None:
    """Take its release out of the book; it comes back only by a new review, so one that is open is withdrawn.

    Recalled twice: Conflict.
    """
    by.require("offers.stop")
    with transaction.atomic():
        found = next(iter(_locked(by, [distribution.code])), None)
        if found is None:
            raise NotFound(KIND)
        way.take_back(WAY, [found], by=by, now=now)
        offers.recall(KIND, found.code, why=why, by=by, now=now)
        found.state = machine.RECALLED
        found.save(update_fields=["state"])
    distribution.state = found.state


def _submission(distribution: Distribution) -> review.Submission:
    """The draft, and how many it reaches, as far as it says: the recipients it names."""
    over.refuse(distribution.campaign, distribution.code)
    draft, recipients = distribution.draft, len(distribution.draft.get("buyers") or ())
    expected, measures = {"recipients": recipients}, {"number": recipients}
    return review.Submission(KIND, distribution.code, draft, distribution.merchant_id, expected, measures)


def _agreed(reviews: Mapping[str, Review], found: Sequence[Distribution], by: Viewer, now: datetime) -> None:
    for each in found:
        over.refuse(each.campaign, each.code)
    made = [(each, reviews[each.code]) for each in found]
    agreed = [Agreed(KIND, each.code, review.content, each.merchant_id, review.pk) for each, review in made]
    release_all(agreed, by=by, now=now)


def _locked(by: Viewer, codes: Sequence[str]) -> Sequence[Distribution]:
    """The campaigns first, then the distributions."""
    over.hold(queries.own(by).order_by().filter(code__in=codes).values_list("campaign", flat=True))
    return queries.locked(by, codes)


WAY = way.Way(
    verbs="distributions", name=KIND, right="distributions.edit", kind=KIND, locked=_locked,
    submission=_submission, agreed=_agreed,
)  # fmt: skip
VERBS: Verbs[Distribution] = Verbs(WAY)
submit, decide, approve, send_back = VERBS.submit, VERBS.decide, VERBS.approve, VERBS.send_back
withdraw, reopen = VERBS.withdraw, VERBS.reopen
