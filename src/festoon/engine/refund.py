"""What goes back when units come back: to the shopper, and to those who paid the rest of the price.

Pure arithmetic on the stored price of an order. A *standing* says what some of its units cost and who bears what; what
goes back is the difference between the standing of all that was sold and of what is kept, less what went back before.
So no sum can be missed or given twice, in whatever order units come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from festoon.base.money import share, share_within
from festoon.base.words import Words

Key = TypeVar("Key")
Unit = tuple[str, int]
"""A line's id and the number of a unit in it, from 1."""
Borne = tuple[str, str]
"""An offer and one of its payers."""
Gifts = tuple[str, str]
"""An offer and the goods it gave."""
Price = Mapping[str, Any]
"""The documented JSON of a quote."""
Judge = Callable[[Collection[Unit]], Price]
"""The kept units, priced again by the offers that were applied."""
SHIPPING = ""
"""Where a line is named: shipping, which is kept until the last unit is back."""


class RefundPolicy:
    """What becomes of an offer's discount, gifts and coupon when units of the order come back.

    `judges`: the kept units keep what the offer gives them when they are judged again; else what it gave them when they
    were sold. `coupon_back`: its coupon goes back to the shopper once nothing that is kept enjoys it, for
    at least `days`.
    """

    __slots__ = ()
    title: ClassVar[Words]
    judges: ClassVar[bool] = False
    coupon_back: ClassVar[bool] = False
    keeps_gifts: bool = False
    days: int | None = None


class Standing:
    """What some units cost, in minor units: `paid` by the shopper for each line (shipping is the line ""), `borne` by each
    payer of each offer. `gifts` are those that stay.
    """

    __slots__ = ("borne", "gifts", "paid")

    def __init__(self) -> None:
        self.paid: dict[str, int] = {}
        self.borne: dict[Borne, int] = {}
        self.gifts: dict[Gifts, int] = {}

    @property
    def listed(self) -> int:
        """The list price of it all."""
        return sum(self.paid.values()) + sum(self.borne.values())


class Back:
    """What goes back, or went back so far: `paid` to the shopper by line, `borne` to payers, `gifts` to the shop.

    `owed` is what the kept units would cost above what was kept of the money: never charged, it lowers later refunds.
    `coupons` are those that the shopper may use again.
    """

    __slots__ = ("borne", "coupons", "gifts", "owed", "paid")

    def __init__(self) -> None:
        self.paid: dict[str, int] = {}
        self.borne: dict[Borne, int] = {}
        self.gifts: dict[Gifts, int] = {}
        self.coupons: list[str] = []
        self.owed = 0

    @property
    def amount(self) -> int:
        """What the shopper gets."""
        return sum(self.paid.values())

    def add(self, more: Back) -> None:
        """Count a later refund in."""
        _add(self.paid, more.paid)
        _add(self.borne, more.borne)
        _add(self.gifts, more.gifts)
        self.coupons += more.coupons
        self.owed = more.owed


def units_of(price: Price) -> set[Unit]:
    """Every unit that was sold."""
    return {(line["id"], unit["unit"]) for line in price["lines"] for unit in line["units"]}


def refund(
    price: Price,
    kept: Collection[Unit],
    gone: Collection[Unit],
    policies: Mapping[str, RefundPolicy],
    judge: Judge,
    before: Back,
) -> Back:
    """What goes back now, when `kept` stay with the shopper and `gone` came back before.

    `policies` by offer; `before` is the sum of what went back so far. `judge` is asked once, where a policy needs it.
    """
    offers = [each["offer"] for each in price["offers"]]
    sold = standing(price, units_of(price), offers)
    stays = _kept(price, kept, policies, judge, offers)
    now = _difference(sold, stays, before)
    now.coupons = [
        each["coupon"]
        for each in price["offers"]
        if each["coupon"] is not None and policies[each["offer"]].coupon_back
        and not _enjoyed(price, kept, each["offer"]) and _enjoyed(price, units_of(price) - set(gone), each["offer"])
    ]  # fmt: skip
    return now


def standing(price: Price, units: Collection[Unit], offers: list[str]) -> Standing:
    """What these units cost by the shares that are in the price, and every gift."""
    table = _table(price, units)
    found = _standing(table, [(offers, table)])
    found.gifts = _given(price)
    return found


