"""Campaigns to start from, of which one changes dates, goods and figures: those of the house, made of presets, and one's own.

One's own are campaigns that somebody kept: in another year they begin with other codes and as many days later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as themes
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.composition import queries
from festoon.composition.applying import apply
from festoon.composition.models import KeptTemplate
from festoon.composition.paper import paper, renamed, shifted
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer

HOUSE = Path(__file__).parent / "house"
OWN = "own:"
NAMED, TOLD = 128, 500
MISSING = Words(en="A template needs a name in both languages.", zh="模板需填写中英文名称。")
TOO_LONG = Words(en="This is too long.", zh="内容过长。")


@dataclass(frozen=True, slots=True)
class Template:
    """One campaign to start from: the file's name is its code. `own`: kept by people, not a file of ours."""

    code: str
    data: Mapping[str, Any]
    own: bool = False

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
    def campaign(self) -> str:
        """Of one's own, the code of the campaign it was."""
        return self.code.removeprefix(OWN) if self.own else ""

    @property
    def theme(self) -> dict[str, str]:
        """What a form about the campaign begins with: of one's own, its reason, term and colour."""
        was = self.data.get("campaign", {})
        told = {f"reason_{language}": text for language, text in was.get("reason", {}).items()}
        return told | {name: was[name] for name in ("term", "colour") if name in was}

    @property
    def days(self) -> int:
        """How long it lasts unless one says otherwise."""
        return int(self.data["days"])


@cache
def house() -> Mapping[str, Template]:
    """The templates that come with Festoon, by code."""
    files = sorted(HOUSE.glob("*.yaml"))
    return {file.stem: Template(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def known(viewer: Viewer) -> Mapping[str, Template]:
    """All there are for the viewer, by code: its own first."""
    rows = queries.kept_templates(viewer)
    mine = [
        Template(f"{OWN}{row.code}", {**row.data, "name": _both(row, "name"), "about": _both(row, "about")}, own=True)
        for row in rows
    ]
    return {each.code: each for each in [*mine, *house().values()]}


def keep(campaign: Campaign, *, name: Words, about: Words, by: Viewer, now: datetime) -> KeptTemplate:
    """Keep a campaign with its offers, exclusions and distributions as a template of one's house; its money is not kept.

    Only what the viewer sees of it. Kept again, the template is what the campaign is now. Invalid: a name is missing
    or too long.
    """
    by.require("campaigns.edit")
    for field, words, most in (("name", name, NAMED), ("about", about, TOLD)):
        for language, text in words.to_data().items():
            if not text.strip() and field == "name":
                raise Invalid("missing", MISSING, field=f"name_{language}")
            if len(text) > most:
                raise Invalid("too_long", TOO_LONG, field=f"{field}_{language}", detail={"most": most})
    written = paper(by, campaign)
    theme = written["campaign"]
    lasts = datetime.fromisoformat(theme["ends_at"]) - datetime.fromisoformat(theme["starts_at"])
    data = {name: written[name] for name in ("goals", "offers", "exclusions", "distributions")}
    data |= {"campaign": theme, "term": theme["term"], "days": max(1, lasts.days)}
    with transaction.atomic():
        kept, _ = queries.kept_templates(by).update_or_create(
            merchant_id=by.merchant_id, code=campaign.code,
            defaults={
                "name_en": name.en.strip(), "name_zh": name.zh.strip(), "about_en": about.en.strip(),
                "about_zh": about.zh.strip(), "data": data, "by": by.name, "kept_at": now,
            },
        )  # fmt: skip
        record(by=by, at=now, verb="composition.keep_template", kind="campaign", subject=campaign.code)
    return kept


def drop(code: str, *, by: Viewer, now: datetime) -> None:
    """Take away what one's house kept of the campaign of this code; campaigns that began from it stay. Gone: NotFound."""
    by.require("campaigns.edit")
    with transaction.atomic():
        row = queries.kept_templates(by).filter(code=code).select_for_update().first()
        if row is None:
            raise NotFound("template")
        row.delete()
        record(by=by, at=now, verb="composition.drop_template", kind="campaign", subject=code)


def start(template: str, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Campaign:
    """A new draft campaign of a template with all its offers and distributions as drafts.

    `data` is that of `campaigns.create`; without `ends_at` it lasts as long as the template does. Of a template of the
    house who starts it pays, until somebody says otherwise; of one's own who paid then. A code that
    is taken: Conflict, and nothing is written. Half-way, nothing is.
    """
    by.require("campaigns.edit")
    found = known(by).get(template)
    if found is None:
        raise NotFound("template")
    code = str(data.get("code", ""))
    if themes.visible(SYSTEM).filter(code=code).exists():
        raise Conflict("taken", campaigns.TAKEN, field="code")
    with transaction.atomic():
        written = _again(found, code, data) if found.own else _paper(found, code, data, by)
        apply({"festoon": 1, **written}, by=by, now=now, anew=True)
    return themes.campaign(by, code)


def _both(row: KeptTemplate, part: str) -> dict[str, str]:
    return {language: getattr(row, f"{part}_{language}") for language in ("en", "zh")}


def _again(found: Template, code: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The kept paper under the new code, its moments as much later as the new campaign begins later."""
    theme, parts = found.data["campaign"], ("goals", "offers", "exclusions", "distributions")
    had = [each["code"] for part in ("offers", "distributions") for each in found.data[part]]
    codes = {theme["code"]: code} | {each: f"{code}-{each.removeprefix(theme['code'] + '-')}" for each in had}
    begins = datetime.fromisoformat(theme["starts_at"])
    new = data.get("starts_at") or begins
    new = new if isinstance(new, datetime) else datetime.fromisoformat(str(new))
    later = (new.astimezone(ZoneInfo(theme["zone"])).replace(tzinfo=None) if new.tzinfo else new) - begins
    same = {name: theme[name] for name in ("merchant", "zone", "term", "colour")}
    ends = {} if data.get("ends_at") else {"ends_at": new + timedelta(days=found.days)}
    written = shifted(renamed({part: found.data[part] for part in parts}, codes), later)
    return {**written, "campaign": {**same, **data, **ends}}


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
