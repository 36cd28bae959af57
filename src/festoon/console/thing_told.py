"""What a campaign, a distribution or a preset says, in words, line by line; and how two versions of it differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import preset_page, queries, words
from festoon.console.offer_changes import Change
from festoon.console.offer_page import Part
from festoon.console.offer_page import scope as scope_parts
from festoon.console.preset_parts import leaves
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.offers.drafts import span
from festoon.presets.form import examples, filled
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries as reviews
from festoon.review.models import Review
from festoon.storefront.templatetags.said import moment, money, number, time_zone

FEW = 12
EVERYBODY = Words("Everybody", "所有人")
EVERYWHERE = Words("All channels", "全部渠道")
ALL_OFFERS = Words("All offers of the campaign", "活动的全部优惠")
ALWAYS = Words("as long as the campaign", "与活动相同")
IS = Words(": ", "：")
ASKED = Words("asked each time, for example {}", "每次填写，例如{}")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said: under which name, and its value or values; `plain` when it is no list of things."""

    name: str
    label: Words
    values: Sequence[str]
    plain: bool = True

    @property
    def part(self) -> Part:
        """The line as a page draws it: of many values the first few."""
        return Part(self.label, self.values[:FEW], max(0, len(self.values) - FEW))


def told(viewer: Viewer, kind: str, content: Mapping[str, Any], currency: str) -> list[Line]:
    """Everything of a content of these kinds, in words."""
    return KINDS[kind](viewer, content, currency)


def changed(viewer: Viewer, review: Review, currency: str) -> Mapping[str, Any] | None:
    """What differs from what was agreed on last; None for the first version, and for a kind that is told otherwise."""
    if review.subject_kind not in KINDS:
        return None
    rows = reviews.history(viewer, review.subject_kind, review.subject).filter(state="passed", id__lt=review.pk)
    before = rows.first()
    if before is None:
        return None
    found = differences(*(told(viewer, review.subject_kind, each.content, currency) for each in (before, review)))
    live = review.state == "open" and LIVE[review.subject_kind](viewer, review.subject)
    return {"version": rows.count(), "live": live, "rows": found}


