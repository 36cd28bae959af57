"""The flows that an installation begins with, so that nothing is approved by rule unless somebody said so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.records.tables import wait_for
from festoon.records.viewer import Viewer
from festoon.review import queries
from festoon.review.flows import set_flow
from festoon.review.levels import Step

FILE = Path(__file__).with_suffix(".yaml")
LOCK = 0x686F_7573_6500_0000
"""Several servers start at once."""


@cache
def house() -> dict[str, Any]:
    """The file, as data."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def kinds() -> Collection[str]:
    """The kinds of things that are reviewed, in the order in which they are shown."""
    return tuple(house()["kinds"])


def settle(*, by: Viewer, now: datetime) -> list[str]:
    """Give every kind that never had a flow the house's, as soon as there are people who could agree; which kinds.

    What somebody set stays, a flow without levels too. Run twice, also at once, the second finds nothing to do.
    """
    if not _bare(by):  # the rule; then nobody waits
        return []
    with transaction.atomic():
        wait_for(LOCK)
        bare = _bare(by)
        level = house()["level"]
        for kind in bare:
            set_flow(kind, [Step(Words(**level["name"]), level["parties"], level["rule"])], by=by, now=now)
    return bare


def _bare(by: Viewer) -> list[str]:
    had = {flow.subject_kind for flow in queries.flows(by, kinds())}
    bare = [kind for kind in kinds() if kind not in had]
    return bare if bare and catalog.people(by).exists() else []


def by_rule(viewer: Viewer) -> list[str]:
    """The kinds of which something may go live though nobody agreed: a flow of theirs has no level, or none is left."""
    flows = list(queries.flows(viewer, kinds()))
    always = {flow.subject_kind for flow in flows if not flow.when}
    empty = {flow.subject_kind for flow in flows if not flow.levels}
    return [kind for kind in kinds() if kind in empty or kind not in always]
