"""Slips of the pen in a YAML file: said in an operator's words, and the file without the entries they stand in.

A reader of YAML stops at the first sign it cannot place. So that an operator mends a file in one go, each entry of a list
(an offer, an exclusion) is then read by itself: those that can be read are checked as ever, the others say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from festoon.base.words import Words

Slip = tuple[int, Words]
"""A line, from 1, and what is wrong there."""

MOST_SIGNS = 2_000_000
"""In a longer text the first slip is told alone: to read each entry by itself takes twice the time."""

NOWHERE = 0
"""The first line of no entry: nothing was left out."""

TAB = Words("is indented with a tab; use spaces", "用制表符缩进，请改用空格")
WIDE = Words(
    "holds a full-width colon, comma or blank where : or , and a blank belong",
    "使用了全角冒号、逗号或空格，请改为半角 : 或 , 并加空格",
)
_INDENTED = Words(
    "is indented otherwise than its neighbours, or a bracket or quotation mark before it is not closed",
    "缩进与相邻行不一致，或前面的括号、引号未闭合",
)
_COLON = Words(
    "holds a colon where none can stand: look at the indentation, or put the text in quotes",
    "此处不能有冒号：请检查缩进，或给文字加引号",
)
_OPEN = Words("opens a bracket that is not closed, or lacks a comma", "括号未闭合，或缺少逗号")
_QUOTE = Words("opens a quotation mark that is not closed", "引号未闭合")
_ESCAPE = Words(
    "holds a backslash that means nothing in double quotes; use single quotes", "双引号内的反斜杠无效，请改用单引号"
)
_NAME = Words("lacks a colon after the field name", "字段名后缺少冒号")
_DASH = Words("holds a dash where no list can stand: look at the indentation", "此处不能有列表符号 -：请检查缩进")
_SIGN = Words("begins a text with a sign that needs quotes", "文字以特殊符号开头，须加引号")
_WORDS = {
    "character that cannot start any token": _SIGN,
    "mapping values are not allowed": _COLON,
    "expected ',' or": _OPEN,
    "expected key": _INDENTED,
    "expected '-' indicator": _INDENTED,
    "expected <block end>": _INDENTED,
    "expected ':'": _NAME,
    "unexpected end of stream": _QUOTE,
    "escape c": _ESCAPE,
    "hexdecimal": _ESCAPE,
    "block sequence entries are not allowed": _DASH,
}
"""Of libyaml's sentences, the part that tells one from another."""

_TABS = re.compile(r"[ -]*\t")
_HEAD = re.compile(r"[^\s#-]")
_ENTRY = re.compile(r"( *)-(?: |$)")
_WIDE = re.compile(r"(?:^[ -]*|[{,，] *)[a-z_]+：|，\s*[a-z_]+[:：]|[a-z_]+:[\u00a0\u3000]")
_HALVES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)")


def is_json(text: str) -> bool:
    """Whether it begins as JSON does: one thing from bracket to bracket, in which tabs are blanks."""
    return text.lstrip().startswith(("{", "["))


def joined(text: str) -> str:
    r"""A JSON text with each sign that is written as two halves (an emoji: \ud83d\ude00) written as one."""
    if not is_json(text):
        return text

    def one(found: re.Match[str]) -> str:
        high, low = int(found[2], 16), int(found[3], 16)
        return f"{found[1]}\\U{0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF):08x}"

    return _HALVES.sub(one, text)


def slip(fault: yaml.MarkedYAMLError, lines: list[str]) -> Slip:
    """What a fault comes from: the line on which to look, and why."""
    mark, context = fault.problem_mark, fault.context or ""
    if fault.context_mark is not None and ("flow" in context or "quoted" in context):
        mark = fault.context_mark
    line = mark.line if mark is not None else -1
    for at in range(min(line + 2, len(lines))):
        if _WIDE.search(lines[at]):
            return at + 1, WIDE
    why = fault.problem or ""
    said = next((words for part, words in _WORDS.items() if part in why), None)
    return line + 1, said or Words(why or "is not YAML", f"不是有效的 YAML（{why}）")


def without(text: str, loader: Any) -> tuple[str, list[tuple[int, Slip]]]:
    """The text with tabs of indentation made blanks and an empty entry in place of each that cannot be read.

    Beside it every slip, after the first line of the entry that was emptied for it. No line changes its number.
    None is found in JSON, nor in a text longer than MOST_SIGNS.
    """
    if is_json(text) or len(text) > MOST_SIGNS:
        return text, []
    lines = text.split("\n")
    tabs = [at for at, line in enumerate(lines) if _TABS.match(line)]
    if not tabs:
        return _emptied(lines, loader)
    found = [_emptied(_blanks(lines, tabs, width), loader) for width in (2, 4, 8)]
    rest, slips = min(found, key=lambda one: len(one[1]))  # as wide as the author saw them
    return rest, [*[(NOWHERE, (at + 1, TAB)) for at in tabs], *slips]


def _blanks(lines: list[str], tabs: list[int], width: int) -> list[str]:
    """The lines with those tabs written as blanks."""
    found = list(lines)
    for at in tabs:
        found[at] = lines[at].expandtabs(width)
    return found


def _emptied(lines: list[str], loader: Any) -> tuple[str, list[tuple[int, Slip]]]:
    """The text without the entries that cannot be read by themselves, and why not."""
    found, slips = list(lines), []
    for depth, begin, end in _entries(lines):
        part = lines[begin:end]
        try:
            for _ in yaml.parse("\n".join(part), Loader=loader):
                pass
        except yaml.MarkedYAMLError as fault:
            there, words = slip(fault, part)
            slips.append((begin + 1, (begin + there, words)))
            found[begin:end] = [" " * depth + "- ~", *[""] * (len(part) - 1)]
    return "\n".join(found), slips


def _entries(lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """The entries of every list that a top-level field holds: how far it is indented, its first line, the one after it."""
    depth, begin = -1, -1
    for at, line in enumerate([*lines, "end"]):
        entry = _ENTRY.match(line)
        starts = entry is not None and depth in (-1, len(entry[1]))
        if begin >= 0 and (starts or _HEAD.match(line)):
            yield depth, begin, at
            begin = -1
        if starts and entry is not None:
            depth, begin = len(entry[1]), at
        elif _HEAD.match(line):
            depth = -1
