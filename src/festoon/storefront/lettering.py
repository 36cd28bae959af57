"""Text on a drawing: how wide it is about, and where it breaks, in Latin and Chinese letters alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

NARROW, CAPITAL, WIDE = 0.54, 0.7, 1.02
"""Of the letter's size: rather too wide than too narrow, for nobody knows which font a print shop has."""
_PIECES = re.compile(r"[^\s\u2e80-\uffef]+|\s+|[\u2e80-\uffef]")
_CLOSING = "，。、；：！？）》」』％"


def width(text: str, size: float) -> float:
    """How wide the text is about, in the unit of its size."""
    return sum(_wide(letter) for letter in text) * size


def lines(text: str, size: float, room: float, most: int) -> Sequence[str]:
    """The text in at most `most` lines of `room`; what does not fit ends with an ellipsis."""
    found = [""]
    for piece in _PIECES.findall(text):
        if found[-1] and width(found[-1] + piece.rstrip(), size) > room and piece not in _CLOSING:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    kept = [_cut(line.rstrip(), size, room) for line in found if line.strip()]
    if len(kept) > most:
        kept = [*kept[: most - 1], _cut(kept[most - 1] + "…", size, room, more=True)]
    return kept


def fitting(text: str, sizes: Sequence[float], room: float, most: int) -> tuple[float, Sequence[str]]:
    """The largest of the sizes in which the whole text fits, and its lines; else the smallest, cut."""
    for size in sizes:
        found = lines(text, size, room, most)
        if not any(line.endswith("…") for line in found):
            return size, found
    return sizes[-1], lines(text, sizes[-1], room, most)


def _cut(line: str, size: float, room: float, *, more: bool = False) -> str:
    if width(line, size) <= room:
        return line
    text = line.removesuffix("…") if more else line
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _wide(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return WIDE
    return CAPITAL if letter.isupper() or letter in "MW%@&" else NARROW