def _kept(
    price: Price, kept: Collection[Unit], policies: Mapping[str, RefundPolicy], judge: Judge, offers: list[str]
) -> Standing:
    """What is kept, as each offer's policy says.

    An offer that judges gives way where a line has no room for it beside those that keep what they gave.
    """
    stored, again = _table(price, kept), None
    asked = [offer for offer in offers if policies[offer].judges]
    giving = [each["offer"] for each in price["gifts"] if not policies[each["offer"]].keeps_gifts]
    if kept and (asked or giving):
        again = judge(kept)
    table = stored if again is None else _table(again, units_of(again))
    held = [offer for offer in offers if offer not in asked]
    stays = _standing(stored, [(held, stored), (asked, table)])
    left: dict[Gifts, int] = {}
    for each in again["gifts"] if again is not None else ():
        _add(left, {(each["offer"], each["sku"]): each["quantity"]})
    for gift, count in _given(price).items():
        stays.gifts[gift] = count if policies[gift[0]].keeps_gifts else min(count, left.get(gift, 0))
    return stays


Table = dict[str, tuple[int, dict[str, dict[str, int]]]]
"""By line: the list price of its units, and by offer what each payer bears."""


def _parts(price: Price, units: Collection[Unit]) -> Iterator[tuple[str, int, Any]]:
    for line in price["lines"]:
        for unit in line["units"]:
            if (line["id"], unit["unit"]) in units:
                yield line["id"], line["unit_price"], unit["shares"]
    if units:
        yield SHIPPING, price["shipping"]["list"], price["shipping"]["shares"]


def _table(price: Price, units: Collection[Unit]) -> Table:
    table: Table = {}
    for line, listed, shares in _parts(price, units):
        before, offers = table.get(line, (0, {}))
        for each in shares:
            _add(offers.setdefault(each["offer"], {}), each["payers"])
        table[line] = before + listed, offers
    return table


def _standing(lines: Table, turns: list[tuple[list[str], Table]]) -> Standing:
    """The sums of each line: one after another, each offer gives what the table of its turn says, while there is room."""
    found = Standing()
    for line, (left, _) in lines.items():
        for offers, table in turns:
            for offer in offers:
                payers = table[line][1].get(offer, {})
                parts = share(min(sum(payers.values()), left), list(payers.values()))
                left -= sum(parts)
                _add(found.borne, {(offer, payer): part for payer, part in zip(payers, parts, strict=True)})
        found.paid[line] = left
    return found


def _given(price: Price) -> dict[Gifts, int]:
    given: dict[Gifts, int] = {}
    for each in price["gifts"]:
        _add(given, {(each["offer"], each["sku"]): each["quantity"]})
    return given


def _difference(sold: Standing, stays: Standing, before: Back) -> Back:
    """What goes back now: to the shopper what was paid above the price of what is kept, to the payers the rest.

    Together never more than the list price of what came back: so no payer ever pays anew, and what is withheld from
    the shopper goes to those whose shares lapsed.
    """
    now = Back()
    due = sum(sold.paid.values()) - sum(stays.paid.values()) - before.amount
    whole = sold.listed - stays.listed - before.amount - sum(before.borne.values())
    amount = min(max(0, due), whole)
    now.owed = max(0, -due)
    now.paid = _dealt(amount, sold.paid, stays.paid, before.paid)
    now.borne = _dealt(whole - amount, sold.borne, stays.borne, before.borne)
    now.gifts = _less(sold.gifts, stays.gifts, before.gifts)
    return now


def _dealt(amount: int, sold: dict[Key, int], stays: dict[Key, int], before: dict[Key, int]) -> dict[Key, int]:
    """`amount` over those to whom something is due, in proportion to it; nobody gets more in all than was sold.

    The room of each matters only where a payer's part of a unit is below zero, which three payers of a cent can make.
    """
    due, rooms = _less(sold, stays, before), _less(sold, {}, before)
    return dict(zip(due, share_within(amount, list(due.values()), list(rooms.values())), strict=True))


def _less(sold: dict[Key, int], stays: dict[Key, int], before: dict[Key, int]) -> dict[Key, int]:
    return {key: max(0, had - stays.get(key, 0) - before.get(key, 0)) for key, had in sold.items()}


def _enjoyed(price: Price, units: Collection[Unit], offer: str) -> bool:
    """Whether anything of these units was given by the offer; one that took nothing from any is enjoyed by all."""
    if not units:
        return False
    whole = units_of(price)
    took = any(each["offer"] == offer for _, _, shares in _parts(price, whole) for each in shares)
    return not took or any(each["offer"] == offer for _, _, shares in _parts(price, units) for each in shares)


def _add(sums: dict[Key, int], more: Mapping[Key, int]) -> None:
    for key, amount in more.items():
        sums[key] = sums.get(key, 0) + amount
