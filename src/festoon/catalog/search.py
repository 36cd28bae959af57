"""Goods found by what people type: a part of the sku, of the name in either language, or of the brand.

The words of all goods lie in memory as one text per merchant, made anew when the catalogue's version moves; looking
through a hundred thousand takes a few thousandths of a second on either database, and a part of a Chinese name is found
as well as a part of an English one. A large catalogue that keeps changing is read anew every half minute at most.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from festoon.catalog import queries
from festoon.records.viewer import SYSTEM, Viewer

REST = timedelta(seconds=30)
LARGE = 20_000
COUNTED = 1_000
"""More than so many are not counted: somebody who finds a thousand goods types another word."""


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one merchant's goods, a line each; `starts` is where each line begins."""

    text: str
    starts: Sequence[int]
    skus: Sequence[str]

    def lines(self, words: Sequence[str]) -> Iterator[int]:
        """The lines that hold every word: those of the rarest, where the others are too."""
        first = max(words, key=len)
        if len(words) > 1 and self.text.count(first) > COUNTED:
            first = min(words, key=self.text.count)
        others = [word for word in words if word != first]
        here, last = self.text.find(first), -1
        while here >= 0:
            line = bisect_right(self.starts, here) - 1
            end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
            if line != last and all(self.text.find(word, self.starts[line], end) >= 0 for word in others):
                yield line
            last = line
            here = self.text.find(first, end)


@dataclass(frozen=True, slots=True)
class Found:
    """The first goods that hold the words, and how many do; `many` where the rest was not counted."""

    skus: Sequence[str]
    total: int
    many: bool = False


@dataclass(slots=True)
class _Kept:
    number: int | None = -1
    parts: Mapping[str, Part] = field(default_factory=dict)
    read_at: datetime | None = None
    size: int = 0
    loading: threading.Lock = field(default_factory=threading.Lock)


_kept = _Kept()


def find(viewer: Viewer, text: str, *, now: datetime, most: int = 12) -> Found:
    """The viewer's goods that hold every word of the text, by sku; nothing for no words."""
    words = list(dict.fromkeys(text.lower().split()))
    if not words:
        return Found((), 0)
    codes = list(queries.merchants(viewer).values_list("code", flat=True))
    found: list[str] = []
    for part in [part for code in codes if (part := _parts(now).get(code))]:
        for line in part.lines(words):
            found.append(part.skus[line])
            if len(found) > COUNTED:
                return Found(found[:most], COUNTED, many=True)
    return Found(found[:most], len(found))


def forget() -> None:
    """Read the words anew at the next question."""
    _kept.number, _kept.read_at = -1, None


def _parts(now: datetime) -> Mapping[str, Part]:
    rests = _kept.size > LARGE and _kept.read_at is not None and timedelta(0) <= now - _kept.read_at < REST
    if not rests and _kept.number != queries.version(SYSTEM):
        with _kept.loading:
            number = queries.version(SYSTEM)
            if _kept.number != number:
                _kept.parts = _load()
                _kept.number, _kept.read_at = number, now
                _kept.size = sum(len(part.skus) for part in _kept.parts.values())
    return _kept.parts


def _load() -> Mapping[str, Part]:
    lines: dict[str, list[tuple[str, str]]] = {}
    for sku, merchant, *words in queries.spoken(SYSTEM):
        said = "\x1f".join(str(word) for word in (sku, *words) if word).lower().replace("\n", " ")
        lines.setdefault(merchant, []).append((sku, said))
    return {merchant: _part(rows) for merchant, rows in lines.items()}


def _part(rows: Sequence[tuple[str, str]]) -> Part:
    starts, at = [], 0
    for _, said in rows:
        starts.append(at)
        at += len(said) + 1
    return Part("\n".join(said for _, said in rows), starts, [sku for sku, _ in rows])
