"""A campaign paper as YAML: what `festoon export` prints and the console shows."""

from __future__ import annotations

from typing import Any

import yaml

from festoon.campaigns.models import Campaign
from festoon.composition.difference import Change
from festoon.composition.paper import paper
from festoon.records.viewer import Viewer


def text(viewer: Viewer, campaign: Campaign) -> str:
    """The campaign with everything in it; the same campaign is the same text to the byte."""
    return yaml.safe_dump(paper(viewer, campaign), allow_unicode=True, sort_keys=False, width=100)


def line(change: Change) -> str:
    """One change as a line: `~ offers d12-300-less-50 with.tiers: 5000 → 6000`; `+` where nothing was."""
    mark = "+" if change.before is None else "~"
    where = " ".join(part for part in (change.part, change.code, change.path) if part)
    return f"{mark} {where}: {_short(change.before)} → {_short(change.after)}"


def _short(value: Any) -> str:
    if value is None:
        return "–"
    return (
        yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000).removesuffix("\n...\n").strip()
    )
