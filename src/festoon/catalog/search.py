"""Goods found by what people type: a part of the sku, of the name in either language, or of the brand.

The words of all goods lie in memory as one text per merchant, made anew when the catalogue's version moves; looking
through a hundred thousand takes a few thousandths of a second on either database, and a part of a Chinese name is found
as well as a part of an English one. A large catalogue that keeps changing is read anew every half minute at most.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from festoon.catalog import queries
from festoon.records.viewer import SYSTEM, Viewer

REST = timedelta(seconds=30)
LARGE = 20_000
TRIED = 4_000
"""So many lines of the rarest of several words are looked at one by one, before the words are listed."""
KNOWN = 16
COUNTED = 1_000
"""More than so many are not counted: somebody who finds a thousand goods types another word."""


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one merchant's goods, a line each; `starts` is where each line begins.

    `known` are the lines of words that were looked for lately: who types looks for the same words again and again.
    """

    text: str
    starts: Sequence[int]
    skus: Sequence[str]
    known: dict[str, Sequence[int]] = field(default_factory=dict)

    def lines(self, words: Sequence[str]) -> Iterator[int]:
        """The lines that hold every word, in order: those of the rarest, where the others are too.

        Of words that are all in many lines and yet seldom in one, the lines of the two rarest are listed and compared.
        """
        if len(words) > 1:
            words = sorted(words, key=lambda word: (self.text.count(word), word))
        tried, last = 0, -1
        for line in self._of(words[0]):
            last, tried = line, tried + 1
            if self._has(line, words[1:]):
                yield line
            if tried == TRIED and len(words) > 1:
                break
        else:
            return
        both = set(self._listed(words[1]))
        yield from (
            line for line in self._listed(words[0]) if line > last and line in both and self._has(line, words[2:])
        )

    def _has(self, line: int, words: Sequence[str]) -> bool:
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        return all(self.text.find(word, self.starts[line], end) >= 0 for word in words)

    def _of(self, word: str) -> Iterator[int]:
        """The lines of one word, looked for one after the other."""
        here = self.text.find(word)
        while here >= 0:
            line = bisect_right(self.starts, here) - 1
            yield line
            if line + 1 == len(self.starts):
                return
            here = self.text.find(word, self.starts[line + 1])

    def _listed(self, word: str) -> Sequence[int]:
        """The lines of one word at once: between two places of it, the ends of lines are counted."""
        found = self.known.get(word)
        if found is None:
            if len(self.known) >= KNOWN:
                self.known.clear()
            counted = accumulate(piece.count("\n") for piece in self.text.split(word)[:-1])
            found = self.known[word] = array("l", dict.fromkeys(counted))
        return found


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


def read(now: datetime) -> None:
    """Have the words at hand before anybody asks, and before what is at hand is too old to be used."""
    _parts(now, REST // 2)


def forget() -> None:
    """Read the words anew at the next question."""
    _kept.number, _kept.read_at = -1, None


def _parts(now: datetime, rest: timedelta = REST) -> Mapping[str, Part]:
    if _rests(now, rest) or _kept.number == queries.version(SYSTEM):
        return _kept.parts
    with _kept.loading:
        number = queries.version(SYSTEM)
        if _kept.number != number and not _rests(now, rest):
            _kept.parts = _load()
            _kept.number, _kept.read_at = number, now
            _kept.size = sum(len(part.skus) for part in _kept.parts.values())
    return _kept.parts


def _rests(now: datetime, rest: timedelta) -> bool:
    """Whether a large catalogue was read so lately that it is not looked at again."""
    return _kept.size > LARGE and _kept.read_at is not None and timedelta(0) <= now - _kept.read_at < rest


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
