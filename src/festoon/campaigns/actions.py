"""A campaign's own verbs. Each: right, one transaction, one audit row, an event; what comes too late says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import budget, form, next_version, queries
from festoon.campaigns.models import BudgetLine, Campaign, Goal
from festoon.catalog import queries as catalog
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.refusal import Conflict, Invalid
from festoon.records.tables import insert, insert_new
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import machine, way
from festoon.review.models import Review
from festoon.review.verbs import Verbs

KIND = "campaign"
Goals = Sequence[Mapping[str, Any]]
TAKEN = Words(en="A campaign has this code already.", zh="已有活动使用此编号。")
HONOURED = Words(
    en="Coupons of it that are out are still honoured: copy the campaign instead.",
    zh="已发出的券仍在兑现：请复制一个新活动。",
)
LOCKED = Words(
    en="This campaign is in review, recalled or archived; it cannot be changed now.",
    zh="活动审核中、已召回或已归档，不能修改。",
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
        insert_new(campaign, Conflict("taken", TAKEN, field="code"))
        keys.remember(by=by, key=key, verb="campaigns.create", body=data, answer={"code": campaign.code}, now=now)
        _note("campaigns.create", campaign, "", by=by, now=now, key=key)
    return campaign


def edit(campaign: Campaign, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Campaign:
    """Change it: the same fields as `create`, all of them but code and merchant. Not while it is in review.

    What is in force stays as it is; the change is its next version, a draft until that is agreed on.
    """
    by.require("campaigns.edit")
    with transaction.atomic():
        found = _open(campaign, by)
        values = form.read({"code": found.code, "term": found.term, **data}, form.CAMPAIGN)
        values["zone"] = values["zone"] or found.zone
        columns = form.to_data({**values, "code": found.code})
        if found.in_force:
            next_version.set_columns(found, columns)
        else:
            for column, value in columns.items():
                setattr(found, column, value)
        _draft("campaigns.edit", found, by=by, now=now)
    return found


def set_goals(campaign: Campaign, goals: Goals, *, by: Viewer, now: datetime) -> None:
    """Put these targets in place of those there are: metric (gmv, orders, new_buyers, …), channel or product, target.

    Money in minor units of the merchant's currency, the rest in whole numbers. In force: with the next version.
    """
    _aim(campaign, lambda _: goals, by=by, now=now)


def set_goal(campaign: Campaign, goal: Mapping[str, Any], *, by: Viewer, now: datetime) -> None:
    """One target beside the others, in place of the one for the same metric, channel and product: twice is once."""
    _aim(campaign, lambda there: [*form.others(there, goal), goal], by=by, now=now)


def drop_goal(campaign: Campaign, goal: Mapping[str, Any], *, by: Viewer, now: datetime) -> None:
    """Take out the target for this metric, channel and product; one that is gone already is no fault."""
    _aim(campaign, lambda there: form.others(there, goal), by=by, now=now)


def _aim(campaign: Campaign, change: Callable[[Goals], Goals], *, by: Viewer, now: datetime) -> None:
    """Put other targets in place of those there are, which nobody else changes meanwhile."""
    by.require("campaigns.edit")
    with transaction.atomic():
        found = _open(campaign, by)
        goals = change(next_version.goals(by, found))
        rows = [form.read(goal, form.GOAL, f"goals[{at}].") for at, goal in enumerate(goals)]
        for at, row in enumerate(rows):
            if row["metric"] not in form.METRICS:
                words = Words(en="There is no such metric.", zh="没有这个指标。")
                raise Invalid("unknown", words, field=f"goals[{at}].metric", detail={"known": list(form.METRICS)})
        if found.in_force:
            next_version.set_goals(found, rows)
        else:
            found.goals.all().delete()
            insert([Goal(campaign=found, merchant_id=found.merchant_id, **row) for row in rows])
        _draft("campaigns.set_goals", found, by=by, now=now)


def add_budget_line(
    campaign: Campaign, *, kind: str, payer: str, amount: int, name: Words, by: Viewer, now: datetime, key: str = ""
) -> BudgetLine | None:
    """Set money aside: `kind` discount, gifts or placement; `payer` platform or merchant:<code>; minor units.

    The money goes to an account of its own by a transfer. A line of the same kind and payer gets it on top; the
    same key does so only once. To a campaign in force it is added when its next version is agreed on; then None.
    """
    by.require("campaigns.edit")
    verb, body = "campaigns.add_budget_line", [campaign.code, kind, payer, amount]
    with transaction.atomic():
        found = _open(campaign, by)
        if before := keys.once(by=by, key=key, verb=verb, body=body):
            return queries.budget(SYSTEM, found).filter(id=before.answer["id"]).first()
        line = None
        if found.in_force:
            next_version.add_money(found, kind, payer, amount, name, by=by)
        else:
            line = budget.put(found, kind, payer, amount, name, by=by, now=now)
        keys.remember(by=by, key=key, verb=verb, body=body, answer={"id": line.pk if line else None}, now=now)
        rows = {"kind": kind, "payer": payer, "amount": amount}
        _draft(verb, found, by=by, now=now, key=key, rows=rows)
    return line


def submit(
    campaign: Campaign, *, by: Viewer, now: datetime, expected: Mapping[str, Any] | None = None
) -> review.Outcome:
    """Give the campaign with its goals and budget to those who must agree; with no level it is approved by rule.

    Submitted twice, or already approved: Conflict.
    """
    found = way.submit(_road(expected or {}), [campaign], by=by, now=now)[0]
    return review.Outcome.PASSED if found.state == WAY.word else review.Outcome.OPEN


def reopen(campaign: Campaign, *, by: Viewer, now: datetime, why: str = "") -> None:
    """Make a draft again of what was rejected or recalled; not while coupons of it are still honoured."""
    by.require("campaigns.edit")
    with transaction.atomic():
        found = queries.campaign(by, campaign.code, lock=True)
        if found.in_force and found.state == machine.RECALLED:
            raise Conflict("honoured", HONOURED, field="state")
        VERBS.reopen(campaign, by=by, now=now, why=why)


def end(campaign: Campaign, state: str, *, in_force: bool, by: Viewer, now: datetime, why: str = "") -> None:
    """Write down that it was recalled or archived; `composition.ending` does what that means for its parts.

    `in_force`: coupons of it that are out are honoured. What was being worked on as its next version is dropped.
    """
    before, campaign.state, campaign.in_force, campaign.next = campaign.state, state, in_force, None
    campaign.save()
    _note(f"campaigns.{state}", campaign, before, by=by, now=now, why=why)


def content_of(campaign: Campaign) -> dict[str, Any]:
    """What is agreed on: the campaign's dates, words, goals and budget, as data."""
    drafted = next_version.drafted(campaign)
    budget = next_version.budget(SYSTEM, campaign)
    return {
        "code": drafted.code,
        "name": {"en": drafted.name_en, "zh": drafted.name_zh},
        "reason": {"en": drafted.reason_en, "zh": drafted.reason_zh},
        "starts_at": drafted.starts_at.isoformat(),
        "ends_at": drafted.ends_at.isoformat(),
        "zone": drafted.zone,
        "term": drafted.term,
        "goals": next_version.goals(SYSTEM, campaign),
        "budget": [{name: line[name] for name in ("kind", "payer", "amount")} for line in budget],
    }


