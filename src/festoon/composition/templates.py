"""Campaigns to start from: a whole campaign made of presets, of which one changes dates, goods and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as themes
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.composition.applying import apply
from festoon.records.refusal import Conflict, NotFound
from festoon.records.viewer import SYSTEM, Viewer

HOUSE = Path(__file__).parent / "house"


@dataclass(frozen=True, slots=True)
class Template:
    """One campaign to start from: the file's name is its code."""

    code: str
    data: Mapping[str, Any]

    @property
    def name(self) -> Words:
        """Its name in both languages."""
        return Words(**self.data["name"])

    @property
    def about(self) -> Words:
        """What it is for, in a sentence."""
        return Words(**self.data["about"])

    @property
    def offers(self) -> list[Words]:
        """What its offers are called."""
        return [Words(**offer["name"]) for offer in self.data["offers"]]

    @property
    def days(self) -> int:
        """How long it lasts unless one says otherwise."""
        return int(self.data["days"])


@cache
def house() -> Mapping[str, Template]:
    """The templates that come with Festoon, by code."""
    files = sorted(HOUSE.glob("*.yaml"))
    return {file.stem: Template(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def start(template: str, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Campaign:
    """A new draft campaign of a template with all its offers and distributions as drafts.

    `data` is that of `campaigns.create`; without `ends_at` it lasts as long as the template does. Who starts it pays,
    until somebody says otherwise. A code that is taken: Conflict, and nothing is written. Half-way, nothing is.
    """
    by.require("campaigns.edit")
    found = house().get(template)
    if found is None:
        raise NotFound("template")
    code = str(data.get("code", ""))
    if themes.visible(SYSTEM).filter(code=code).exists():
        raise Conflict("taken", campaigns.TAKEN, field="code")
    with transaction.atomic():
        apply({"festoon": 1, **_paper(found, code, data, by)}, by=by, now=now)
    return themes.campaign(by, code)


def _paper(found: Template, code: str, data: Mapping[str, Any], by: Viewer) -> dict[str, Any]:
    theme = {"term": found.data.get("term", themes.ONE_OFF), **data}
    if not theme.get("ends_at") and isinstance(theme.get("starts_at"), datetime):
        theme["ends_at"] = theme["starts_at"] + timedelta(days=found.days)
    owner = catalog.owner(by, str(data.get("merchant") or ""))
    payer = "platform" if by.is_platform else f"merchant:{owner.code}"
    pays = [{"payer": payer, "basis_points": 10_000}]
    return {
        "campaign": theme,
        "goals": found.data["goals"],
        "offers": [{**each, "code": f"{code}-{each['code']}", "payers": pays} for each in found.data["offers"]],
        "distributions": [
            {**each, "code": f"{code}-{each['code']}", "campaign": code}
            | ({} if by.is_platform else {"offers": [f"{code}-{one['code']}" for one in found.data["offers"]]})
            for each in found.data["distributions"]
        ],
    }
