"""A poster as SVG: one drawing without scripts, styles or anything from elsewhere, for screens, print shops and PDF.

It is 210 units wide, whatever the paper; letters are the fonts of whoever opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

import segno

from festoon.base.words import Words
from festoon.storefront.lettering import fitting, lines, width
from festoon.storefront.poster import LANGUAGES, Poster, Promise

WIDE, EDGE = 210.0, 14.0
ROOM = WIDE - 2 * EDGE
FONT = "Inter, 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', Arial, sans-serif"
COLOURS = {"red": ("#c8102e", "#8d0522", "#ff9a6c"), "pink": ("#c2327d", "#7c1a5c", "#ffc3a6")}
CARD, GAP = 30.0, 4.0
INK, QUIET = "#2b1015", "#6d5055"
SCAN = Words("Scan, claim, pay less", "扫码领券，立享优惠")
DRAFT = Words("DRAFT, not for print", "草稿，请勿印刷")
PATTERN = (
    ("path", {"d": "M0 2c30 30 60 38 90 38s60-8 90-38", "fill": "none", "stroke": "#f4a93c", "stroke-width": "1.6"}),
    ("path", {"d": "M90 40v5M34 27v5M146 27v5", "stroke": "#f4a93c", "stroke-width": "1.4"}),
    ("rect", {"x": "84", "y": "44", "width": "12", "height": "15", "rx": "6", "fill": "#f4a93c"}),
    ("rect", {"x": "29", "y": "31", "width": "10", "height": "12", "rx": "5", "fill": "#e8594a"}),
    ("rect", {"x": "141", "y": "31", "width": "10", "height": "12", "rx": "5", "fill": "#8ba4ff"}),
)


class Drawing:
    """The poster while it is drawn, from the top to the bottom."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.tint, self.deep, self.glow = COLOURS.get(poster.colour, COLOURS["red"])
        self.high = WIDE * poster.paper.height / poster.paper.width
        self.foot = WIDE * poster.paper.foot / poster.paper.width
        self.svg = ET.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "width": f"{poster.paper.width}mm", "height": f"{poster.paper.height}mm",
            "viewBox": f"0 0 210 {self.high:g}", "font-family": FONT, "lang": LANGUAGES[poster.first],
        })  # fmt: skip

    def draw(self) -> str:
        """The whole of it."""
        self._ground()
        top = self._head()
        tall = self.poster.paper.foot > 0
        bottom = self._tall_code() if tall else self._wide_code()
        self._cards(top, bottom)
        if not self.poster.sure:
            self._mark()
        return ET.tostring(self.svg, encoding="unicode")

    def _both(self, words: Words) -> tuple[str, str]:
        """The words in the language that comes first, then in the other one."""
        return (words.en, words.zh) if self.poster.first == "en" else (words.zh, words.en)

    def _add(self, tag: str, **given: object) -> ET.Element:
        return ET.SubElement(self.svg, tag, {name.replace("_", "-"): _plain(value) for name, value in given.items()})

    def _text(self, text: str, x: float, y: float, size: float, fill: str, **more: object) -> None:
        self._add("text", x=x, y=y, font_size=size, fill=fill, **more).text = "".join(
            letter if letter.isprintable() else " " for letter in text
        )

    def _ground(self) -> None:
        defs = self._add("defs")
        slope = ET.SubElement(defs, "linearGradient", {"id": "ground", "x1": "0", "y1": "0", "x2": "0.35", "y2": "1"})
        light = ET.SubElement(defs, "radialGradient", {"id": "light", "cx": "0.85", "cy": "0.02", "r": "0.75"})
        shades = (
            (slope, "0", self.tint, "1"), (slope, "1", self.deep, "1"),
            (light, "0", self.glow, "0.95"), (light, "1", self.glow, "0"),
        )  # fmt: skip
        for within, at, colour, dense in shades:
            ET.SubElement(within, "stop", {"offset": at, "stop-color": colour, "stop-opacity": dense})
        swag = ET.SubElement(defs, "pattern", {
            "id": "swag", "width": "180", "height": "64", "patternUnits": "userSpaceOnUse", "patternTransform": "scale(.2917)",
        })  # fmt: skip
        for tag, given in PATTERN:
            ET.SubElement(swag, tag, given)
        self._add("rect", width=WIDE, height=self.high, fill="url(#ground)")
        self._add("rect", width=WIDE, height=self.high * 0.6, fill="url(#light)")
        self._add("rect", width=WIDE, height=18.6, fill="url(#swag)")

    def _head(self) -> float:
        """House, name, days and reason; where they end."""
        tall = self.poster.paper.foot > 0
        name, other = self._both(self.poster.name)
        y = 36.0 if tall else 32.0
        self._text(" · ".join(dict.fromkeys(self._both(self.poster.house))), EDGE, y, 6, "#fff", font_weight=600)
        large = (40, 35, 30, 26) if tall else (29, 26, 23)
        size, found = fitting(name, large, ROOM, 1)
        if found[-1].endswith("…"):
            size, found = fitting(name, (26, 22, 18, 15), ROOM, 2)
        for line in found:
            y += size * 1.12
            self._text(line, EDGE, y, size, "#fff", font_weight=800)
        if other != name:
            size, (line, *_) = fitting(other, (13.5, 12, 10.5, 9), ROOM, 1)
            y += size * 1.35
            self._text(line, EDGE, y, size, "#fff", font_weight=650)
        y += 5
        for text, size, weight in zip(
            dict.fromkeys(self._both(self.poster.reason)), (7, 5.5), (500, 400), strict=False
        ):
            if text:
                y += size * 1.3
                self._text(fitting(text, (size, size * 0.85), ROOM, 1)[1][0], EDGE, y, size, "#fff", font_weight=weight)
        y += 6
        said = " · ".join(self._both(self.poster.days))
        size = min(6.6, 6.6 * (ROOM - 12) / width(said, 6.6))
        wide = width(said, size) + 12
        self._add("rect", x=EDGE, y=y, width=wide, height=11.5, rx=5.75, fill="#fff")
        self._text(said, EDGE + wide / 2, y + 8, size, self.deep, font_weight=700, text_anchor="middle")
        return y + 11.5

    def _cards(self, top: float, bottom: float) -> None:
        """The offers between the head and the code, in the middle of the room that is left."""
        fit = self.poster.promises[: max(0, int((bottom - top - 4) // (CARD + GAP)))]
        left = bottom - top - len(fit) * (CARD + GAP) + GAP
        y = top + left / 2
        for promise in fit:
            self._card(promise, y)
            y += CARD + GAP

    def _card(self, promise: Promise, y: float) -> None:
        worth = self._both(promise.worth)[0] if promise.worth else ""
        x = EDGE + 7
        self._add("rect", x=EDGE, y=y, width=ROOM, height=CARD, rx=5, fill="#fff")
        if worth:
            size, (line, *_) = fitting(worth, (15, 13, 11, 9, 7.5), 46, 1)
            self._text(
                line, EDGE + 27, y + CARD / 2 + size * 0.36, size, self.tint, font_weight=800, text_anchor="middle"
            )
            self._add(
                "path", d=f"M{EDGE + 54} {y + 4}v{CARD - 8}", stroke=self.tint, stroke_opacity=0.35, stroke_width=0.5,
                stroke_dasharray="1.6 1.6",
            )  # fmt: skip
            x = EDGE + 59
        self._sentences(promise, x, y)

    def _sentences(self, promise: Promise, x: float, y: float) -> None:
        """Name and rule in the first language, and both in the other one: in the middle of the card's height.

        Above a rule of two lines the name is smaller: the card's edge stays clear.
        """
        room = WIDE - EDGE - 6 - x
        (name, other), (first, second) = self._both(promise.name), self._both(promise.rule)
        rule = lines(first, 4.6, room, 2)
        size, called = fitting(name, (8, 7, 6) if len(rule) < 2 else (6.6, 6), room, 1)
        beside = f"{other}：{second}" if self.poster.first == "en" else f"{other}: {second}"
        small = lines(beside, 3.9, room, 3 - len(rule))
        at = y + (CARD - size - 5.7 * len(rule) - 4.8 * len(small)) / 2 + size * 0.8
        self._text(called[0], x, at, size, INK, font_weight=700)
        at += 0.6
        for text in rule:
            at += 5.7
            self._text(text, x, at, 4.6, INK)
        for text in small:
            at += 4.8
            self._text(text, x, at, 3.9, QUIET)

    def _code(self, x: float, y: float, size: float) -> None:
        """The code in the size, dark on light, with the margin that readers need."""
        rows = [bytes(row) for row in segno.make(self.poster.link, error="q", boost_error=False).matrix]
        unit = size / (len(rows) + 8)
        self._add("rect", x=x, y=y, width=size, height=size, fill="#fff")
        parts = [
            f"M{begin} {at}h{end - begin}v1h-{end - begin}z" for at, row in enumerate(rows) for begin, end in _runs(row)
        ]
        self._add(
            "path", d="".join(parts), fill="#000", shape_rendering="crispEdges",
            transform=f"translate({x + 4 * unit:g} {y + 4 * unit:g}) scale({unit:g})",
        )  # fmt: skip

    def _wide_code(self) -> float:
        """The code beside what to do with it, at the bottom; where that begins."""
        y = self.high - EDGE - 53
        self._add("rect", x=EDGE, y=y, width=ROOM, height=55, rx=6, fill="#fff")
        self._code(EDGE + 2, y + 2, 51)
        self._invitation(EDGE + 58, y + 17, ROOM - 64, "start", INK, QUIET, 9.5)
        return y - 2

    def _tall_code(self) -> float:
        """The code in the middle, at the height of a hand, above what the banner's case hides; where that begins."""
        size, low = 96.0, self.high - self.foot - 42
        y = low - size
        self._add("rect", x=(WIDE - size) / 2 - 5, y=y - 5, width=size + 10, height=size + 10, rx=6, fill="#fff")
        self._code((WIDE - size) / 2, y, size)
        self._invitation(WIDE / 2, low + 17, ROOM, "middle", "#fff", "#fff", 11)
        return y - 8

    def _invitation(self, x: float, y: float, room: float, anchor: str, ink: str, quiet: str, large: float) -> None:
        first, second = self._both(SCAN)
        size, (line, *_) = fitting(first, (large, large * 0.85, large * 0.7), room, 1)
        self._text(line, x, y, size, ink, font_weight=800, text_anchor=anchor)
        y += size * 0.85
        self._text(second, x, y, size * 0.58, ink, font_weight=600, text_anchor=anchor)
        below = [" · ".join(dict.fromkeys(self._both(self.poster.place)))] if self.poster.place else []
        shown = self.poster.link.partition("://")[2].partition("?")[0].rstrip("/")
        for text in (*below, shown):
            y += 6.4
            size, (line, *_) = fitting(text, (4.6, 4, 3.4), room, 1)
            self._text(line, x, y, size, quiet, text_anchor=anchor)

    def _mark(self) -> None:
        """Across the paper of what nobody agreed on yet."""
        turn = f"rotate(-32 105 {self.high / 2:g})"
        for text, shift, size in zip(self._both(DRAFT), (0, 17), (17, 12), strict=True):
            self._text(
                text, WIDE / 2, self.high / 2 + shift, size, "#000", text_anchor="middle", font_weight=800,
                fill_opacity=0.55, stroke="#fff", stroke_width=0.5, transform=turn,
            )  # fmt: skip


def svg(poster: Poster) -> str:
    """The poster as an SVG document."""
    return Drawing(poster).draw()


def _runs(row: Sequence[int]) -> Sequence[tuple[int, int]]:
    """Where dark squares stand side by side."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        elif dark:
            found.append((at, at + 1))
    return found


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
