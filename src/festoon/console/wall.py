"""The wall of types one starts from: each with an example said as a shopper would read it, and the presets beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.words import Words
from festoon.presets import library
from festoon.presets.form import examples, filled
from festoon.presets.library import Entry
from festoon.records.viewer import Viewer
from festoon.rulebook import promotion_types
from festoon.storefront.rule import rule

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "spend_and_save": {"tiers": [{"at": 30000, "off": 5000}]},
    "cross_store": {"tiers": [{"at": 30000, "off": 5000}], "repeat": True},
    "amount": {"off": 1000, "at": 10000},
    "amount_each": {"off": 500},
    "buy_more": {"steps": [{"units": 2, "basis_points": 1000}, {"units": 3, "basis_points": 2000}]},
    "percent": {"basis_points": 1200, "cap": 10000},
    "n_at_percent": {"units": 2, "basis_points": 2000},
    "nth_item": {"nth": 2, "basis_points": 5000},
    "flash_price": {"price": 9900},
    "member_price": {"levels": [{"level": "gold", "price": 8900}]},
    "n_for_price": {"units": 3, "price": 9900},
    "bundle": {"pieces": [{"goods": {"all": True}, "quantity": 3}], "price": 19900},
    "deposit": {"deposit": 5000, "counts": 10000},
    "buy_x_get_y": {"buy": 2, "get": 1},
    "gift": {"sku": "w-01", "at": 20000},
    "add_on": {"goods": {"category": ["cups"]}, "price": 990, "at": 10000},
    "free_shipping": {"at": 9900},
    "shipping_off": {"off": 500},
    "red_envelope": {"amount": 1000},
    "allowance": {"tiers": [{"at": 30000, "off": 5000}], "repeat": True},
    "match_coupon": {"upto": 2000},
}
"""A rule of each type of the house, as its card says it; a shop's own type is shown by its name alone."""


@dataclass(frozen=True, slots=True)
class Start:
    """One card of the wall: what one begins with, said by an example."""

    title: Words
    example: Words
    icon: str
    address: str
    kind: str
    tone: str = ""

    def holds(self, text: str) -> bool:
        """Whether every word of the text is in it, in either language."""
        said = f"{self.title.en} {self.title.zh} {self.example.en} {self.example.zh} {self.address}".lower()
        return all(word in said for word in text.lower().split())


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cards under one heading."""

    title: Words
    cards: Sequence[Start]


@dataclass(frozen=True, slots=True)
class Heap:
    """Types that people look for together."""

    title: Words
    icon: str
    tone: str
    codes: Sequence[str]
    kind: str = "promotion"


CHOSEN = Words("chosen product", "指定商品")
"""What stands in the sentence of an example for goods that this shop does not have."""

HEAPS = (
    Heap(Words("Money off", "直接减钱"), "cash", "var(--chart-1)", ("spend_and_save", "cross_store", "amount", "amount_each")),
    Heap(Words("A percentage off", "打折"), "percentage", "var(--chart-2)", ("percent", "buy_more", "n_at_percent", "nth_item")),
    Heap(
        Words("A special price", "特价"), "bolt", "var(--chart-4)",
        ("flash_price", "member_price", "n_for_price", "bundle", "deposit"),
    ),
    Heap(Words("Something more in the parcel", "买了还送"), "gift", "var(--chart-5)", ("buy_x_get_y", "gift", "add_on")),
    Heap(Words("Shipping", "运费"), "truck_delivery", "var(--chart-6)", ("free_shipping", "shipping_off")),
    Heap(
        Words("Coupons that shoppers hold", "顾客持有的券"), "ticket", "var(--chart-3)",
        ("amount", "percent", "red_envelope", "allowance", "free_shipping", "gift"), "coupon",
    ),
    Heap(Words("About coupons", "与券有关"), "copy_plus", "var(--chart-3)", ("match_coupon",)),
)  # fmt: skip
OTHERS = Heap(Words("Of this shop", "本店自有"), "puzzle", "var(--chart-1)", ())
LIBRARY = Words("From the rule library: only what is left open is asked", "来自规则库：只需填写开放的参数")


def wall(viewer: Viewer, text: str, currency: str) -> Sequence[Shelf]:
    """The wall, or what of it fits the text."""
    shelves = [Shelf(heap.title, list(_cards(heap, currency))) for heap in (*HEAPS, _others())]
    shelves.append(Shelf(LIBRARY, [_preset(entry, currency) for entry in library.library(viewer)]))
    kept = [Shelf(shelf.title, [card for card in shelf.cards if card.holds(text)]) for shelf in shelves]
    return [shelf for shelf in kept if shelf.cards]


def example(code: str, kind: str = "promotion") -> Mapping[str, Any]:
    """An example of a type, in the offers-file form."""
    return {"type": code, "kind": kind, "with": EXAMPLES.get(code, {}), "scope": {"all": True}}


def _others() -> Heap:
    """The types that a shop added on a shelf of its own."""
    known = {code for heap in HEAPS for code in heap.codes}
    codes = tuple(code for code in promotion_types.shelf if code not in known)
    return Heap(OTHERS.title, OTHERS.icon, OTHERS.tone, codes)


def _cards(heap: Heap, currency: str) -> Iterator[Start]:
    for code in heap.codes:
        cls = promotion_types.shelf[code]
        kind = heap.kind if heap.kind in cls.kinds else cls.kinds[0]
        said = rule(example(code, kind), currency) if code in EXAMPLES else Words("", "")
        yield Start(cls.title, said, heap.icon, f"rule=type:{code}&kind={kind}", kind, heap.tone)


def _preset(entry: Entry, currency: str) -> Start:
    kind = entry.data["kind"]
    said = rule({"code": "example", "kind": kind, **filled(entry.data, examples(entry.data))}, currency, CHOSEN)
    tone = "var(--chart-3)" if kind == "coupon" else "var(--chart-1)"
    return Start(entry.name, said, "books", f"rule=preset:{entry.code}", kind, tone)
