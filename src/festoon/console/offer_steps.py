"""The way of an offer from its first word to review, and where on it somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from festoon.base.words import Words
from festoon.console.shapes import Step
from festoon.console.words import said
from festoon.review import machine

WRITE, EXCLUDE, REVIEW = "write", "exclusions", "review"
LABELS = {
    WRITE: Words("The offer", "优惠内容"),
    EXCLUDE: Words("What it excludes", "互斥"),
    REVIEW: Words("Review", "审核"),
}
SUBMITTED = Words("Submitted: who has to agree finds it in the inbox.", "已提交，审核人会在待办中看到。")
KEEP_FIRST = Words("Save the draft to go on.", "先保存草稿，再进入下一步。")


def steps(offer: Any, here: str, *, may: bool) -> Sequence[Step]:
    """Where `here` stands on the way of an offer, which is None before it is kept; `may`: the viewer may write it."""
    places: dict[str, str] = {}
    if offer is not None:
        write = "console:offer-edit" if may and machine.editable(offer.state) else "console:offer"
        places = {WRITE: reverse(write, args=[offer.code]), EXCLUDE: reverse("console:exclusions", args=[offer.code])}
    agreed = here != WRITE and offer.state not in (*machine.EDITABLE, machine.IN_REVIEW)
    order = list(LABELS)
    reached = len(order) if agreed else order.index(here)
    return [
        Step(
            said(LABELS[step]), "here" if step == here else "done" if at < reached else "todo",
            "" if step == here else places.get(step, ""),
            said(KEEP_FIRST) if step == EXCLUDE and offer is None else "",
        )
        for at, step in enumerate(order)
    ]  # fmt: skip
