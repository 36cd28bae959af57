"""What waits for somebody, read one by one: what the product counts and filters is compared with it."""

from datetime import datetime

from festoon.records.viewer import Viewer
from festoon.review.models import Review
from festoon.review.queries import may_decide, stands_for, visible


def inbox(viewer: Viewer, now: datetime) -> list[Review]:
    """Open reviews on which the viewer may decide, the due first."""
    others = stands_for(viewer, now)
    rows = visible(viewer).filter(state="open").prefetch_related("decisions").order_by("opened_at", "id")
    mine = [review for review in rows if may_decide(viewer, review, others)]
    return sorted(mine, key=lambda review: (review.due_at is None, review.due_at or review.opened_at))
