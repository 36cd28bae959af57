"""A campaign's own verbs. Each: right, one transaction, one audit row, an event; what comes too late says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import budget, form, queries
from festoon.campaigns.models import BudgetLine, Campaign, Goal
from festoon.catalog import queries as catalog
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.refusal import Conflict, Invalid
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import queries as reviews
from festoon.review.models import Review
from festoon.review.refusals import OWN

KIND = "campaign"
EDITABLE = ("draft", "sent_back")
TAKEN = Words(en="A campaign has this code already.", zh="已有活动使用此编码。")
LOCKED = Words(
    en="This campaign is in review or approved; it cannot be changed now.", zh="活动审核中或已通过，不能修改。"
)
NO_REVIEW = Words(en="This campaign is not in review.", zh="此活动不在审核中。")
STATES = {
    review.Outcome.PASSED: "approved",
    review.Outcome.OPEN: "in_review",
    review.Outcome.SENT_BACK: "sent_back",
}


def create(data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Campaign:
    """A new draft: code, name and reason {en, zh}, starts_at, ends_at, zone, colour, source, merchant (its code).

    Times without an offset are in the campaign's zone, whose default is the merchant's. The same key answers the
    same campaign; another campaign of this code: Conflict.
    """
    by.require("campaigns.edit")
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="campaigns.create", body=data):
            return queries.campaign(by, before.answer["code"])
        values = form.read(data, form.CAMPAIGN)
        owner = catalog.owner(by, values["merchant"])
        values["zone"] = values["zone"] or owner.zone
        if queries.visible(SYSTEM).filter(code=values["code"]).exists():
            raise Conflict("taken", TAKEN, field="code")
        campaign = Campaign(merchant=owner, author=by.name, created_at=now, **form.to_data(values))
        campaign.save(force_insert=True)
        keys.remember(by=by, key=key, verb="campaigns.create", body=data, answer={"code": campaign.code}, now=now)
        _note("campaigns.create", campaign, "", by=by, now=now, key=key)
    return campaign


def edit(campaign: Campaign, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Campaign:
    """Change a draft, or one that was sent back: the same fields as `create`, all of them but code and merchant."""
    with transaction.atomic():
        found = _open(campaign, by)
        values = form.read({"code": found.code, **data}, form.CAMPAIGN)
        values["zone"] = values["zone"] or found.zone
        for column, value in form.to_data({**values, "code": found.code}).items():
            setattr(found, column, value)
        found.save()
        _note("campaigns.edit", found, found.state, by=by, now=now)
    return found


def set_goals(campaign: Campaign, goals: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime) -> list[Goal]:
    """Put these targets in place of those there are: metric (gmv, orders, new_buyers, …), channel or product, target.

    Money in minor units of the merchant's currency, the rest in whole numbers.
    """
    with transaction.atomic():
        found = _open(campaign, by)
        rows = [form.read(goal, form.GOAL, f"goals[{at}].") for at, goal in enumerate(goals)]
        for at, row in enumerate(rows):
            if row["metric"] not in form.METRICS:
                words = Words(en="There is no such metric.", zh="没有这个指标。")
                raise Invalid("unknown", words, field=f"goals[{at}].metric", detail={"known": list(form.METRICS)})
        found.goals.all().delete()
        insert(made := [Goal(campaign=found, merchant_id=found.merchant_id, **row) for row in rows])
        _note("campaigns.set_goals", found, found.state, by=by, now=now)
    return made


def add_budget_line(
    campaign: Campaign, *, kind: str, payer: str, amount: int, name: Words, by: Viewer, now: datetime, key: str = ""
) -> BudgetLine:
    """Set money aside: `kind` discount, gifts or placement; `payer` platform or merchant:<code>; minor units.

    The money goes to an account of its own by a transfer. A line of the same kind and payer gets it on top; the
    same key does so only once.
    """
    verb, body = "campaigns.add_budget_line", [campaign.code, kind, payer, amount]
    with transaction.atomic():
        found = _open(campaign, by)
        if before := keys.once(by=by, key=key, verb=verb, body=body):
            return queries.budget(SYSTEM, found).get(id=before.answer["id"])
        line = budget.put(found, kind, payer, amount, name, by=by, now=now)
        keys.remember(by=by, key=key, verb=verb, body=body, answer={"id": line.pk}, now=now)
        rows = {"account": line.account.code, "amount": amount}
        _note(verb, found, found.state, by=by, now=now, key=key, rows=rows)
    return line


def submit(
    campaign: Campaign, *, by: Viewer, now: datetime, expected: Mapping[str, Any] | None = None
) -> review.Outcome:
    """Give the campaign with its goals and budget to those who must agree; with no level it is approved by rule.

    Submitted twice, or already approved: Conflict.
    """
    with transaction.atomic():
        found = _open(campaign, by)
        content = queries.content(SYSTEM, found)
        made = review.open_review(
            KIND, found.code, content, expected or {}, merchant_id=found.merchant_id, by=by, now=now
        )  # fmt: skip
        before, found.state = found.state, "approved" if made.state == "passed" else "in_review"
        found.save()
        _note("campaigns.submit", found, before, by=by, now=now, rows={"review": made.pk})
    campaign.state = found.state
    return review.Outcome(made.state)


def approve(
    campaign: Campaign, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
) -> review.Outcome:
    """Agree at the level where the campaign stands; after the last level it is approved.

    `read`: the number of the review that was read; if it is no longer open, Conflict.
    """
    return _decide(campaign, review.APPROVE, by=by, now=now, comment=comment, read=read)


def send_back(
    campaign: Campaign, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
) -> review.Outcome:
    """Give the campaign back to its author, and say why; it can then be changed and submitted again."""
    return _decide(campaign, review.SEND_BACK, by=by, now=now, comment=comment, read=read)


def withdraw(campaign: Campaign, *, by: Viewer, now: datetime) -> None:
    """Take the campaign out of review; it is a draft again. Once decided, Conflict says by whom and when."""
    by.require("campaigns.edit")
    with transaction.atomic():
        found = queries.campaign(by, campaign.code, lock=True)
        review.withdraw(_review(found, None), by=by, now=now)
        before, found.state = found.state, "draft"
        found.save()
        _note("campaigns.withdraw", found, before, by=by, now=now)
    campaign.state = found.state


def _decide(
    campaign: Campaign, decision: str, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None
) -> review.Outcome:
    with transaction.atomic():
        found = queries.campaign(by, campaign.code, lock=True)
        if found.author == by.name:
            raise Conflict("own_submission", OWN, field="by", status=403)
        outcome = review.decide(_review(found, read), decision, by=by, now=now, comment=comment)
        before, found.state = found.state, STATES[outcome]
        found.save()
        _note(f"campaigns.{decision}", found, before, by=by, now=now, why=comment)
    campaign.state = found.state
    return outcome


def _open(campaign: Campaign, by: Viewer) -> Campaign:
    """The campaign, locked, if it may be changed now."""
    by.require("campaigns.edit")
    found = queries.campaign(by, campaign.code, lock=True)
    if found.state not in EDITABLE:
        raise Conflict("locked", LOCKED, field="state", detail={"state": found.state})
    return found


def _review(campaign: Campaign, read: Collection[int] | None) -> Review:
    """The campaign's review that is meant; whether it is still open is for the decision to say."""
    found = reviews.meant(SYSTEM, KIND, [campaign.code], read).get(campaign.code)
    if found is None:
        raise Conflict("not_in_review", NO_REVIEW, field="state")
    return found


def _note(
    verb: str,
    campaign: Campaign,
    before: str,
    *,
    by: Viewer,
    now: datetime,
    key: str = "",
    why: str = "",
    rows: Mapping[str, Any] | None = None,
) -> None:
    record(
        by=by, at=now, verb=verb, kind=KIND, subject=campaign.code, before=before, after=campaign.state, why=why,
        key=key, rows=rows, merchant_id=campaign.merchant_id,
    )  # fmt: skip
    event = {"id": uuid4().hex, "kind": verb, "at": now.isoformat(), "campaign": campaign.code}
    publish(at=now, kind=verb, merchant_id=campaign.merchant_id, events=[event])
