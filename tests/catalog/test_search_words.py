"""Words that are each in many lines and seldom in one: found as a plain look at every line finds them."""

import random

from festoon.catalog import search
from festoon.catalog.search import Part, _part

WORDS = ["kite", "teapot", "tea", "乌龙", "壶", "e", "5", "kit"]


def plainly(part: Part, words: list[str]) -> list[int]:
    return [line for line, said in enumerate(part.text.split("\n")) if all(word in said for word in words)]


def test_as_a_look_at_every_line_would(monkeypatch):
    monkeypatch.setattr(search, "TRIED", 7)
    monkeypatch.setattr(search, "KNOWN", 3)
    rng = random.Random(5)
    for _ in range(60):
        rows = [
            (f"s-{n}", " ".join(rng.choices([*WORDS, "x", "yz"], k=rng.randint(1, 6))))
            for n in range(rng.randint(1, 80))
        ]
        part = _part(rows)
        for _ in range(12):
            words = rng.sample(WORDS, rng.randint(1, 3))
            assert list(part.lines(words)) == plainly(part, words), (words, part.text)
