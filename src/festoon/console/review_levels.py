"""The levels of a review as people see them, and what was marked as wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.words import Words
from festoon.console import history, words
from festoon.review.models import Decision, Review
from festoon.review.refusals import at_level

FIELDS = {
    "name": Words("Name", "名称"),
    "about": Words("What it is for", "用途"),
    "reason": Words("Why", "原因"),
    "starts_at": Words("Start", "开始"),
    "ends_at": Words("End", "结束"),
    "with": Words("What is given", "优惠内容"),
    "benefit": Words("What is given", "优惠内容"),
    "rules": Words("Rules", "规则"),
    "open": Words("What is asked each time", "每次需填写的内容"),
    "scope": Words("Goods", "商品范围"),
    "when": Words("Conditions", "条件"),
    "window": Words("Window", "时间"),
    "payers": Words("Who pays", "承担方"),
    "terms": Words("Stock and limits", "库存与限制"),
    "priority": Words("Priority", "优先级"),
    "exclusions": Words("Exclusions", "互斥"),
    "goals": Words("Goals", "目标"),
    "budget": Words("Budget", "预算"),
    "offers": Words("Offers", "优惠"),
    "channels": Words("Channels", "渠道"),
    "scenes": Words("Scenes", "场景"),
    "stores": Words("Stores", "门店"),
    "segments": Words("For whom", "适用人群"),
    "buyers": Words("Recipients", "指定顾客"),
    "claim_channels": Words("Claimed in", "领取渠道"),
    "claim_scenes": Words("Scenes of claiming", "领取场景"),
}
"""What of a content can be marked when it is sent back, in the order of the form."""
WRONG = Words("Marked as wrong.", "此处被标记为有误。")
LONGEST = 500
COLON = Words(": ", "：")


@dataclass(frozen=True, slots=True)
class Mark:
    """One field that was marked, and what is wrong there."""

    name: str
    label: Words
    why: str

    @property
    def text(self) -> str:
        """What is wrong there; that it is, where nobody said more."""
        return self.why or words.said(WRONG)

    @property
    def said(self) -> str:
        """The field and what is wrong there."""
        return f"{words.said(self.label)}{words.said(COLON)}{self.text}"


@dataclass(frozen=True, slots=True)
class LevelShown:
    """One level of a review as people see it: who spoke, and who may speak where it stands now."""

    number: int
    name: Mapping[str, str]
    done: bool
    here: bool
    tone: str
    said: Sequence[str]
    rule: str


def levels_shown(review: Review) -> Sequence[LevelShown]:
    """The levels of a review in its present round: what was decided at each, and where it stands."""
    spoken = [said for said in review.decisions.all() if said.round == review.round]
    return [
        _level(review, level, [said for said in spoken if said.level == level["number"]]) for level in review.levels
    ]


def last_said(review: Review) -> Decision | None:
    """The last decision."""
    return max(review.decisions.all(), key=lambda said: said.pk, default=None)


def marked(review: Review) -> Sequence[Mark]:
    """The fields that the last decision marked, with what is wrong there."""
    last = last_said(review)
    marks = last.marks if last else {}
    return [Mark(name, FIELDS.get(name, Words(name, name)), str(text)) for name, text in marks.items()]


def marks_of(given: Any) -> dict[str, str]:
    """The marks of a posted form: fields that were ticked, or of which was said what is wrong."""
    ticked = set(given.getlist("mark"))
    told = {name: given.get(f"mark:{name}", "").strip()[:LONGEST] for name in FIELDS}
    return {name: text for name, text in told.items() if text or name in ticked}


def _level(review: Review, level: Mapping[str, Any], said: Sequence[Decision]) -> LevelShown:
    number, closed = level["number"], review.state
    here = closed == "open" and review.level == number
    done = review.level > number or closed == "passed"
    against = next((one for one in said if one.decision != "approve"), None)
    tone = "bad" if against else "good" if done else "warn" if here else "quiet"
    told = [f"{history.who(one.by)} · {words.state(one.decision).label}" for one in said]
    if here and not at_level(review, said):
        told.append(words.state("open").label)
    return LevelShown(number, level["name"], done and not against, here, tone, told, agrees(level))


def agrees(level: Mapping[str, Any]) -> str:
    """Who may agree at a level, in words: any of, all of, so many of."""
    parties = [
        words.of(words.ROLES, party["role"]) if "role" in party else history.who(f"person:{party['person']}")
        for party in level["parties"]
    ]
    named = words.said(Words(", ", "、")).join(parties)
    if level["rule"] == "all":
        return words.said(Words(f"all of: {named}", f"全部：{named}"))
    if level["rule"] == "some":
        return words.said(Words(f"{level['need']} of: {named}", f"其中 {level['need']} 人：{named}"))
    return words.said(Words(f"one of: {named}", f"任一：{named}")) if len(parties) > 1 else named


def beyond_name(level: Mapping[str, Any]) -> str:
    """Who may agree at a level, where its name does not say just that."""
    told = agrees(level)
    return "" if told == words.said(Words(**level["name"])) else told
