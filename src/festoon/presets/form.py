"""A preset as data: an offer's rules in the offers-file form, with some values left open.

    name: {en: Spend and save, zh: 满减}
    about: {en: ..., zh: ...}
    kind: promotion
    rules: {type: spend_and_save, with: {tiers: [{at: $spend, off: $save}]}, scope: $goods}
    open:
      - {name: spend, kind: money, label: {en: Spend, zh: 满}, example: 30000}

A value left open stands as `$name` where the value goes. The rules hold together with the examples, and every open
value is used: a preset that could never be filled is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from festoon.base.form import fields
from festoon.base.problems import Path, Problem
from festoon.base.words import Words
from festoon.rulebook.fields import Release
from festoon.rulebook.release import check_release

KINDS = ("money", "percent", "count", "text", "flag", "goods", "moment", "codes")
OFFER_KINDS = ("promotion", "coupon")
NOT_OF_RULES = ("code", "name", "kind", "owner", "campaign", "window", "state")
"""Fields of a release that belong to one offer and never to a rule."""
RULES = tuple(field.name for field in fields(Release) if field.name not in NOT_OF_RULES)
EVERY_RULE = (*RULES, "type", "with", "benefit", "scope", "when", "refund")
Open = Mapping[str, Any]


def filled(preset: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with every open value in its place; an optional one that is not given is left out."""
    return {name: value for name, value in _filled(preset["rules"], values).items() if value is not MISSING}


def examples(preset: Mapping[str, Any]) -> dict[str, Any]:
    """The example of every open value."""
    return {each["name"]: each["example"] for each in preset["open"]}


def check_preset(preset: Mapping[str, Any]) -> list[Problem]:
    """Every problem of a preset, each with the path of its field."""
    problems = [*_words(preset), *_open(preset)]
    if problems:
        return problems
    rules = preset["rules"]
    problems += [_wrong(("rules", name), "unknown", "no rule", "不是规则") for name in rules if name not in EVERY_RULE]
    declared, used = {each["name"] for each in preset["open"]}, set(_places(rules))
    problems += [_wrong(("open",), "unused", f"{name} is nowhere used", f"{name} 未被使用") for name in declared - used]
    problems += [
        _wrong(("rules",), "undeclared", f"${name} is not open", f"${name} 未声明") for name in used - declared
    ]
    if problems:
        return problems
    sample = {"code": "sample", "kind": preset["kind"], **filled(preset, examples(preset))}
    return [Problem(("rules", *each.path), each.code, each.words) for each in check_release(sample)]


def check_values(preset: Mapping[str, Any], values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the values somebody gave: a name nobody asked for, or one that is missing."""
    known = {each["name"] for each in preset["open"]}
    found = [
        _wrong(("values", name), "unknown", "not asked for", "不存在的参数") for name in values if name not in known
    ]
    needed = [each["name"] for each in preset["open"] if not each.get("optional")]
    missing = [name for name in needed if values.get(name) is None]
    return found + [_wrong(("values", name), "missing", "has to be given", "必填") for name in missing]


MISSING = object()


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        found = values.get(value[1:])
        return MISSING if found is None else found
    if isinstance(value, Mapping):
        made = {name: _filled(each, values) for name, each in value.items()}
        return {name: each for name, each in made.items() if each is not MISSING}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [each for each in (_filled(one, values) for one in value) if each is not MISSING]
    return value


def _places(value: Any) -> Iterator[str]:
    """The names of the open values that are used."""
    if isinstance(value, str) and value.startswith("$"):
        yield value[1:]
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _places(each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _places(each)


def _words(preset: Mapping[str, Any]) -> Iterator[Problem]:
    for field in ("name", "about"):
        given = preset.get(field)
        if (
            not isinstance(given, Mapping)
            or set(given) != {"en", "zh"}
            or not all(isinstance(one, str) for one in given.values())
        ):
            yield _wrong((field,), "missing", "write it in both languages", "请填写中英文")
    if preset.get("kind") not in OFFER_KINDS:
        yield _wrong(("kind",), "choice", "promotion or coupon", "促销或优惠券")
    if not isinstance(preset.get("rules"), Mapping):
        yield _wrong(("rules",), "missing", "has to be given", "必填")


def _open(preset: Mapping[str, Any]) -> Iterator[Problem]:
    given, names = preset.get("open"), set[str]()
    if not isinstance(given, Sequence) or isinstance(given, str):
        yield _wrong(("open",), "list", "must be a list", "须为列表")
        return
    for at, each in enumerate(given):
        path: Path = ("open", at)
        name = each.get("name") if isinstance(each, Mapping) else None
        if not isinstance(name, str) or not name.isidentifier() or name in names:
            yield _wrong((*path, "name"), "name", "a word of its own", "须为唯一名称")
            continue
        names.add(name)
        if each.get("kind") not in KINDS:
            yield _wrong((*path, "kind"), "choice", f"one of {', '.join(KINDS)}", f"须为 {'、'.join(KINDS)} 之一")
        if not isinstance(each.get("label"), Mapping) or set(each["label"]) != {"en", "zh"}:
            yield _wrong((*path, "label"), "missing", "write it in both languages", "请填写中英文")
        if "example" not in each:
            yield _wrong((*path, "example"), "missing", "has to be given", "必填")


def _wrong(path: Path, code: str, en: str, zh: str) -> Problem:
    return Problem(path, code, Words(en, zh))
