"""Why a decision is not taken."""

from __future__ import annotations

from collections.abc import Sequence

from festoon.base.words import Words
from festoon.records.refusal import Conflict, Forbidden, Invalid
from festoon.records.viewer import Viewer
from festoon.review import levels
from festoon.review.models import Decision, Review

IN_REVIEW = Words(en="This is in review already.", zh="已在审核中。")
SAY_WHY = Words(en="Say why.", zh="请填写原因。")
UNKNOWN_DECISION = Words(
    en="A decision is approve, return, send_back or reject.", zh="决定只能是通过、退回上级、退回作者或驳回。"
)
NO_EARLIER = Words(en="It can go back only to a level it has passed.", zh="只能退回到已通过的级别。")
NOT_YOURS = Words(en="Only who submitted it may take it back.", zh="只有提交人可以撤回。")
OWN = Words(en="Nobody decides on what they submitted themselves.", zh="不能审核自己提交的内容。")
TWICE = Words(
    en="You have decided on this review; what is left is somebody else's.", zh="您已审过此内容，其余须由他人审核。"
)
HAPPENED = {
    "passed": ("approved", "通过"),
    "sent_back": ("sent back", "退回"),
    "rejected": ("rejected", "驳回"),
    "withdrawn": ("withdrawn", "撤回"),
}


def speaker(review: Review, by: Viewer, stands_for: Sequence[Viewer]) -> tuple[int, Viewer]:
    """For which party of the level `by` decides now, and in whose place; raises the reason why not."""
    check_open(review)
    if review.opened_by == by.name:
        raise Conflict("own_submission", OWN, field="by", status=403)
    level = review.levels[review.level - 1]
    others = [each for each in stands_for if each.name != review.opened_by]
    said = list(review.decisions.all())
    found = levels.party_of(level, by, others, at_level(review, said))
    if found is None:
        if any(one.by == by.name for one in at_level(review, said)):
            raise Conflict("decided_already", TWICE, field="by", status=403)
        raise Forbidden(" or ".join(f"review.decide:{role}" for role in levels.roles(level)) or "review.decide")
    if any({by.name, found[1].name} & {one.by, one.for_whom} and one.level != review.level for one in said):
        raise Conflict("decided_already", TWICE, field="by", status=403)
    return found


def say_why(said: str, field: str = "why") -> None:
    """Raise Invalid unless a reason is given."""
    if not said.strip():
        raise Invalid("missing", SAY_WHY, field=field)


def at_level(review: Review, said: Sequence[Decision]) -> list[Decision]:
    """The approvals that count at the level where the review stands: those of this round."""
    here = (review.round, review.level)
    return [one for one in said if (one.round, one.level) == here and one.decision == "approve"]


def check_open(review: Review) -> None:
    """Raise Conflict naming what happened when the review is closed."""
    if review.state == "open":
        return
    last = max(review.decisions.all(), key=lambda said: said.pk, default=None)
    who = last.by if last and review.state != "withdrawn" else review.opened_by
    when = review.closed_at.isoformat(timespec="minutes") if review.closed_at else ""
    en, zh = HAPPENED[review.state]
    words = Words(en=f"This was {en} by {who} at {when}.", zh=f"已由 {who} 于 {when} {zh}。")
    raise Conflict(f"already_{review.state}", words, field="state", detail={"by": who, "at": when})
