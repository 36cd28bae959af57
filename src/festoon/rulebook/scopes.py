"""Which goods, as an offers file says it: {all: true}, or values by attribute, less `except`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from festoon.base.form import made, unknown
from festoon.base.kinds import Kind, are_codes
from festoon.base.money import MOST, price_text
from festoon.base.problems import Path, Problems
from festoon.base.words import Words, joined
from festoon.engine.facts import ATTRIBUTES
from festoon.engine.scope import Prices, Scope, Values

KNOWN = (*ATTRIBUTES, "list_price", "not_discounted", "all", "except")
UNTOUCHED = Words("not reduced yet", "未参与其他优惠")
NAMES = {
    "sku": Words("item", "货号"),
    "product": Words("product", "商品"),
    "brand": Words("brand", "品牌"),
    "store": Words("store", "店铺"),
    "merchant": Words("merchant", "商家"),
    "category": Words("category", "类目"),
    "tag": Words("tag", "标签"),
    "line": Words("line", "行"),
}
_PHRASES = {code: Words(f"{name.en} {{}}", f"{name.zh}{{}}") for code, name in NAMES.items()} | {
    "tag": Words("goods tagged {}", "标签为{}的商品"),
}
_SHOWN = 3


def read_scope(data: Any, path: Path, problems: Problems) -> Scope:
    """The goods: {all: true} or values by attribute, less `except`."""
    if data is None:
        return Scope()
    if not isinstance(data, Mapping):
        problems.add(path, "mapping", "must name goods by attribute", "须按属性指定商品")
        return Scope()
    given = dict(data)
    exceptions, everything = given.pop("except", None), given.pop("all", None)
    if everything is not None and (everything is not True or set(given) & set(ATTRIBUTES)):
        problems.add(
            (*path, "all"), "all", "must be true and stand alone (beside except)", "须为 true 且单独使用（except 除外）"
        )
    if everything is None and not given:
        problems.add(
            path, "empty", "names no goods; say all: true for all of them", "未指定商品；全部商品请写 all: true"
        )
    prices = _prices(given.pop("list_price", None), (*path, "list_price"), problems)
    untouched = given.pop("not_discounted", False)
    if not isinstance(untouched, bool):
        problems.add((*path, "not_discounted"), "flag", "must be true or false", "须为 true 或 false")
    within = _values(given, path, problems)
    excepted: Values = {}
    if isinstance(exceptions, Mapping):
        excepted = _values(exceptions, (*path, "except"), problems)
    elif exceptions is not None:
        problems.add((*path, "except"), "mapping", "must name goods by attribute", "须按属性指定商品")
    return Scope(within, excepted, prices, untouched is True)


def _values(data: Mapping[str, Any], path: Path, problems: Problems) -> Values:
    found: Values = {}
    for attribute, values in data.items():
        if attribute not in ATTRIBUTES:
            unknown(attribute, list(KNOWN), path, problems)
        elif not are_codes(values, (*path, attribute), problems):
            continue
        elif not values:
            problems.add((*path, attribute), "empty", "must not be empty", "不能为空")
        else:
            found[attribute] = frozenset(values)
    return found


def _prices(data: Any, path: Path, problems: Problems) -> Prices | None:
    """{from: …, to: …}, each optional and both included."""
    if data is None:
        return None
    if not isinstance(data, Mapping) or not data or set(data) - {"from", "to"}:
        problems.add(path, "range", "must have from, to or both", "须有 from、to 或两者")
        return None
    for name, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            problems.add((*path, name), "whole", f"must be an amount from 0 to {MOST}", f"须为 0 至 {MOST} 的整数金额")
            return None
    low, high = data.get("from", 0), data.get("to", MOST)
    if high < low:
        problems.add((*path, "to"), "order", "must not be below from", "不得小于 from")
    return low, high


@dataclass(frozen=True, slots=True)
class Goods(Kind):
    """Goods inside a condition or a benefit, said as an offer's scope is; never by line."""

    name: str = "goods"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """The scope."""
        scope = read_scope(value, path, problems)
        if "line" in scope.within or "line" in scope.exceptions:
            problems.add(path, "line", "only the scope of the offer may name lines", "仅优惠的商品范围可指定行")
        return scope

    def schema(self) -> dict[str, Any]:
        """An object."""
        return {"$ref": "#/$defs/scope"}


def goods(en: str, zh: str, *, needed: bool = False) -> Any:
    """A field that holds goods."""
    return made(Goods(), en, zh) if needed else made(Goods(), en, zh, None)


def scope_schema() -> dict[str, Any]:
    """JSON Schema of a scope."""
    listed = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    values = dict.fromkeys(ATTRIBUTES, listed)
    exceptions = {"type": "object", "properties": values, "additionalProperties": False}
    amount = {"type": "integer", "minimum": 0, "maximum": MOST}
    prices = {
        "type": "object", "properties": {"from": amount, "to": amount}, "additionalProperties": False, "minProperties": 1,
    }  # fmt: skip
    more = {"list_price": prices, "not_discounted": {"type": "boolean"}, "all": {"const": True}, "except": exceptions}
    return {
        "type": "object",
        "properties": {**values, **more},
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in (*ATTRIBUTES, "list_price", "not_discounted", "all")],
    }


def scope_words(scope: Scope, currency: str) -> Words:
    """On category tea, except item t-9"""
    named = goods_words(scope, currency)
    said = Words(f"on {named.en}", f"适用于{named.zh}")
    if not scope.exceptions:
        return said
    but = joined(_said(scope.exceptions), " and ", "且")
    return said + Words(f", except {but.en}", f"，{but.zh}除外")


def both(of: str, goods: Scope | None) -> list[tuple[str, str, Words]]:
    """The fault of counting over the whole order and over named goods at once."""
    if goods is None or of == "scope":
        return []
    return [("goods", "one_of", Words("give either of: order or goods", "of: order 与 goods 须二选一"))]


def on_goods(said: Words, goods: Scope | None, currency: str) -> Words:
    """A phrase with the goods that it is about, where it names any."""
    if goods is None:
        return said
    named = scope_words(goods, currency)
    return Words(f"{said.en} {named.en}", f"{said.zh}（{named.zh}）")


def goods_words(scope: Scope, currency: str) -> Words:
    """Category tea and brand willow"""
    parts = _said(scope.within)
    if scope.prices is not None:
        low, high = price_text(scope.prices[0], currency), price_text(scope.prices[1], currency)
        if scope.prices[1] >= MOST:
            parts.append(Words(f"list price from {low}", f"原价{low}起"))
        else:
            parts.append(Words(f"list price {low} to {high}", f"原价{low}至{high}"))
    if scope.untouched:
        parts.append(UNTOUCHED)
    return joined(parts, " and ", "且") if parts else Words("everything", "全部商品")


def _said(values: Values) -> list[Words]:
    parts = []
    for attribute, codes in values.items():
        shown = sorted(codes)[:_SHOWN]
        more = len(codes) - len(shown)
        phrase = _PHRASES[attribute]
        parts.append(
            Words(
                phrase.en.format(", ".join(shown) + (f" and {more} more" if more else "")),
                phrase.zh.format("、".join(shown) + (f"等{len(codes)}个" if more else "")),
            )
        )
    return parts
