"""Who beside its owner sees an offer: a key of what decides on it, kept in the row of every offer that is in the book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.records.canonical import digest

LONG = 24


def decides(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """What of a released offer decides who sees it: its scope, and the code of its campaign."""
    return data.get("scope") or {}, str(data.get("campaign") or "")


def sight_of(data: Mapping[str, Any]) -> str:
    """The same as a key: equal for equal scope and campaign, another for any other."""
    return digest(decides(data))[:LONG]