def differences(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """The lines in which the two differ."""
    was, now = ({line.name: line for line in each} for each in (before, after))
    pairs = [(was.get(name), now.get(name)) for name in dict.fromkeys([*now, *was])]
    return [
        _change(one, other) for one, other in pairs if (one.values if one else []) != (other.values if other else [])
    ]


def _change(was: Line | None, now: Line | None) -> Change:
    either = now or was
    assert either is not None
    old, new = (list(each.values) if each else [] for each in (was, now))
    if either.plain:
        return Change(said(either.label), " · ".join(old), " · ".join(new))
    gone, come = [each for each in old if each not in new], [each for each in new if each not in old]
    return Change(said(either.label), gone=gone, come=come, kept=len(new) - len(come))


def _campaign(viewer: Viewer, content: Mapping[str, Any], currency: str) -> list[Line]:
    del viewer
    goods = {goal["product"] for goal in content["goals"] if goal["product"]}
    names = {each.sku: said(name_of(each)) for each in catalog.visible(SYSTEM).filter(sku__in=goods)}
    return [
        _name(content),
        Line("reason", Words("Why", "原因"), _both(content["reason"])),
        Line("starts_at", Words("Begins", "开始"), [moment(datetime.fromisoformat(content["starts_at"]))]),
        Line("ends_at", Words("Ends", "结束"), [moment(datetime.fromisoformat(content["ends_at"]))]),
        Line("zone", Words("Zone", "时区"), [time_zone(content["zone"])]),
        Line("goals", Words("Goals", "目标"), [_goal(each, names, currency) for each in content["goals"]], plain=False),
        Line("budget", Words("Budget", "预算"), [_money(each, currency) for each in content["budget"]], plain=False),
    ]


def _goal(goal: Mapping[str, Any], names: Mapping[str, str], currency: str) -> str:
    of = names.get(goal["product"], goal["product"]) or words.of(words.CHANNELS, goal["channel"])
    target = money(goal["target"], currency) if goal["metric"] == "gmv" else number(goal["target"])
    return f"{words.of(words.METRICS, goal['metric'])} · {of} · {target}"


def _money(line: Mapping[str, Any], currency: str) -> str:
    kind, payer = words.of(words.KINDS, line["kind"]), words.payer(line["payer"])
    return f"{kind} · {payer} · {money(line['amount'], currency)}"


def _distribution(viewer: Viewer, content: Mapping[str, Any], currency: str) -> list[Line]:
    del currency
    codes = list(content.get("offers") or ())
    named = {code: said(name) for code, name in queries.offer_names(viewer, codes).items()}
    some = content.get("segments") or content.get("buyers")
    found = [
        Line("offers", Words("Offers", "优惠"), [named.get(code, code) for code in codes] or [said(ALL_OFFERS)], plain=False),
        Line("segments", Words("For whom", "适用人群"), _called(catalog.segments(SYSTEM), content, "segments")
             or ([] if some else [said(EVERYBODY)]), plain=False),
        _recipients(content),
        Line("channels", Words("Used in", "使用渠道"), _channels(content, "channels") or [said(EVERYWHERE)], plain=False),
        Line("scenes", Words("Scenes", "场景"), list(content.get("scenes") or ()), plain=False),
        Line("stores", Words("Stores", "门店"), _called(catalog.stores(SYSTEM), content, "stores"), plain=False),
        Line("claim_channels", Words("Claimed in", "领取渠道"), _channels(content, "claim_channels") or [said(EVERYWHERE)],
             plain=False),
        Line("claim_scenes", Words("Scenes of claiming", "领取场景"), list(content.get("claim_scenes") or ()), plain=False),
        _window(content.get("window") or {}),
    ]  # fmt: skip
    return [line for line in found if line.values]


def _recipients(content: Mapping[str, Any]) -> Line:
    """Who is named: a reviewer sees every one that comes or goes, however many there are."""
    codes = list(content.get("buyers") or ())
    return Line("buyers", Words(f"Recipients ({len(codes)})", f"指定顾客（{len(codes)}）"), codes, plain=False)


def _window(window: Mapping[str, Any]) -> Line:
    start, end = span(window, "UTC") if window else (None, None)
    ends = [moment(each) if each else "…" for each in (start, end)]
    return Line("window", Words("Window", "时间"), [" – ".join(ends) if window else said(ALWAYS)])


def _goods(part: Part) -> str:
    return f"{said(part.label)}{said(IS)}{' · '.join(part.values)}"


def _preset(viewer: Viewer, content: Mapping[str, Any], currency: str) -> list[Line]:
    goods = scope_parts(filled(content, examples(content)).get("scope") or {})
    rules = []
    for leaf in leaves(content, preset_page.terms(viewer, currency)):
        value = leaf.text if leaf.kind != "goods" else "; ".join(map(_goods, goods))
        told = said(ASKED).format(value) if leaf.open else value
        rules.append(Line(leaf.name, leaf.label if leaf.open else leaf.words, [told]))
    sentence = said(preset_page.sentence_of(content, currency))
    return [
        _name(content),
        Line("about", Words("What it is for", "用途"), _both(content["about"])),
        Line("sentence", Words("It says", "规则说明"), [sentence]),
        *rules,
    ]


def _name(content: Mapping[str, Any]) -> Line:
    return Line("name", Words("Name", "名称"), _both(content.get("name") or {}))


def _both(said_in: Mapping[str, str]) -> list[str]:
    return [text for text in (said_in.get("en"), said_in.get("zh")) if text]


def _channels(content: Mapping[str, Any], name: str) -> list[str]:
    return [words.of(words.CLAIMED_IN, code) for code in content.get(name) or ()]


def _called(rows: Any, content: Mapping[str, Any], name: str) -> list[str]:
    codes = list(content.get(name) or ())
    known = queries.names_of(rows, codes)
    return [said(known[code]) if code in known else code for code in codes]


def _in_force(viewer: Viewer, code: str) -> bool:
    return queries.campaigns_seen(viewer).filter(code=code, in_force=True).exists()


KINDS: Mapping[str, Callable[[Viewer, Mapping[str, Any], str], list[Line]]] = {
    "campaign": _campaign, "distribution": _distribution, "preset": _preset,
}  # fmt: skip
LIVE: Mapping[str, Callable[[Viewer, str], bool]] = {
    "campaign": _in_force,
    "distribution": lambda viewer, code: offers.live_of(viewer, "distribution", code) is not None,
    "preset": lambda viewer, code: preset_page.usable(viewer, code),
}
