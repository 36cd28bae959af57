"""The language of expressions: read by a recursive descent that knows the type of everything and counts it.

The language is a part of CEL (https://cel.dev): comparisons, `&&`, `||`, `!`, whole numbers with `+ - * / %`, texts, `in`,
`size`, `contains`, `startsWith`, `endsWith`, `has(buyer.x)`, and one loop at a time over a list: `exists`, `all`,
`exists_one`. It has no attributes but the facts below, no powers and no loops in loops, so that how long it runs is known
from its text.
"""

from __future__ import annotations

from festoon.base.form import nearest
from festoon.rulebook.expression_tokens import Tokens, Type, said

MOST_CHARACTERS = 500
MOST_DEPTH = 16

RECORDS: dict[str, dict[str, Type]] = {
    "facts": {"buyer": "buyer", "goods": "goods", "order": "order", "lines": "list(line)"},
    "buyer": {
        "id": "text", "segments": "list(text)", "level": "text", "orders_placed": "int", "new": "bool", "birthday_month": "int",
    },
    "goods": {"spend": "int", "quantity": "int"},
    "order": {
        "spend": "int", "quantity": "int", "shipping": "int", "channel": "text", "scene": "text", "store": "text",
        "merchant": "text", "payment": "text",
    },
    "line": {
        "sku": "text", "product": "text", "brand": "text", "store": "text", "merchant": "text", "category": "list(text)",
        "tags": "list(text)", "quantity": "int", "unit_price": "int",
    },
}  # fmt: skip
"""What an expression may look at; `goods` are those of the offer, counted on its threshold basis."""
_ORDERED = ("<", "<=", ">", ">=")
_LOOPS = ("exists", "all", "exists_one")
_TEXTS = ("contains", "startsWith", "endsWith")


