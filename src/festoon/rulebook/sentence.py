"""An offer in one sentence, as a person would say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.base.problems import Problems
from festoon.base.words import Words, joined
from festoon.engine.scope import Scope, Values
from festoon.rulebook.release import read_rule, read_scope

NOTHING = Words("nothing yet", "尚无内容")
_NAMES = {
    "sku": Words("sku", "货号"),
    "product": Words("product", "商品"),
    "brand": Words("brand", "品牌"),
    "store": Words("store", "店铺"),
    "merchant": Words("merchant", "商家"),
    "category": Words("category", "品类"),
    "tag": Words("tag", "标签"),
}
_SHOWN = 3


def sentence(release: Mapping[str, Any], currency: str) -> Words:
    """The release in one sentence: "Spend 300.00, save 50.00; on category tea". Unfinished parts are left out."""
    problems = Problems()
    rule = read_rule(release, (), problems)
    if rule is None:
        return NOTHING
    said = [c.words(currency) for c in rule.conditions]
    said = [joined([*said, rule.benefit.words(currency)])]
    scope = read_scope(release.get("scope"), (), problems)
    if scope.within or scope.exceptions:
        said.append(scope_words(scope))
    whole = joined(said, "; ", "；")
    return Words(whole.en[:1].upper() + whole.en[1:], whole.zh)


def scope_words(scope: Scope) -> Words:
    """On category tea, except sku t-9"""
    goods = _values(scope.within) if scope.within else Words("everything", "全部商品")
    said = Words(f"on {goods.en}", f"适用于{goods.zh}")
    if not scope.exceptions:
        return said
    but = _values(scope.exceptions)
    return said + Words(f", except {but.en}", f"，{but.zh}除外")


def _values(values: Values) -> Words:
    parts = []
    for attribute, codes in values.items():
        shown = sorted(codes)[:_SHOWN]
        more = len(codes) - len(shown)
        name = _NAMES[attribute]
        parts.append(
            Words(
                f"{name.en} {', '.join(shown)}" + (f" and {more} more" if more else ""),
                f"{name.zh}{'、'.join(shown)}" + (f"等{len(codes)}个" if more else ""),
            )
        )
    return joined(parts, " and ", "且")
