"""Every discount to the unit and to the payer, so that a refund and a settlement need no second thought."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import NOT_GIVEN, Served, evenly, pieces, split, tagged
from festoon.engine.offer import Offer
from festoon.engine.play import Play

NO_UNITS: Final[list[int]] = []
"""No units yet."""


class Share:
    """What one offer took from one row: `units[i]` from its unit i; `payers`: who pays how much of each of them."""

    __slots__ = ("k", "payers", "units")

    def __init__(self, k: int, units: list[int], payers: list[tuple[str, list[int]]]) -> None:
        self.k, self.units, self.payers = k, units, payers

    def paid(self, first: int, end: int) -> dict[str, int]:
        """Who pays how much of the units `first` up to `end`."""
        found: dict[str, int] = {}
        for payer, parts in self.payers:
            paid = parts[first] if end - first == 1 else sum(parts[first:end])
            if paid or any(parts[first:end]):
                found[payer] = found.get(payer, 0) + paid
        return found


class Shares:
    """The shares of a play, each worked out once and written down where it says something new.

    What a row of one unit was given is the cut of the row, and an offer's only payer pays all that it took; so only
    the units of larger rows (in `given` of each that served) and the parts of several payers (`parts`: candidate →
    beside its payers, what each pays of each unit it took from, row after row) are lists of their own.
    """

    __slots__ = ("parts", "play")

    def __init__(self, play: Play) -> None:
        self.play = play
        self._units()
        self.parts: dict[int, list[list[int]]] = {}
        for k in play.served if play.cart.book.bills_shared else ():
            offer = play.cart.offers[k]
            if len(offer.payers) > 1 and play.mask >> k & 1:
                self.parts[k] = _parts(offer, [unit for _, units in self._taken(k) for unit in units])

    def _units(self) -> None:
        """What each unit of a row of several was given, in the order of turns."""
        facts, bids = self.play.cart.facts, self.play.amounts.bids
        rows, counts = facts.rows, facts.counts
        told = [NO_UNITS] * len(counts)  # what each unit of a row was given last,
        found = [NO_UNITS] * len(counts)  # and what was on it then; the price, where nothing is told
        for served in self.play.served.values():
            if served.bids is not None:
                continue
            known = served.given
            for r, cut in zip(served.rows, served.cuts):  # noqa: B905  as in `turn`
                if counts[r] == 1 or not cut:
                    continue
                row, last = rows[r], told[r]
                if last:
                    values = found[r]
                    if values:
                        values = [value - part for value, part in zip(values, last)]  # noqa: B905
                    else:
                        price = row.unit_price
                        values = [price - part for part in last]
                    found[r] = values
                    given = known[r] if r in known else split(cut, values, row.tag_floor)
                elif r in bids:
                    found[r] = tagged(row, bids[r])
                    given = known[r] if r in known else split(cut, found[r], row.tag_floor)
                elif row.tag_floor or r in known:
                    given = known[r] if r in known else evenly(cut, row.unit_price, counts[r], row.tag_floor)
                else:  # so where there is no floor, without a call
                    n, each = counts[r], cut // counts[r]
                    more = cut - each * n
                    given = [each + 1] * more + [each] * (n - more) if more else [each] * n
                told[r] = given
                if known is NOT_GIVEN:
                    known = served.given = {}
                known[r] = given

    def _taken(self, k: int) -> list[tuple[int, list[int]]]:
        """What candidate k took from the units of each row, in the order of rows."""
        if self.play.cart.price_bits >> k & 1:
            return [(r, units) for r in sorted(self.play.amounts.bids) for n, units in self._priced(r) if n == k]
        return [(r, units) for r, units in self._of(self.play.served[k])]

    def _of(self, served: Served) -> list[tuple[int, list[int]]]:
        cuts = zip(served.rows, served.cuts, strict=True)
        return [(r, served.given.get(r, [cut])) for r, cut in cuts if cut]

    def _priced(self, r: int) -> list[tuple[int, list[int]]]:
        """What each price offer took from the units of a row that it holds at the end of the price stage."""
        quantity, first, found = self.play.cart.facts.rows[r].quantity, 0, []
        for cut, n, k in pieces(self.play.amounts.bids[r], quantity):
            if cut:
                each, more = divmod(cut, n)
                units = [0] * first + [each + 1] * more + [each] * (n - more) + [0] * (quantity - first - n)
                found.append((k, units))
            first += n
        return found

    def table(self) -> list[list[Share]]:
        """The shares of each row in the order of turns; shipping is the last row and one unit."""
        cart = self.play.cart
        table: list[list[Share]] = [[] for _ in cart.gross]
        at = dict.fromkeys(self.parts, 0)
        for r in sorted(self.play.amounts.bids):
            for k, units in self._priced(r):
                table[r].append(self._share(k, r, units, at))
        for served in self.play.served.values():
            for r, units in self._of(served) if served.bids is None else ():
                table[r].append(self._share(served.k, r, units, at))
        return table

    def _share(self, k: int, r: int, units: list[int], at: dict[int, int]) -> Share:
        """`at` is how many of the units of each offer with several payers were told already."""
        cart = self.play.cart
        offer, merchant = cart.offers[k], cart.merchant(r)
        if k not in self.parts:
            return Share(k, units, [(named(offer.payers[0][0], merchant), units)])
        first, at[k] = at[k], at[k] + len(units)
        names = [named(payer, merchant) for payer, _ in offer.payers]
        return Share(k, units, [(n, part[first : at[k]]) for n, part in zip(names, self.parts[k], strict=True)])


def _parts(offer: Offer, units: list[int]) -> list[list[int]]:
    """Unit by unit, each payer but the last gets what its rounded-down cumulative entitlement grew by, the last the rest."""
    found, rest = [], units[:]
    for _, weight in offer.payers[:-1]:
        before, sum_, part = 0, 0, []
        for unit in units:
            sum_ += unit
            after = sum_ * weight // 10_000
            part.append(after - before)
            before = after
        found.append(part)
        rest = [left - taken for left, taken in zip(rest, part, strict=True)]
    return [*found, rest]


def named(payer: str, merchant: str) -> str:
    """The payer "merchant" is the merchant of the goods; where there is none, the platform."""
    if payer != "merchant":
        return payer
    return f"merchant:{merchant}" if merchant else "platform"
