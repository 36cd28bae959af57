"""Stages one campaign of the world: composed by its people, reviewed by theirs, released, distributed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from festoon.records.viewer import Viewer

Row = Mapping[str, Any]
TERMS = {"by", "stock", "per_shopper", "days_from_claim", "units"}
"""What the files of the world say of an offer beside its release."""


def stage(data: Row, *, viewer: Callable[[str], Viewer], now: datetime) -> None:
    """The campaign of one file of the world."""
    raise NotImplementedError
