"""What can be done with ticked rows: each row by itself, through the verb everybody uses; what is refused is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console.words import said
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

MOST = 500
"""More rows than this are not ticked at once."""
TOO_MANY = Words("At most 500 at once.", "一次最多选择 500 项。")
NONE = Words("Tick something first.", "请先勾选。")


@dataclass(frozen=True, slots=True)
class Bulk:
    """One action: `act(viewer, row, why, now)` for each; `why` names the question when a reason is needed.

    `right` is what a viewer must hold; "" where the verb itself decides row by row, as of reviews.
    """

    code: str
    words: Words
    icon: str
    right: str
    asks: Words
    act: Callable[[Viewer, Any, str, datetime], object]
    why: Words | None = None
    tone: str = "primary"

    @property
    def label(self) -> str:
        """The button's words."""
        return said(self.words)

    @property
    def question(self) -> str:
        """What is asked before it is done."""
        return said(self.asks)

    @property
    def reason(self) -> str:
        """The question for the reason; "" when none is needed."""
        return said(self.why) if self.why else ""


@dataclass(slots=True)
class Outcome:
    """How many it was done with, and for the others why not: each reason once with how many it met."""

    done: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def run(bulk: Bulk, rows: Sequence[Any], *, why: str, by: Viewer, now: datetime) -> Outcome:
    """Do it with each row, each in a transaction of its own: what was done stands, whatever happens to the next.

    Sent twice, a row that is already so is refused with the verb's own words, or stays as it is.
    """
    if bulk.right:
        by.require(bulk.right)
    outcome = Outcome()
    for row in rows:
        try:
            bulk.act(by, row, why, now)
            outcome.done += 1
        except Refusal as refusal:
            told = said(refusal.words)
            outcome.refused[told] = outcome.refused.get(told, 0) + 1
    return outcome
