"""The steps of composing a campaign, and how far it is on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from festoon.base.words import Words
from festoon.campaigns import next_version
from festoon.composition.queries import Overview
from festoon.console.shapes import Step
from festoon.console.words import said
from festoon.records.viewer import Viewer
from festoon.review import machine

STEPS: Mapping[str, Words] = {
    "basics": Words("Name and dates", "名称与时间"),
    "goals": Words("Goals and budget", "目标与预算"),
    "offers": Words("Offers", "优惠"),
    "spread": Words("Where and for whom", "投放"),
    "check": Words("Check and submit", "检查并提交"),
}
NEXT = dict(zip(STEPS, list(STEPS)[1:], strict=False))


def steps(parts: Overview, here: str, viewer: Viewer) -> Sequence[Step]:
    """The way with what is done on it and what is still missing."""
    done = {
        "basics": True,
        "goals": bool(next_version.goals(viewer, parts.campaign) and next_version.budget(viewer, parts.campaign)),
        "offers": bool(parts.offers),
        "spread": bool(parts.distributions),
        "check": parts.campaign.state not in machine.EDITABLE,
    }
    return [
        Step(
            said(label), "here" if code == here else "done" if done[code] else "todo",
            reverse("console:compose", args=[parts.campaign.code, code]), _note(code, parts),
        )
        for code, label in STEPS.items()
    ]  # fmt: skip


def _note(code: str, parts: Overview) -> str:
    counts: Mapping[str, Sequence[Any]] = {"offers": parts.offers, "spread": parts.distributions}
    if not counts.get(code):
        return ""
    n = len(counts[code])
    return said(Words(f"{n} of them", f"{n} 项") if n > 1 else Words("one", "1 项"))


@dataclass(frozen=True, slots=True)
class Goes:
    """What a submission of the whole takes to review; `others` is how many parts it leaves as they are."""

    theme: bool
    offers: Sequence[Any]
    distributions: Sequence[Any]
    others: int

    @property
    def any(self) -> bool:
        """Whether there is something to submit."""
        return bool(self.theme or self.offers or self.distributions)


def goes(parts: Overview) -> Goes:
    """The drafts among the parts of a campaign."""
    offers = [each for each in parts.offers if each.state in machine.EDITABLE]
    distributions = [each for each in parts.distributions if each.state in machine.EDITABLE]
    others = len(parts.offers) + len(parts.distributions) - len(offers) - len(distributions)
    return Goes(parts.campaign.state in machine.EDITABLE, offers, distributions, others)


def missing(parts: Overview, viewer: Viewer) -> Sequence[tuple[str, Words]]:
    """What an operator should know before submitting: (step, sentence)."""
    found = []
    if not next_version.goals(viewer, parts.campaign):
        found.append(
            ("goals", Words("No goal is set: nobody can tell later whether it worked.", "未设目标，事后无法评估效果。"))
        )
    if not next_version.budget(viewer, parts.campaign):
        found.append(("goals", Words("No money is set aside: spending is not limited.", "未设预算，支出不受限制。")))
    if not parts.offers:
        found.append(("offers", Words("There is no offer in it.", "活动中没有优惠。")))
    if not parts.distributions:
        found.append(("spread", Words(
            "It is not distributed: its offers are for everybody, everywhere.", "未设投放：优惠对所有人、所有渠道有效。",
        )))  # fmt: skip
    outside = [
        offer for offer in parts.offers
        if offer.ends_at and offer.starts_at and not _within(offer, next_version.drafted(parts.campaign))
    ]  # fmt: skip
    found += [
        (
            "offers",
            Words(f"“{offer.name_en}” lasts longer than the campaign.", f"“{offer.name_zh}”的时间超出活动时间。"),
        )
        for offer in outside
    ]
    return found


def _within(offer: Any, campaign: Any) -> bool:
    return bool(offer.starts_at >= campaign.starts_at and offer.ends_at <= campaign.ends_at)