class Reader(Tokens):
    """A recursive descent that answers with the type of what it read."""

    def either(self, depth: int) -> Type:
        """a || b"""
        return self._chain(depth, "||", self.both)

    def both(self, depth: int) -> Type:
        """a && b"""
        return self._chain(depth, "&&", self.compared)

    def _chain(self, depth: int, sign: str, part) -> Type:  # type: ignore[no-untyped-def]
        if depth > MOST_DEPTH:
            raise self.fault(f"is nested deeper than {MOST_DEPTH}", f"嵌套超过 {MOST_DEPTH} 层")
        column = self.tokens[self.at][2]
        kind: Type = part(depth)
        while self.sees(sign):
            self.count()
            self.wants("bool", kind, column)
            column = self.tokens[self.at][2]
            self.wants("bool", part(depth), column)
        return kind

    def compared(self, depth: int) -> Type:
        """a == b, a in b"""
        column, left = self.tokens[self.at][2], self.sum(depth)
        sign = self.sees("==", "!=", "in", *_ORDERED)
        if not sign:
            return left
        self.count()
        at, right = self.tokens[self.at][2], self.sum(depth)
        if sign == "in":
            self.wants(f"list({left})", right, at)
        elif left not in ("int", "text") and (left != "bool" or sign in _ORDERED):
            raise self.fault(f"{said(left)} cannot be compared so", f"{left} 不能这样比较", column)
        else:
            self.wants(left, right, at)
        return "bool"

    def sum(self, depth: int) -> Type:
        """a + b"""
        return self._reckoned(
            depth, ("+", "-"), lambda: self._reckoned(depth, ("*", "/", "%"), lambda: self.single(depth))
        )

    def _reckoned(self, depth: int, signs: tuple[str, ...], part) -> Type:  # type: ignore[no-untyped-def]
        column, kind = self.tokens[self.at][2], part()
        while self.sees(*signs):
            self.count()
            self.wants("int", kind, column)
            column = self.tokens[self.at][2]
            self.wants("int", part(), column)
        return str(kind)

    def single(self, depth: int) -> Type:
        """!a, -a"""
        sign = self.sees("!", "-")
        if not sign:
            return self.dotted(depth)
        self.count()
        if depth > MOST_DEPTH:
            raise self.fault(f"is nested deeper than {MOST_DEPTH}", f"嵌套超过 {MOST_DEPTH} 层")
        column, kind = self.tokens[self.at][2], self.single(depth + 1)
        self.wants("bool" if sign == "!" else "int", kind, column)
        return kind

    def dotted(self, depth: int) -> Type:
        """a.b, a.f(b)"""
        kind = self.first(depth)
        while self.sees("."):
            sort, name, column = self.tokens[self.at]
            if sort != "name":
                raise self.fault("needs a name", "须为名称")
            self.at += 1
            self.count()
            kind = self.called(depth, kind, name, column) if self.sees("(") else self.field(kind, name, column)
        return kind

    def field(self, kind: Type, name: str, column: int) -> Type:
        """A field of a record."""
        known = RECORDS.get(kind)
        if known is None:
            raise self.fault(f"{said(kind)} has no fields", f"{kind} 没有字段", column)
        if name not in known:
            near = nearest(name, list(known))
            raise self.fault(f"{name!r} is not known of {kind}{near.en}", f"{kind} 没有 {name!r}{near.zh}", column)
        return known[name]

    def called(self, depth: int, kind: Type, name: str, column: int) -> Type:
        """A function of what stands before the dot."""
        if name == "size" and kind.startswith("list("):
            self.need(")")
            return "int"
        if name in _TEXTS and kind == "text":
            at = self.tokens[self.at][2]
            self.wants("text", self.either(depth + 1), at)
            self.need(")")
            return "bool"
        if name in _LOOPS and kind.startswith("list("):
            return self.over(depth, kind[5:-1], column)
        raise self.fault(f"{said(kind)} has no function {name!r}", f"{kind} 没有函数 {name!r}", column)

    def over(self, depth: int, kind: Type, column: int) -> Type:
        """A loop over a list: exists(one, …)."""
        if self.loop:
            raise self.fault("a loop stands inside a loop", "循环不能嵌套", column)
        sort, name, at = self.tokens[self.at]
        if sort != "name" or name in RECORDS["facts"] or name in ("in", "true", "false", "has", "size"):
            raise self.fault("needs a new name for each of the list", "须为列表元素命名", at)
        self.at += 1
        self.need(",")
        self.loop = {name: kind}
        at = self.tokens[self.at][2]
        self.wants("bool", self.either(depth + 1), at)
        self.loop = {}
        self.need(")")
        return "bool"

    def first(self, depth: int) -> Type:
        """A number, a text, a fact, a list, or something in parentheses."""
        self.count()
        sort, text, column = self.tokens[self.at]
        self.at += sort != "end"
        if sort == "int":
            if int(text) > 10**15:
                raise self.fault("is too large", "过大", column)
            return "int"
        if sort == "text":
            return "text"
        if sort == "name":
            return self.named(depth, text, column)
        if sort == "sign" and text == "(":
            kind = self.either(depth + 1)
            self.need(")")
            return kind
        if sort == "sign" and text == "[":
            return self.listed(depth, column)
        raise self.fault(
            "something is missing" if sort == "end" else f"{text!r} does not belong here", "此处缺少内容", column
        )

    def named(self, depth: int, name: str, column: int) -> Type:
        """true, false, has(…), size(…), the one of a loop, or a fact."""
        if name in ("true", "false"):
            return "bool"
        if name in self.loop:
            return self.loop[name]
        if name in ("has", "size") and self.sees("("):
            at = self.tokens[self.at][2]
            kind = self.dotted(depth + 1) if name == "has" else self.either(depth + 1)
            if name == "has" and self.tokens[self.at - 2][1] != ".":
                raise self.fault("has needs a field, such as has(buyer.level)", "has 须用于字段", at)
            if name == "size" and not kind.startswith("list("):
                raise self.fault(f"must be a list, is {said(kind)}", "须为列表", at)
            self.need(")")
            return "bool" if name == "has" else "int"
        if name not in RECORDS["facts"]:
            near = nearest(name, list(RECORDS["facts"]))
            raise self.fault(f"{name!r} is not known{near.en}", f"{name!r} 未知{near.zh}", column)
        self.looks_at.add(name)
        return RECORDS["facts"][name]

    def listed(self, depth: int, column: int) -> Type:
        """['a', 'b']"""
        kinds: list[Type] = []
        while not self.sees("]"):
            if kinds:
                self.need(",")
            kinds.append(self.either(depth + 1))
        if not kinds or len(set(kinds)) > 1 or kinds[0] not in ("int", "text"):
            raise self.fault("must be a list of texts or of whole numbers", "须为文字或整数的列表", column)
        return f"list({kinds[0]})"
