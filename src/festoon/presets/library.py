"""The library as one reads it: the presets of the house and the released ones of an installation's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from festoon.base.words import Words
from festoon.presets import queries
from festoon.presets.models import PresetRelease
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

HOUSE = Path(__file__).parent / "house"


@dataclass(frozen=True, slots=True)
class Entry:
    """One preset that may be used: its code, its version, its content, and whose it is ("" for the house's)."""

    code: str
    version: int
    data: Mapping[str, Any]
    owner: str = ""

    @property
    def name(self) -> Words:
        """Its name in both languages."""
        return Words(**self.data["name"])

    @property
    def about(self) -> Words:
        """What it is for, in a sentence."""
        return Words(**self.data["about"])


@cache
def house() -> Mapping[str, Entry]:
    """The presets that come with Festoon, by code; the file's name is the code."""
    files = sorted(HOUSE.glob("*.yaml"))
    return {file.stem: Entry(file.stem, 1, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def library(viewer: Viewer) -> list[Entry]:
    """Every preset the viewer may use, in its last version: its own first, then the house's."""
    return [*(_entry(each) for each in queries.latest(viewer)), *house().values()]


def entry(viewer: Viewer, code: str, version: int | None = None) -> Entry:
    """One preset, in its last version when none is named; NotFound when there is none for this viewer."""
    if (found := house().get(code)) is not None and version in (None, found.version):
        return found
    release = queries.release(viewer, code, version)
    if release is None:
        raise NotFound("preset")
    return _entry(release)


def _entry(release: PresetRelease) -> Entry:
    return Entry(release.code, release.version, release.data, release.merchant.code)
