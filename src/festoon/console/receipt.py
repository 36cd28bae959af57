"""A priced basket as a receipt: lines with their shares, totals, and every verdict in the group people look for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from festoon.base.words import Words

GROUPS = (
    (("applied",), Words("Applied", "已生效"), "good", "circle_check"),
    (("not_met",), Words("Not reached yet", "尚未达到"), "note", "target"),
    (("not_chosen",), Words("Could be chosen", "可选用"), "note", "hand_finger"),
    (("excluded", "beaten"), Words("Not together", "不可同享"), "warn", "arrows_split_2"),
    (("stock", "limit"), Words("Used up", "已用尽"), "quiet", "hourglass"),
)
OTHER = (Words("Not for this basket", "不适用于本单"), "quiet", "circle_minus")
NOT_HELD = "not_held"
MISSING = (Words("Not in the wallet", "未持有的券"), "quiet", "wallet")
CLAIM_FIRST = Words("has to be claimed first", "需先领取")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one offer, for a person: `gap` in minor units or things, as `unit` says, 0 for none."""

    offer: str
    name: Words
    code: str
    reason: str
    words: Words
    trace: Words
    amount: int
    by: Sequence[Words]
    unit: str
    gap: int
    worse_by: int | None
    tickable: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Verdicts of one meaning."""

    title: Words
    tone: str
    icon: str
    verdicts: list[Verdict] = field(default_factory=list)
    told: Words | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its goods and who took what off it."""

    product: Any
    quantity: int
    listed: int
    payable: int
    shares: Sequence[tuple[Words, int, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything the receipt shows; amounts in minor units of `currency`."""

    currency: str
    totals: Mapping[str, int]
    lines: Sequence[Line]
    shipping: Mapping[str, Any]
    gifts: Sequence[tuple[Any, int, Words]]
    groups: Sequence[Group]
    nudges: Sequence[Verdict]
    optimal: bool
    bound: int
    book: str


def receipt(data: Mapping[str, Any], products: Mapping[str, Any], names: Mapping[str, Words]) -> Receipt:
    """The receipt of a quote's documented answer; `products` by sku, `names` by offer."""
    verdicts = [_verdict(one, names) for one in data["verdicts"]]
    return Receipt(
        currency=data["currency"],
        totals=data["totals"],
        lines=[_line(line, products, names) for line in data["lines"]],
        shipping=data["shipping"],
        gifts=[(products.get(g["sku"]), g["quantity"], _name(names, g["offer"])) for g in data["gifts"]],
        groups=_grouped(verdicts),
        nudges=sorted((v for v in verdicts if v.gap and v.unit), key=lambda v: (v.unit, v.gap))[:3],
        optimal=data["optimal"],
        bound=data["bound"],
        book=data["book"],
    )


def kind_of(code: str, reason: str) -> tuple[Words, str]:
    """What a verdict comes to, in the words of its group, and their tone."""
    if reason == NOT_HELD:
        return MISSING[0], MISSING[1]
    found = next(((title, tone) for codes, title, tone, _ in GROUPS if code in codes), None)
    return found or (OTHER[0], OTHER[1])


def _grouped(verdicts: Sequence[Verdict]) -> Sequence[Group]:
    groups = [Group(title, tone, icon) for _, title, tone, icon in GROUPS]
    missing, other = Group(*MISSING, told=CLAIM_FIRST), Group(*OTHER)
    place = {code: groups[at] for at, (codes, *_) in enumerate(GROUPS) for code in codes}
    for one in verdicts:
        group = missing if one.reason == NOT_HELD else place.get(one.code, other)
        group.verdicts.append(one)
    groups += [missing, other]
    return [group for group in groups if group.verdicts]


def _verdict(data: Mapping[str, Any], names: Mapping[str, Words]) -> Verdict:
    away = data.get("distance") or (data.get("further") or {}).get("distance") or {}
    return Verdict(
        offer=data["offer"],
        name=_name(names, data["offer"]),
        code=data["code"],
        reason=str(data.get("reason", "")),
        words=Words(**data["words"]),
        trace=Words(**data["trace"]),
        amount=data.get("amount", 0),
        by=[_name(names, code) for code in data.get("by", ())],
        unit=away.get("unit", ""),
        gap=away.get("gap", 0),
        worse_by=data.get("worse_by"),
        tickable=data["code"] in ("applied", "excluded", "beaten", "not_chosen"),
    )


def _line(data: Mapping[str, Any], products: Mapping[str, Any], names: Mapping[str, Words]) -> Line:
    return Line(
        product=products.get(data["sku"]),
        quantity=data["quantity"],
        listed=data["list"],
        payable=data["payable"],
        shares=[(_name(names, s["offer"]), s["amount"], s["payers"]) for s in data["shares"]],
    )


def _name(names: Mapping[str, Words], code: str) -> Words:
    return names.get(code, Words(code, code))
