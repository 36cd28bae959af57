"""How the data of a campaign is read: every fault names its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.words import Words
from festoon.campaigns import queries
from festoon.records.batch import Column, Wrong
from festoon.records.refusal import Invalid
from festoon.records.values import moment, text, whole, zone

ENDS_BEFORE = Words(en="The end comes before the start.", zh="结束时间早于开始时间。")
NO_TERM = Wrong("unknown", "A term is one_off or long_term.", "期限为 one_off（一次性）或 long_term（长期）。")
METRICS = ("gmv", "orders", "new_buyers", "redemptions", "claims")


def aim(goal: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a target is one for: its metric, its channel and its product, "" for all of them."""
    return str(goal["metric"]), str(goal.get("channel") or ""), str(goal.get("product") or "")


def others(goals: Sequence[Mapping[str, Any]], goal: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The targets for something else than this one."""
    return [one for one in goals if aim(one) != aim(goal)]


def name(value: Any, *, empty: bool = False) -> dict[str, str]:
    """A name in both languages: {en, zh}."""
    if not isinstance(value, Mapping) or set(value) != {"en", "zh"}:
        raise Wrong("not_words", "Write it in both languages: en and zh.", "请同时填写中英文。")
    return {language: text(128, empty=empty)(value[language]) for language in ("en", "zh")}


def reason(value: Any) -> dict[str, str]:
    """Why people buy, in both languages; it may be left out, and what is written in one stands for the other."""
    told = name(value, empty=True)
    return {"en": told["en"] or told["zh"], "zh": told["zh"] or told["en"]}


def when(value: Any) -> datetime:
    """A moment that must be there; without an offset it is read in the campaign's zone."""
    found = moment(value)
    if found is None:
        raise Wrong("missing", "This field is missing.", "缺少这个字段。")
    return found


def term(value: Any) -> str:
    """Whether it is thrown away after its end, or goes on in versions."""
    if value not in (queries.ONE_OFF, queries.LONG_TERM):
        raise NO_TERM
    return str(value)


CAMPAIGN = [
    Column("code", text(64)),
    Column("merchant", text(64), ""),
    Column("name", name),
    Column("reason", reason, lambda: {"en": "", "zh": ""}),
    Column("zone", zone, ""),
    Column("starts_at", when),
    Column("ends_at", when),
    Column("colour", text(16, empty=True), ""),
    Column("source", text(32, empty=True), ""),
    Column("term", term, queries.ONE_OFF),
]
GOAL = [
    Column("metric", text(32)),
    Column("channel", text(32, empty=True), ""),
    Column("product", text(64, empty=True), ""),
    Column("target", whole(1)),
]


def read(data: Mapping[str, Any], columns: list[Column], prefix: str = "") -> dict[str, Any]:
    """The values of `data`; Invalid names the first field that is wrong, missing or unknown."""
    known = {column.name for column in columns}
    for field in data.keys() - known:
        raise Invalid("unknown_field", Words(en="There is no such field.", zh="没有这个字段。"), field=prefix + field)
    found = {}
    for column in columns:
        try:
            found[column.name] = column.value(data)
        except Wrong as wrong:
            raise Invalid(wrong.code, wrong.words, field=prefix + column.name) from None
    return found


def placed(value: datetime, zone_name: str) -> datetime:
    """The moment in UTC; one without an offset is meant in the zone."""
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone_name))).astimezone(UTC)


def to_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a campaign's row, with the two languages apart and the moments in UTC."""
    starts, ends = placed(values["starts_at"], values["zone"]), placed(values["ends_at"], values["zone"])
    if ends <= starts:
        raise Invalid("ends_before", ENDS_BEFORE, field="ends_at")
    return {
        "code": values["code"],
        "name_en": values["name"]["en"],
        "name_zh": values["name"]["zh"],
        "reason_en": values["reason"]["en"],
        "reason_zh": values["reason"]["zh"],
        "starts_at": starts,
        "ends_at": ends,
        "zone": values["zone"],
        "colour": values["colour"],
        "source": values["source"],
        "term": values["term"],
    }
