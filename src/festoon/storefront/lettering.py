"""Text on a drawing: how wide it is about, and where it breaks, in Latin and Chinese letters alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

NARROW, CAPITAL, WIDE = 0.54, 0.7, 1.02
"""Of the letter's size: rather too wide than too narrow, for nobody knows which font a print shop has."""
_PIECES = re.compile(r"[^\s\u2e80-\uffef]+|\s+|[\u2e80-\uffef]")
_CLOSING = "，。、；：！？）》」』％"
_FEW, _NARROWER = 2.5, (0.95, 0.9, 0.85, 0.8)
"""A last line of fewer letters than this takes some from the line before it: in so much less room."""


def width(text: str, size: float) -> float:
    """How wide the text is about, in the unit of its size."""
    return sum(_wide(letter) for letter in text) * size


def lines(text: str, size: float, room: float, most: int) -> Sequence[str]:
    """The text in at most `most` lines of `room`, the last of more than a letter; what does not fit ends with an ellipsis."""
    kept = _broken(text, size, room)
    for share in _NARROWER if len(kept) > 1 and width(kept[-1], size) < _FEW * size else ():
        closer = _broken(text, size, room * share)
        if len(closer) == len(kept) and width(closer[-1], size) >= _FEW * size:
            kept = closer
            break
    if len(kept) > most:
        kept = [*kept[: most - 1], _cut(kept[most - 1] + "…", size, room, more=True)]
    return kept


def _broken(text: str, size: float, room: float) -> list[str]:
    """Its lines; a mark that may not begin one takes what stands before it along."""
    found, before = [""], ""
    for piece in _PIECES.findall(text):
        if found[-1] and width(found[-1] + piece.rstrip(), size) > room:
            along = before if piece in _CLOSING else ""
            found[-1] = found[-1].removesuffix(along)
            found.append(along)
        found[-1] += piece if found[-1] else piece.lstrip()
        before = piece
    return [_cut(line.rstrip(), size, room) for line in found if line.strip()]


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
