"""What is changed on a campaign that is in force: it stands aside, as the next version, until that is agreed on too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.campaigns import budget as money
from festoon.campaigns import queries
from festoon.campaigns.models import Campaign, Goal
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer

MOMENTS = ("starts_at", "ends_at")


def drafted(campaign: Campaign) -> Campaign:
    """The campaign as it is being worked on: its next version where there is one. In memory; never save it."""
    columns = (campaign.next or {}).get("columns")
    if not columns:
        return campaign
    found = copy(campaign)
    for name, value in columns.items():
        setattr(found, name, datetime.fromisoformat(value) if name in MOMENTS else value)
    return found


def goals(viewer: Viewer, campaign: Campaign) -> list[dict[str, Any]]:
    """The targets as they are being worked on."""
    if (set_anew := (campaign.next or {}).get("goals")) is not None:
        return list(set_anew)
    return agreed_goals(viewer, campaign)


def agreed_goals(viewer: Viewer, campaign: Campaign) -> list[dict[str, Any]]:
    """The targets as they are in force."""
    rows = queries.goals(viewer, campaign).values("metric", "channel", "product", "target")
    return [dict(row) for row in rows]


def budget(viewer: Viewer, campaign: Campaign) -> list[dict[str, Any]]:
    """The budget lines the viewer sees, with what the next version adds: kind, payer, amount, name {en, zh}."""
    lines = {
        (line.kind, line.payer): {
            "kind": line.kind, "payer": line.payer, "amount": line.account.granted,
            "name": {"en": line.name_en, "zh": line.name_zh},
        }
        for line in queries.budget(viewer, campaign)
    }  # fmt: skip
    for more in (campaign.next or {}).get("budget", ()):
        key = (more["kind"], more["payer"])
        if viewer.is_platform or more["merchant"] == viewer.merchant_id:
            had = lines.get(key, {"amount": 0, "name": more["name"]})
            lines[key] = {
                "kind": key[0],
                "payer": key[1],
                "amount": had["amount"] + more["amount"],
                "name": had["name"],
            }
    return list(lines.values())


def set_columns(campaign: Campaign, columns: Mapping[str, Any]) -> None:
    """Write down other dates, words or colours; the moments as text."""
    kept = {name: value.isoformat() if name in MOMENTS else value for name, value in columns.items()}
    campaign.next = {**(campaign.next or {}), "columns": kept}


def set_goals(campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down other targets."""
    campaign.next = {**(campaign.next or {}), "goals": [dict(row) for row in rows]}


def add_money(campaign: Campaign, kind: str, payer: str, amount: int, name: Words, *, by: Viewer) -> None:
    """Write down more money; it is set aside when the version is agreed on. Raises Invalid as `budget.put` does."""
    pays = money.checked(kind, payer, amount, by)
    line = {"kind": kind, "payer": payer, "amount": amount, "name": {"en": name.en, "zh": name.zh}, "merchant": pays}
    before = (campaign.next or {}).get("budget", [])
    campaign.next = {**(campaign.next or {}), "budget": [*before, line]}


def put_into_force(campaign: Campaign, *, now: datetime) -> None:
    """Make the campaign what was agreed on, within the decision's transaction; the caller saves its row."""
    changed = campaign.next or {}
    for name, value in changed.get("columns", {}).items():
        setattr(campaign, name, datetime.fromisoformat(value) if name in MOMENTS else value)
    if "goals" in changed:
        queries.goals(SYSTEM, campaign).delete()
        insert([Goal(campaign=campaign, merchant_id=campaign.merchant_id, **row) for row in changed["goals"]])
    for line in changed.get("budget", ()):
        money.put(campaign, line["kind"], line["payer"], line["amount"], Words(**line["name"]), by=SYSTEM, now=now)
    campaign.next, campaign.version, campaign.in_force = None, campaign.version + 1, True
