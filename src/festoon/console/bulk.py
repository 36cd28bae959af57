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
DEAR = 50
"""So many of what takes a second each."""
EXPORT = "export"
NONE = Words("Tick something first.", "请先勾选。")
GONE = Words("What you ticked is not there any more.", "所勾选的内容已不存在。")


def too_many(most: int) -> Words:
    """What is said when more are ticked than are done at once."""
    return Words(f"At most {most} at once.", f"一次最多选择 {most} 项。")


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
    most: int = MOST

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
    """Each row with why it was not done with it; "" where it was."""

    rows: list[tuple[Any, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """With how many it was done."""
        return sum(not told for _, told in self.rows)

    @property
    def refused(self) -> int:
        """With how many it was not."""
        return len(self.rows) - self.done


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
            outcome.rows.append((row, ""))
        except Refusal as refusal:
            outcome.rows.append((row, said(refusal.words)))
    return outcome
