"""Expressions about a cart: typed and counted before anything is run, compiled once, run by the CEL of the optional extra.

What they look at is in `expression_reader.RECORDS`. Nothing of Python is within their reach: they are given plain values.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from festoon.base.words import Words
from festoon.engine.facts import Row
from festoon.engine.view import View
from festoon.rulebook.expression_reader import Reader
from festoon.rulebook.expression_tokens import ExpressionError, said

MOST_CHARACTERS = 500
MOST_NODES = 100
STEPS = 10_000
"""What one expression may take on one cart: nodes outside of loops, and those inside of them for every line.

A list of codes has at most a hundred, so a loop over one stays within it too.
"""
EXTRA = Words(
    "needs the optional extra: pip install 'festoon[expressions]'", "需要可选组件：pip install 'festoon[expressions]'"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What an expression is: the nodes outside of loops and inside of them, and the records it looks at."""

    nodes: int
    looped: int
    looks_at: frozenset[str]

    def steps(self, lines: int) -> int:
        """The most that it takes on a cart of so many lines."""
        return self.nodes + self.looped * lines


@lru_cache(maxsize=4096)
def shape_of(text: str) -> Shape:
    """The shape of an expression that is true or false. Raises ExpressionError."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(MOST_CHARACTERS, f"is longer than {MOST_CHARACTERS} characters", "过长")
    reader = Reader(text)
    kind = reader.either(0)
    reader.end()
    if kind != "bool":
        raise reader.fault(f"is {said(kind)}, not true or false", "结果须为真或假", 1)
    if reader.nodes + reader.looped > MOST_NODES:
        raise reader.fault(f"has more than {MOST_NODES} parts", f"超过 {MOST_NODES} 个部分", 1)
    return Shape(reader.nodes, reader.looped, frozenset(reader.looks_at))


@lru_cache(maxsize=4096)
def compiled(text: str) -> Any:
    """The program of an expression that has a shape, or None without the extra. Raises ExpressionError."""
    try:
        cel = importlib.import_module("cel")
    except ImportError:
        return None
    try:
        return cel.compile(text)
    except ValueError as fault:
        raise ExpressionError(1, "is not an expression", "不是表达式") from fault


def facts_of(view: View, looks_at: frozenset[str]) -> dict[str, Any]:
    """What an expression looks at. A fact about the buyer that nobody said is not there, and nothing follows from it."""
    made: dict[str, Any] = {"goods": {"spend": view.spend(), "quantity": view.quantity()}}
    facts, buyer = view.facts, view.facts.buyer
    made["order"] = {
        "spend": view.spend(whole_order=True), "quantity": view.quantity(whole_order=True), "shipping": facts.shipping,
        "channel": facts.channel, "scene": facts.scene, "store": facts.store, "merchant": facts.merchant,
        "payment": facts.payment,
    }  # fmt: skip
    new = buyer.new if buyer.new is not None or buyer.orders_placed is None else buyer.orders_placed == 0
    maybe = {"orders_placed": buyer.orders_placed, "new": new, "birthday_month": buyer.birthday_month}
    known = {name: value for name, value in maybe.items() if value is not None}
    made["buyer"] = {"id": buyer.id, "segments": sorted(buyer.segments), "level": buyer.level, **known}
    if "lines" in looks_at:
        made["lines"] = [_line(row) for row in facts.rows]
    return made


def _line(row: Row) -> dict[str, Any]:
    sku, product, brand, store, merchant = row.single
    category, tags = row.many
    return {
        "sku": sku, "product": product, "brand": brand, "store": store, "merchant": merchant, "category": list(category),
        "tags": list(tags), "quantity": row.quantity, "unit_price": row.unit_price,
    }  # fmt: skip
