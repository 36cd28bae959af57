"""What is given back for returned units, read from the shares that were stored when they were sold (policy *keep*).

Each unit's payable goes to the shopper, each unit's shares go back to who paid them. Shipping goes back with the last
unit: so after it everything that was paid has gone back, for each line, the order and every payer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.checkout import refusals
from festoon.checkout.answers import RefundedLine
from festoon.checkout.request import invalid

Unit = tuple[str, int]
Asked = Mapping[str, Sequence[int] | int]


@dataclass(frozen=True, slots=True)
class Returned:
    """The units that come back now, the money by line, of shipping, and by (offer, payer)."""

    units: tuple[Unit, ...]
    lines: tuple[RefundedLine, ...]
    shipping: int
    payers: Mapping[tuple[str, str], int]

    @property
    def amount(self) -> int:
        """What goes back to the shopper."""
        return self.shipping + sum(line.amount for line in self.lines)


def returned(price: Mapping[str, Any], asked: Asked, back: Collection[Unit]) -> Returned:
    """What `asked` (line → unit numbers from 1, or how many) gives back, when `back` came back before.

    Raises Invalid naming `units.<line>` for what was not sold, Conflict `already_refunded`.
    """
    sold = {line["id"]: line["units"] for line in price["lines"]}
    if not asked:
        raise invalid("units", "empty", "Say which units come back.", "请说明退哪些商品。")
    units = [unit for line in sorted(asked) for unit in _units(line, asked[line], sold, back)]
    coming = {(line, unit["unit"]): unit for line, unit in units}
    last = len(coming) + len(back) == sum(len(each) for each in sold.values())
    parts = list(coming.values()) + ([price["shipping"]] if last else [])
    payers: dict[tuple[str, str], int] = {}
    for part in parts:
        for share in part["shares"]:
            for payer, amount in share["payers"].items():
                payers[share["offer"], payer] = payers.get((share["offer"], payer), 0) + amount
    lines = tuple(
        RefundedLine(
            line,
            [number for each, number in coming if each == line],
            sum(unit["payable"] for (each, _), unit in coming.items() if each == line),
        )
        for line in sorted(asked)
    )
    return Returned(tuple(coming), lines, price["shipping"]["payable"] if last else 0, payers)


def _units(
    line: str, wanted: Sequence[int] | int, sold: Mapping[str, Any], back: Collection[Unit]
) -> list[tuple[str, Mapping[str, Any]]]:
    field = f"units.{line}"
    if line not in sold:
        raise invalid(field, "unknown_line", "This order has no such line.", "订单中没有这一行。")
    by_number = {unit["unit"]: unit for unit in sold[line]}
    if isinstance(wanted, int):
        free = [number for number in by_number if (line, number) not in back]
        if isinstance(wanted, bool) or not 1 <= wanted <= len(by_number):
            raise invalid(field, "out_of_range", f"From 1 to {len(by_number)}.", f"1 到 {len(by_number)}。")
        if wanted > len(free):
            raise refusals.unit_back(line)
        wanted = free[:wanted]
    if not wanted or any(isinstance(n, bool) or n not in by_number for n in wanted) or len(set(wanted)) < len(wanted):
        raise invalid(field, "unknown_unit", "Units are numbered from 1, each named once.", "件号从 1 起，且不可重复。")
    if any((line, number) in back for number in wanted):
        raise refusals.unit_back(line)
    return [(line, by_number[number]) for number in sorted(wanted)]
