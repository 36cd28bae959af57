"""A campaign's own verbs. Each: right, one transaction, one audit row, an event; what comes too late says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
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
from festoon.review import way
from festoon.review.machine import EDITABLE
from festoon.review.models import Review

KIND = "campaign"
TAKEN = Words(en="A campaign has this code already.", zh="已有活动使用此编码。")
LOCKED = Words(
    en="This campaign is in review or approved; it cannot be changed now.", zh="活动审核中或已通过，不能修改。"
)


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
    by.require("campaigns.edit")
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
    by.require("campaigns.edit")
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
    by.require("campaigns.edit")
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
    found = way.submit(_road(expected or {}), [campaign], by=by, now=now)[0]
    return review.Outcome.PASSED if found.state == WAY.word else review.Outcome.OPEN


def decide(
    campaign: Campaign, said: review.Said, *, by: Viewer, now: datetime, read: Collection[int] | None = None
) -> review.Outcome:
    """Say what one thinks at the level where the campaign stands; after the last approval it is approved.

    `read`: the number of the review that was read; if it is no longer open, Conflict.
    """
    return way.decide(WAY, [campaign], said, by=by, now=now, read=read)[campaign.code]


def approve(
    campaign: Campaign, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
) -> review.Outcome:
    """Agree at the level where the campaign stands."""
    return decide(campaign, review.Said(comment=comment), by=by, now=now, read=read)


def send_back(
    campaign: Campaign, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
) -> review.Outcome:
    """Give the campaign back to its author, and say why; it can then be changed and submitted again."""
    return decide(campaign, review.Said(review.SEND_BACK, comment), by=by, now=now, read=read)


def withdraw(campaign: Campaign, *, by: Viewer, now: datetime) -> None:
    """Take the campaign out of review; it is a draft again. Once decided, Conflict says by whom and when."""
    way.withdraw(WAY, campaign, by=by, now=now)


def reopen(campaign: Campaign, *, by: Viewer, now: datetime, why: str = "") -> None:
    """Make a draft again of what was rejected or recalled."""
    way.reopen(WAY, campaign, by=by, now=now, why=why)


def _open(campaign: Campaign, by: Viewer) -> Campaign:
    """The campaign, locked, if it may be changed now."""
    by.require("campaigns.edit")
    found = queries.campaign(by, campaign.code, lock=True)
    if found.state not in EDITABLE:
        raise Conflict("locked", LOCKED, field="state", detail={"state": found.state})
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


def _locked(by: Viewer, codes: Sequence[str]) -> Sequence[Campaign]:
    return [queries.campaign(by, code, lock=True) for code in sorted(codes)]


def _kind(campaign: Campaign) -> str:  # noqa: ARG001 -- all of one kind
    return KIND


def _submission(campaign: Campaign) -> review.Submission:
    return _submitted(campaign, {})


def _submitted(campaign: Campaign, expected: Mapping[str, Any]) -> review.Submission:
    content = queries.content(SYSTEM, campaign)
    budget = sum(line["amount"] for line in content["budget"])
    return review.Submission(KIND, campaign.code, content, campaign.merchant_id, expected, {"budget": budget})


def _agreed(reviews: Mapping[str, Review], campaigns: Sequence[Campaign], by: Viewer, now: datetime) -> None:
    """Nothing is copied: a campaign in review cannot be changed, so it is what was agreed on."""


def _road(expected: Mapping[str, Any]) -> way.Way:
    return replace(WAY, submission=lambda campaign: _submitted(campaign, expected))


WAY = way.Way(
    verbs="campaigns", name="campaign", right="campaigns.edit", kind=_kind, locked=_locked, submission=_submission,
    agreed=_agreed, word=queries.APPROVED,
)  # fmt: skip
