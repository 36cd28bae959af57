"""What one does with a distribution: drafted, reviewed and released like an offer.

Each verb is one transaction with one audit row. Submitted in review or released already, decided twice: Conflict
that says what happened. Recalled, its offers are for nobody by it from the commit on: an offer whose distributions
were all recalled is for nobody at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from festoon.base.words import Words
from festoon.distribution import queries
from festoon.distribution.drafts import draft
from festoon.distribution.models import Distribution
from festoon.offers import actions as offers
from festoon.offers.releases import Agreed, release_all
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import queries as reviews
from festoon.review.models import Review
from festoon.review.refusals import OWN

KIND = "distribution"
EDITABLE = ("draft", "sent_back")
TAKEN = Words(en="A distribution has this code already.", zh="已有投放使用此编码。")
IN_REVIEW = Words(en="This is in review; withdraw it first.", zh="正在审核中，请先撤回。")
NOT_A_DRAFT = Words(en="Only a draft can be submitted.", zh="只有草稿可以提交。")
NO_REVIEW = Words(en="This distribution was never submitted.", zh="此投放尚未提交审核。")


def create(data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Distribution:
    """A new draft: code, name, campaign, offers, channels, scenes, stores, segments, buyers, window, claim.

    The same key answers the same draft.
    """
    by.require("distributions.edit")
    made = draft(data, by=by, now=now)
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="distributions.create", body=dict(data)):
            return queries.distribution(by, before.answer["code"])
        if queries.visible(SYSTEM).filter(code=made.code).exists():
            raise Conflict("taken", TAKEN, field="code")
        made.save(force_insert=True)
        keys.remember(
            by=by, key=key, verb="distributions.create", body=dict(data), answer={"code": made.code}, now=now
        )  # fmt: skip
        _note("distributions.create", [made], by=by, now=now, key=key)
    return made


def edit(distribution: Distribution, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Distribution:
    """New content for a draft (its code stays); what is live stays live until it is agreed on."""
    by.require("distributions.edit")
    made = draft({**data, "code": distribution.code}, by=by, now=now)
    with transaction.atomic():
        (found,) = _locked(by, [distribution])
        if found.state == "in_review":
            raise Conflict("in_review", IN_REVIEW, field="state")
        found.campaign, found.draft, found.state, found.author = made.campaign, made.draft, "draft", by.name
        found.name_en, found.name_zh = made.name_en, made.name_zh
        found.save()
        _note("distributions.edit", [found], by=by, now=now)
    return found


def submit(
    distributions: Distribution | Sequence[Distribution], *, by: Viewer, now: datetime, about: str = ""
) -> list[Distribution]:
    """Give drafts to those who must agree; with no level they are released by rule. All or none."""
    by.require("distributions.edit")
    with transaction.atomic():
        found = _locked(by, _several(distributions))
        for each in found:
            if each.state not in EDITABLE:
                raise Conflict("not_a_draft", NOT_A_DRAFT, field="state", detail={"state": each.state})
        opened = review.open_all(
            [review.Submission(KIND, each.code, each.draft, each.merchant_id, _expected(each)) for each in found],
            by=by,
            now=now,
        )
        for each in found:
            each.state = "in_review"
        _settle(found, [made for made in opened if made.state == "passed"], by=by, now=now)
        change(found, ["state"])
        _note("distributions.submit", found, by=by, now=now, about=about)
    _carry(found, _several(distributions))
    return found


def approve(
    distributions: Distribution | Sequence[Distribution],
    *,
    by: Viewer,
    now: datetime,
    comment: str = "",
    about: str = "",
    read: Collection[int] | None = None,
) -> dict[str, review.Outcome]:
    """Agree at the level where each stands; what passed its last level is released in the same transaction.

    `read`: the numbers of the reviews that were read; if one is no longer open, Conflict.
    """
    return _decide(distributions, review.APPROVE, by=by, now=now, comment=comment, about=about, read=read)


def send_back(
    distributions: Distribution | Sequence[Distribution],
    *,
    by: Viewer,
    now: datetime,
    comment: str,
    read: Collection[int] | None = None,
) -> dict[str, review.Outcome]:
    """Give them back to their author, and say why."""
    return _decide(distributions, review.SEND_BACK, by=by, now=now, comment=comment, about="", read=read)


def withdraw(distribution: Distribution, *, by: Viewer, now: datetime) -> Distribution:
    """Take one out of review; it is a draft again."""
    by.require("distributions.edit")
    with transaction.atomic():
        (found,) = _locked(by, [distribution])
        opened = reviews.latest(SYSTEM, KIND, found.code)
        if opened is None:
            raise Conflict("not_in_review", NO_REVIEW, field="state")
        review.withdraw(opened, by=by, now=now)
        found.state = "draft"
        change([found], ["state"])
        _note("distributions.withdraw", [found], by=by, now=now)
    distribution.state = found.state
    return found


def recall(distribution: Distribution, *, why: str, by: Viewer, now: datetime) -> None:
    """Take its release out of the book."""
    with transaction.atomic():
        (found,) = _locked(by, [distribution])
        offers.recall(KIND, found.code, why=why, by=by, now=now)
        found.state = "recalled"
        change([found], ["state"])
    distribution.state = found.state


def _decide(
    distributions: Distribution | Sequence[Distribution], decision: str, *, by: Viewer, now: datetime, comment: str,
    about: str, read: Collection[int] | None,
) -> dict[str, review.Outcome]:  # fmt: skip
    with transaction.atomic():
        found = _locked(by, _several(distributions))
        if any(each.author == by.name for each in found):
            raise Conflict("own_submission", OWN, field="by", status=403)
        opened = reviews.meant(SYSTEM, KIND, [each.code for each in found], read)
        if len(opened) != len(found):
            raise Conflict("not_in_review", NO_REVIEW, field="state")
        outcomes = review.decide_all(list(opened.values()), decision, by=by, now=now, comment=comment)
        for each in found:
            if outcomes[opened[each.code].pk] == review.Outcome.SENT_BACK:
                each.state = "sent_back"
        passed = [each for each in opened.values() if outcomes[each.pk] == review.Outcome.PASSED]
        _settle(found, passed, by=by, now=now)
        change(found, ["state"])
        _note(f"distributions.{decision}", found, by=by, now=now, why=comment, about=about)
    _carry(found, _several(distributions))
    return {code: outcomes[each.pk] for code, each in opened.items()}


def _several(distributions: Distribution | Sequence[Distribution]) -> Sequence[Distribution]:
    return [distributions] if isinstance(distributions, Distribution) else distributions


def _locked(by: Viewer, distributions: Sequence[Distribution]) -> list[Distribution]:
    found = queries.locked(by, [each.code for each in distributions])
    if len(found) != len(distributions):
        raise NotFound("distribution")
    return found


def _expected(distribution: Distribution) -> dict[str, Any]:
    """How many it reaches, as far as it says: the recipients it names."""
    return {"recipients": len(distribution.draft.get("buyers") or ())}


def _settle(found: Sequence[Distribution], passed: Sequence[Review], *, by: Viewer, now: datetime) -> None:
    agreed_on = {each.subject: each for each in passed}
    agreed = []
    for each in found:
        if each.code in agreed_on:
            each.state, made = "released", agreed_on[each.code]
            agreed.append(Agreed(KIND, each.code, made.content, each.merchant_id, made.pk))
    release_all(agreed, by=by, now=now)


def _carry(found: Sequence[Distribution], given: Sequence[Distribution]) -> None:
    states = {each.code: each.state for each in found}
    for each in given:
        each.state = states[each.code]


def _note(
    verb: str, found: Sequence[Distribution], *, by: Viewer, now: datetime, key: str = "", why: str = "",
    about: str = "",
) -> None:  # fmt: skip
    if not found:
        return
    one = found[0] if len(found) == 1 and not about else None
    record(
        by=by, at=now, verb=verb, kind=KIND if one else "campaign", subject=one.code if one else about,
        after=one.state if one else "", why=why, key=key, rows={each.code: each.state for each in found},
        merchant_id=found[0].merchant_id if one else None,
    )  # fmt: skip
    events = [{"id": uuid4().hex, "kind": verb, "at": now.isoformat(), "distribution": each.code} for each in found]
    publish(at=now, kind=verb, merchant_id=found[0].merchant_id if one else by.merchant_id, events=events)
