"""Why a decision is not taken."""

from __future__ import annotations

from festoon.base.words import Words
from festoon.records.refusal import Conflict
from festoon.records.viewer import Viewer
from festoon.review.models import Review
from festoon.review.queries import role_now

IN_REVIEW = Words(en="This is in review already.", zh="已在审核中。")
SAY_WHY = Words(en="Say why it goes back.", zh="请填写退回原因。")
UNKNOWN_DECISION = Words(en="A decision is approve or send_back.", zh="决定只能是通过或退回。")
NOT_YOURS = Words(en="Only who submitted it may take it back.", zh="只有提交人可以撤回。")
OWN = Words(en="Nobody decides on what they submitted themselves.", zh="不能审核自己提交的内容。")
TWICE = Words(en="You decided at another level of this review; this level is somebody else's.", zh="您已审过其他级别。")
HAPPENED = {
    "passed": ("approved", "通过"),
    "sent_back": ("sent back", "退回"),
    "withdrawn": ("withdrawn", "撤回"),
}


def check(review: Review, by: Viewer) -> None:
    """Raise the reason why `by` may not decide on the review now."""
    check_open(review)
    by.require(f"review.decide:{role_now(review)}")
    if review.opened_by == by.name:
        raise Conflict("own_submission", OWN, field="by", status=403)
    if any(said.by == by.name for said in review.decisions.all()):
        raise Conflict("decided_already", TWICE, field="by", status=403)


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
