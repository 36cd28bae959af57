"""The states of what is reviewed and the moves between them: the one table every room goes by.

A thing is agreed on only by the move `pass`, and that only follows when every level of its review is met. What a kind
calls the agreed state (`released` for what is priced, `approved` for a campaign) is a word of its `Way`.
"""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.words import Words

DRAFT, IN_REVIEW, SENT_BACK, REJECTED, AGREED, RECALLED, ARCHIVED = (
    "draft", "in_review", "sent_back", "rejected", "agreed", "recalled", "archived",
)  # fmt: skip
STATES = (DRAFT, IN_REVIEW, SENT_BACK, REJECTED, AGREED, RECALLED, ARCHIVED)
EDITABLE = (DRAFT, SENT_BACK)


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which, and who may make it."""

    verb: str
    origin: tuple[str, ...]
    to: str
    who: Words


MOVES = (
    Move("edit", (DRAFT, SENT_BACK, AGREED), DRAFT, Words(en="who edits the kind", zh="有编辑权限者")),
    Move("submit", EDITABLE, IN_REVIEW, Words(en="who edits the kind", zh="有编辑权限者")),
    Move("approve", (IN_REVIEW,), IN_REVIEW, Words(en="a party of the level", zh="本级审核人")),
    Move("pass", (IN_REVIEW,), AGREED, Words(en="follows when the last level is met", zh="末级通过后自动进入")),
    Move("return", (IN_REVIEW,), IN_REVIEW, Words(en="a party of the level", zh="本级审核人")),
    Move("send_back", (IN_REVIEW,), SENT_BACK, Words(en="a party of the level", zh="本级审核人")),
    Move("reject", (IN_REVIEW,), REJECTED, Words(en="a party of the level", zh="本级审核人")),
    Move("withdraw", (IN_REVIEW,), DRAFT, Words(en="who submitted it", zh="提交人")),
    Move("recall", (AGREED,), RECALLED, Words(en="who may stop offers", zh="有停用权限者")),
    Move(
        "archive",
        (DRAFT, SENT_BACK, REJECTED, AGREED, RECALLED),
        ARCHIVED,
        Words(en="who edits the campaign, after its end", zh="活动结束后，有活动编辑权限者"),
    ),
    Move("reopen", (REJECTED, RECALLED), DRAFT, Words(en="who edits the kind", zh="有编辑权限者")),
)
BY_VERB = {move.verb: move for move in MOVES}


def allowed(verb: str, state: str) -> bool:
    """Whether the verb may be used on a thing in this state."""
    return state in BY_VERB[verb].origin


def editable(state: str, agreed: str = "released") -> bool:
    """Whether content may be changed in this state; `agreed` is the kind's word for the agreed state."""
    return allowed("edit", AGREED if state == agreed else state)


def diagram() -> str:
    """The states and moves as a Mermaid state diagram."""
    arrows = [f"    {origin} --> {move.to}: {move.verb}" for move in MOVES for origin in move.origin]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {DRAFT}", *arrows])