def _open(campaign: Campaign, by: Viewer) -> Campaign:
    """The campaign, locked, if it may be changed now."""
    by.require("campaigns.edit")
    found = queries.campaign(by, campaign.code, lock=True)
    if not machine.editable(found.state, WAY.word):
        raise Conflict("locked", LOCKED, field="state", detail={"state": found.state})
    return found


def _draft(
    verb: str, campaign: Campaign, *, by: Viewer, now: datetime, key: str = "", rows: Mapping[str, Any] | None = None
) -> None:
    """Keep the change, whose author is whoever made it; what was agreed on is a draft again, though it stays in force."""
    before, campaign.author = campaign.state, by.name
    if before == WAY.word:
        campaign.state = machine.DRAFT
    campaign.save()
    _note(verb, campaign, before, by=by, now=now, key=key, rows=rows)


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


def _submission(campaign: Campaign) -> review.Submission:
    return _submitted(campaign, {})


def _submitted(campaign: Campaign, expected: Mapping[str, Any]) -> review.Submission:
    content = content_of(campaign)
    budget = sum(line["amount"] for line in content["budget"])
    return review.Submission(KIND, campaign.code, content, campaign.merchant_id, expected, {"budget": budget})


def _agreed(reviews: Mapping[str, Review], campaigns: Sequence[Campaign], by: Viewer, now: datetime) -> None:  # noqa: ARG001 -- nothing is copied of a review: what is in it cannot be changed, so the row is what was agreed on
    for campaign in campaigns:
        next_version.put_into_force(campaign, now=now)
        campaign.save()


def _road(expected: Mapping[str, Any]) -> way.Way:
    return replace(WAY, submission=lambda campaign: _submitted(campaign, expected))


WAY = way.Way(
    verbs="campaigns", name="campaign", right="campaigns.edit", kind=KIND, locked=_locked, submission=_submission,
    agreed=_agreed, word=queries.APPROVED,
)  # fmt: skip
VERBS: Verbs[Campaign] = Verbs(WAY)
decide, approve, send_back, withdraw = VERBS.decide, VERBS.approve, VERBS.send_back, VERBS.withdraw
