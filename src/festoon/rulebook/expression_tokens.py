"""An expression as tokens: what comes next, where it stands, and what is wrong there."""

from __future__ import annotations

import re

from festoon.base.words import Words

Type = str
"""bool, int, text, list(…), or the name of a record of `expression_reader`."""
_TOKEN = re.compile(
    r"\s*(?:(?P<int>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!().,\[\]]))"
)


class ExpressionError(ValueError):
    """An expression that is not one; `words` say where and why."""

    def __init__(self, column: int, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Words(f"column {column}: {en}", f"第 {column} 列：{zh}")


def said(kind: Type) -> str:
    """A type, as people say it."""
    names = {"bool": "true or false", "int": "a whole number", "text": "a text"}
    return names.get(kind, "a list" if kind.startswith("list(") else f"the record {kind}")


class Tokens:
    """The tokens of a text, read from the first to the last; it counts what is made of them."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
                raise ExpressionError(
                    column, f"{text[column - 1]!r} is not understood", f"无法识别 {text[column - 1]!r}"
                )
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind], found.start(kind) + 1))
            at = found.end()
        self.tokens.append(("end", "", len(text) + 1))
        self.at, self.nodes, self.looped = 0, 0, 0
        self.loop: dict[str, Type] = {}
        self.looks_at: set[str] = set()

    def fault(self, en: str, zh: str, column: int = 0) -> ExpressionError:
        """What is wrong at a column, or here."""
        return ExpressionError(column or self.tokens[self.at][2], en, zh)

    def sees(self, *texts: str) -> str:
        """The next sort, taken, when it is one of these; else nothing."""
        kind, text, _ = self.tokens[self.at]
        if kind in ("sign", "name") and text in texts:
            self.at += 1
            return text
        return ""

    def need(self, text: str) -> None:
        """Take a token that has to come now."""
        if not self.sees(text):
            raise self.fault(f"needs {text!r}", f"缺少 {text!r}")

    def end(self) -> None:
        """Nothing comes any more."""
        if self.tokens[self.at][0] != "end":
            raise self.fault(f"{self.tokens[self.at][1]!r} is too much", f"多余的 {self.tokens[self.at][1]!r}")

    def count(self) -> None:
        """One more node."""
        if self.loop:
            self.looped += 1
        else:
            self.nodes += 1

    def wants(self, kind: Type, found: Type, column: int) -> None:
        """What was found at a column has to be of a type."""
        if found != kind:
            raise self.fault(f"must be {said(kind)}, is {said(found)}", f"类型须为 {kind}，现为 {found}", column)
