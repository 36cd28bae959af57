"""The answer: what is to be paid, who gave what to which unit, and why."""

from __future__ import annotations

import hashlib
import json

from festoon.engine.judge import totals, verdicts
from festoon.engine.offer import Offer
from festoon.engine.play import Play
from festoon.engine.shares import Share, Shares
from festoon.engine.stages import STAGES
from festoon.engine.verdicts import Verdict

HASHED = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Quote:
    """One cart priced. Amounts in minor units of the cart's currency.

    `payable` is for goods and shipping; `optimal` says that no legal set of offers saves more, else `bound` is the
    most that one could still save. `steps` counts the branches the choice looked at. `better`, when asked for, is what
    other coupons of the wallet would gain, and which.
    """

    __slots__ = (
        "_shares",
        "better",
        "bound",
        "discount",
        "list_total",
        "payable",
        "play",
        "shipping",
        "steps",
        "verdicts",
    )

    def __init__(self, play: Play, bound: int, steps: int, explained: bool) -> None:
        cart, left = play.cart, play.amounts.left
        self.play, self.bound, self.steps = play, bound, steps
        self.list_total = sum(cart.gross)
        self.payable = sum(left)
        self.discount = self.list_total - self.payable
        self.shipping = left[cart.shipping_at]
        self._shares = Shares(play)
        self.verdicts: list[Verdict] = verdicts(play) if explained else []
        self.better: tuple[int, list[str]] | None = None

    @property
    def optimal(self) -> bool:
        """Whether the choice is proven to be the best legal one."""
        return self.bound == 0

    @property
    def id(self) -> str:
        """The hash of the inputs: the book's version and the facts."""
        cart = self.play.cart
        return hashlib.sha256(HASHED([cart.book.version, cart.facts.data]).encode()).hexdigest()[:32]

    def coupons(self) -> list[str]:
        """The coupons that serve, in the order of turns."""
        return [
            held.id for k, held in enumerate(self.play.cart.coupons) if held is not None and self.play.mask >> k & 1
        ]

    def shares(self) -> list[list[Share]]:
        """Every discount to the unit and payer, by row; shipping is the last row."""
        return self._shares.table()

    def applied(self) -> list[tuple[Offer, int]]:
        """The offers that served and what each took, in the order of turns."""
        taken, play = totals(self.play), self.play
        return [(offer, taken[k]) for k, offer in enumerate(play.cart.offers) if play.mask >> k & 1]

    def to_data(self, *, words: bool = False, id: str = "") -> dict[str, object]:
        """The documented JSON; with `words`, every verdict says itself in both languages.

        `id` is the quote's own, for whoever has worked it out already.
        """
        cart = self.play.cart
        facts, table = cart.facts, self.shares()
        data: dict[str, object] = {
            "quote": id or self.id,
            "book": cart.book.version,
            "moment": facts.moment,
            "currency": facts.currency,
            "totals": {
                "list": self.list_total,
                "goods": self.payable - self.shipping,
                "shipping": self.shipping,
                "discount": self.discount,
                "payable": self.payable,
            },
            "lines": self._lines(table),
            "shipping": self._shipping(table[-1]),
            "offers": self._offers(table),
            "gifts": self._gifts(),
            "coupons": self._coupons(),
            "verdicts": [v.to_data(facts.currency if words else None) for v in self.verdicts],
            "optimal": self.optimal,
            "bound": self.bound,
            "steps": self.steps,
        }
        if self.play.amounts.drawn:
            data["balances"] = self.play.amounts.drawn
        if deposits := self._deposits():
            data["deposits"] = deposits
        if self.better is not None:
            data["better"] = {"gain": self.better[0], "chosen": self.better[1]}
        return data

    def _deposits(self) -> list[dict[str, object]]:
        """What is paid ahead of the rest, by offer."""
        play = self.play
        return [{"offer": self._code(k), "paid": paid} for k, paid in play.paid.items() if paid and play.mask >> k & 1]

    def _code(self, k: int) -> str:
        return self.play.cart.offers[k].code

    def _lines(self, table: list[list[Share]]) -> list[dict[str, object]]:
        """One entry a line, in the order of line ids; the units of a row are dealt to its lines in that order."""
        lines: list[dict[str, object]] = []
        for row, given in zip(self.play.cart.facts.rows, table, strict=False):
            first, price = 0, row.unit_price
            for line, quantity in row.lines:
                end = first + quantity
                discount = sum([sum(s.units[first:end]) for s in given])
                lines.append(
                    {
                        "id": line,
                        "sku": row.single[0],
                        "quantity": quantity,
                        "unit_price": price,
                        "list": price * quantity,
                        "discount": discount,
                        "payable": price * quantity - discount,
                        "shares": self._entries(given, first, end),
                        "units": [
                            {
                                "unit": i - first + 1,
                                "payable": price - sum([s.units[i] for s in given]),
                                "shares": self._entries(given, i, i + 1),
                            }
                            for i in range(first, end)
                        ]
                        if given
                        else [{"unit": n, "payable": price, "shares": []} for n in range(1, quantity + 1)],
                    }
                )
                first = end
        lines.sort(key=lambda line: str(line["id"]))
        return lines

    def _entries(self, given: list[Share], first: int, end: int) -> list[dict[str, object]]:
        """What each offer took from the units `first` up to `end` of a row, and who pays it."""
        offers, found = self.play.cart.offers, []
        for share in given:
            amount = sum(share.units[first:end])
            if amount:
                found.append({"offer": offers[share.k].code, "amount": amount, "payers": share.paid(first, end)})
        return found

    def _shipping(self, given: list[Share]) -> dict[str, object]:
        listed = self.play.cart.facts.shipping
        discount = sum([s.units[0] for s in given])
        shares = self._entries(given, 0, 1)
        return {"list": listed, "discount": discount, "payable": listed - discount, "shares": shares}

    def _offers(self, table: list[list[Share]]) -> list[dict[str, object]]:
        cart, found = self.play.cart, []
        served = self.play.served
        shares: dict[int, list[Share]] = {}
        for row in table:
            for share in row:
                shares.setdefault(share.k, []).append(share)
        for k, offer in enumerate(cart.offers):
            if not self.play.mask >> k & 1:
                continue
            mine, held = shares.get(k, []), cart.coupons[k]
            payers: dict[str, int] = {}
            for share in mine:
                for payer, amount in share.paid(0, len(share.units)).items():
                    payers[payer] = payers.get(payer, 0) + amount
            found.append(
                {
                    "offer": offer.code,
                    "name": offer.name.to_data(),
                    "kind": "coupon" if offer.coupon else "promotion",
                    "stage": STAGES[offer.stage],
                    "amount": sum([sum(s.units) for s in mine]),
                    "payers": payers,
                    "coupon": held.id if held is not None else None,
                    "cut_by_floor": served[k].floor_cut,
                    "scarce": served[k].scarce,
                }
            )
        return found

    def _gifts(self) -> list[dict[str, object]]:
        return [
            {"offer": self._code(s.k), "sku": g.sku, "quantity": g.quantity, "value": g.value}
            for s in self.play.served.values()
            for g in s.gifts
        ]

    def _coupons(self) -> list[dict[str, object]]:
        """What became of each chosen coupon, in the order of choosing. One that is not in the wallet says no more."""
        cart = self.play.cart
        offers = {held.id: held.offer for held in cart.facts.wallet}
        served = {held.id for k, held in enumerate(cart.coupons) if held is not None and self.play.mask >> k & 1}
        drawn = self._drawn()
        listed = sorted(served) if cart.facts.best else cart.facts.chosen
        return [
            {"id": c, "offer": offers.get(c), "served": c in served, **({"drawn": drawn[c]} if c in drawn else {})}
            for c in listed
        ]

    def _drawn(self) -> dict[str, int]:
        """What each balance paid."""
        play = self.play
        taken = totals(play) if play.amounts.drawn else []
        return {
            held.id: taken[k]
            for k, held in enumerate(play.cart.coupons)
            if taken and held is not None and play.mask >> k & 1 and play.cart.offers[k].balance
        }
