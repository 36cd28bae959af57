"""Everything about one review, put together for its page: what is asked, what it will do, who agrees, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import history, offer_changes, offer_page, offer_worst, queries, words
from festoon.console.offer_form import opening
from festoon.offers.released import agreed, is_out
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review.models import Decision, Review
from festoon.review.refusals import at_level

OFFERS = ("promotion", "coupon")
FIELDS = {
    "name": Words("Name", "名称"),
    "scope": Words("Goods", "商品范围"),
    "with": Words("What is given", "优惠内容"),
    "when": Words("Conditions", "条件"),
    "window": Words("Window", "时间"),
    "payers": Words("Who pays", "出资方"),
    "terms": Words("Stock and limits", "库存与限制"),
    "priority": Words("Priority", "优先级"),
    "starts_at": Words("Start", "开始"),
    "ends_at": Words("End", "结束"),
    "goals": Words("Goals", "目标"),
    "budget": Words("Budget", "预算"),
    "channels": Words("Channels", "渠道"),
    "rules": Words("Rules", "规则"),
    "reason": Words("Why", "原因"),
}
"""What of a content can be marked when it is sent back."""


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


def context(viewer: Viewer, review: Review, *, mine: bool) -> Mapping[str, Any]:
    """What the page of one review draws."""
    expected = reviews.expected(viewer, review)
    merchant = catalog.merchants(viewer).filter(id=review.merchant_id).first()
    money = merchant.currency if merchant else "CNY"
    skus = [line["sku"] for line in expected.get("basket", ())]
    worst = offer_worst.shown(viewer, expected.get("worst", ()), money)
    offer = review.subject_kind in OFFERS
    return {
        "review": review,
        "mine": mine,
        "expected": expected,
        "changed": _changed(viewer, review) if offer else None,
        "between": _between(viewer, review),
        "currency": money,
        "content": review.content,
        "named": _named(viewer, review),
        "levels": levels_shown(review),
        "earlier": review.levels[: review.level - 1],
        "fields": [(name, said) for name, said in FIELDS.items() if review.content.get(name)],
        "marked": marked(review),
        "subject": queries.subject_names(viewer, [review]).get(review.pk),
        "sentence": offer_page.sentence_of(review.content, money),
        "scope": offer_page.scope(review.content.get("scope") or {}) if offer else (),
        **worst,
        "products": worst["products"] | {each.sku: each for each in catalog.visible(viewer).filter(sku__in=skus)},
        "colleagues": [each for each in catalog.people(viewer) if viewer.name != f"person:{each.code}"][:8],
        "happened": history.of(viewer, (review.subject_kind,), review.subject),
    }


def _changed(viewer: Viewer, review: Review) -> Mapping[str, Any] | None:
    """What of an offer differs from the version before; None for the first."""
    merchant = catalog.merchants(viewer).filter(id=review.merchant_id).first()
    last = agreed(viewer, review.subject, before=review.pk)
    if last is None or merchant is None:
        return None
    rows = offer_changes.changes(last.content, review.content, opening.terms(viewer, merchant))
    return {"version": last.version, "live": review.state == "open" and is_out(viewer, review.subject), "rows": rows}


def _between(viewer: Viewer, review: Review) -> Sequence[Mapping[str, Any]]:
    """The exclusions that go with an offer: with whom, on what, why."""
    rows = review.content.get("exclusions", ()) if review.subject_kind in OFFERS else ()
    others = {each["code"]: next(code for code in each["between"] if code != review.subject) for each in rows}
    names = queries.offer_names(viewer, others.values())
    return [{**each, "other": others[each["code"]], "name": names.get(others[each["code"]])} for each in rows]


def _named(viewer: Viewer, review: Review) -> Mapping[str, Words]:
    """What people call the offers that an exclusion or a distribution is about."""
    codes = [code for part in ("between", "offers") for code in review.content.get(part) or () if isinstance(code, str)]
    return queries.offer_names(viewer, codes) if codes else {}


def levels_shown(review: Review) -> Sequence[LevelShown]:
    """The levels of a review in its present round: what was decided at each, and where it stands."""
    spoken = [said for said in review.decisions.all() if said.round == review.round]
    return [
        _level(review, level, [said for said in spoken if said.level == level["number"]]) for level in review.levels
    ]


def marked(review: Review) -> Sequence[tuple[Words, str]]:
    """The fields that the last decision marked, with what is wrong there."""
    last = max(review.decisions.all(), key=lambda said: said.pk, default=None)
    marks = last.marks if last else {}
    return [(FIELDS.get(name, Words(name, name)), str(text)) for name, text in marks.items()]


def _level(review: Review, level: Mapping[str, Any], said: Sequence[Decision]) -> LevelShown:
    number, closed = level["number"], review.state
    here = closed == "open" and review.level == number
    done = review.level > number or closed == "passed"
    against = next((one for one in said if one.decision != "approve"), None)
    tone = "bad" if against else "good" if done else "warn" if here else "quiet"
    told = [f"{history.who(one.by)} · {words.state(one.decision).label}" for one in said]
    if here and not at_level(review, said):
        told.append(words.state("open").label)
    return LevelShown(number, level["name"], done and not against, here, tone, told, _rule(level))


def _rule(level: Mapping[str, Any]) -> str:
    """Who may agree at a level, in words: any of, all of, so many of."""
    parties = [
        words.of(words.ROLES, party["role"]) if "role" in party else history.who(f"person:{party['person']}")
        for party in level["parties"]
    ]
    named = ", ".join(parties)
    if level["rule"] == "all":
        return words.said(Words(f"all of: {named}", f"全部：{named}"))
    if level["rule"] == "some":
        return words.said(Words(f"{level['need']} of: {named}", f"其中 {level['need']} 人：{named}"))
    return words.said(Words(f"one of: {named}", f"任一：{named}")) if len(parties) > 1 else named
