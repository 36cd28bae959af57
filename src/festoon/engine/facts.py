"""What is known about one cart, in canonical order: the only thing, beside the book, that a price depends on.

Lines of the same sku, unit price and attributes are one `Row`: priced as one, reported apart. Rows stand in the order
of their smallest line id, so that nothing depends on the order of a request.
"""

from __future__ import annotations

from copy import copy
from typing import Final

SINGLE = ("sku", "product", "brand", "store", "merchant")
"""Attributes of which a line has one value, in the order of `Row.single`."""
MANY = ("category", "tag")
"""Attributes of which a line may have several values, in the order of `Row.many`."""
LINE = "line"
"""The one attribute that is of the cart and not of the goods: the line's id."""
ATTRIBUTES = (*SINGLE, *MANY, LINE)


class Row:
    """Units that cannot be told apart. Money in minor units.

    `lines` are (line id, quantity) in order of id; `single` and `many` the values of the attributes SINGLE and MANY;
    `tag_floor` and `net_floor` are per unit, 0 for none.
    """

    __slots__ = ("gross", "lines", "many", "merchant", "net_floor", "quantity", "single", "tag_floor", "unit_price")

    def __init__(
        self,
        lines: tuple[tuple[str, int], ...],
        unit_price: int,
        single: tuple[str, str, str, str, str],
        many: tuple[tuple[str, ...], tuple[str, ...]],
        tag_floor: int = 0,
        net_floor: int = 0,
    ) -> None:
        self.lines = lines
        self.quantity = sum([n for _, n in lines])
        self.unit_price = unit_price
        self.gross = unit_price * self.quantity
        self.single = single
        self.many = many
        self.merchant = single[4]
        self.tag_floor = tag_floor
        self.net_floor = net_floor

    def __copy__(self) -> Row:
        """The same units, whose floors may be told anew."""
        return Row(self.lines, self.unit_price, self.single, self.many, self.tag_floor, self.net_floor)


class Buyer:
    """Who buys, as far as the offers in reach need to know. None or an empty set: nobody said."""

    __slots__ = ("birthday_month", "id", "level", "new", "orders_placed", "segments")

    def __init__(
        self,
        id: str = "",
        segments: frozenset[str] = frozenset(),
        level: str = "",
        orders_placed: int | None = None,
        new: bool | None = None,
        birthday_month: int | None = None,
    ) -> None:
        self.id, self.segments, self.level = id, segments, level
        self.orders_placed, self.new, self.birthday_month = orders_placed, new, birthday_month


class Held:
    """A coupon in the buyer's wallet. `expires` in microseconds since 1970 UTC, None for never."""

    __slots__ = ("balance", "expires", "id", "offer")

    def __init__(self, id: str, offer: str, expires: int | None = None, balance: int | None = None) -> None:
        self.id, self.offer, self.expires, self.balance = id, offer, expires, balance


class Availability:
    """What is left of an offer: uses in all and by this buyer, money, units; None is plenty.

    `buyers` is how many others bought with it before, None for nobody said.
    """

    __slots__ = ("budget", "buyer_uses", "buyers", "units", "uses")

    def __init__(
        self,
        uses: int | None = None,
        buyer_uses: int | None = None,
        budget: int | None = None,
        units: int | None = None,
        buyers: int | None = None,
    ) -> None:
        self.uses, self.buyer_uses, self.budget, self.units = uses, buyer_uses, budget, units
        self.buyers = buyers


NO_ROWS: list[Row] = []
NONE: frozenset[str] = frozenset()
SUM: Final = 0
EYE: Final = 1
UNITS: Final = 2
"""What an offer must know of a purchase: its sum; what the goods are, which staff can see; each unit with its price."""


class Facts:
    """One cart at one moment (`at`, microseconds since 1970 UTC). `data` is the cart as it was read, for the record.

    `best`: no coupon is chosen, the best of the wallet is sought. `gross` and `counts` are the amount and the units of
    each row, with shipping, of which there is one, in the last place; `single` the values of each attribute, row after
    row, and `many` those of which a row may have several, with the row's number; `floored` says that some goods have a floor.
    `only_sum`: the one row stands for goods that nobody entered, of which only the sum is known; `confirmed` are the
    coupons whose goods staff saw with their own eyes.
    """

    __slots__ = (
        "at", "availability", "best", "buyer", "channel", "chosen", "confirmed", "counts", "currency", "data", "floored", "gross",
        "many", "merchant", "moment", "only_sum", "payment", "rows", "scene", "shipping", "single", "store", "wallet",
    )  # fmt: skip

    def __init__(
        self,
        currency: str,
        moment: str,
        at: int,
        rows: list[Row],
        *,
        shipping: int = 0,
        channel: str = "",
        scene: str = "",
        store: str = "",
        merchant: str = "",
        buyer: Buyer | None = None,
        wallet: tuple[Held, ...] = (),
        chosen: tuple[str, ...] = (),
        availability: dict[str, Availability] | None = None,
        data: object = None,
        payment: str = "",
        best: bool = False,
        only_sum: bool = False,
        confirmed: frozenset[str] = NONE,
    ) -> None:
        self.only_sum, self.confirmed = only_sum, confirmed
        self.currency, self.moment, self.at = currency, moment, at
        self.shipping = shipping
        if rows is not NO_ROWS:
            self.hold(rows)
        self.channel, self.scene, self.store, self.merchant = channel, scene, store, merchant
        self.buyer = buyer if buyer is not None else Buyer()
        self.wallet, self.chosen = wallet, chosen
        self.availability = availability if availability is not None else {}
        self.data = data
        self.payment, self.best = payment, best

    def hold(self, rows: list[Row]) -> None:
        """Take these rows for the cart's, in the order of their first line id."""
        self.rows = rows
        self.gross = [*[row.gross for row in rows], self.shipping]
        self.single = [[row.single[a] for row in rows] for a in range(len(SINGLE))]
        self.many = [[(r, v) for r, row in enumerate(rows) for v in row.many[a]] for a in range(len(MANY))]
        self.counts = [*[row.quantity for row in rows], 1]
        self.floored = any([row.tag_floor or row.net_floor for row in rows])

    def __copy__(self) -> Facts:
        """The same facts apart, without looking at the rows again."""
        new = Facts(self.currency, self.moment, self.at, NO_ROWS, shipping=self.shipping, buyer=self.buyer)
        new.channel, new.scene, new.store, new.merchant = self.channel, self.scene, self.store, self.merchant
        new.wallet, new.chosen, new.best, new.payment = self.wallet, self.chosen, self.best, self.payment
        new.availability, new.data = self.availability, self.data
        new.only_sum, new.confirmed = self.only_sum, self.confirmed
        new.rows, new.gross, new.counts, new.floored = self.rows, self.gross, self.counts, self.floored
        new.single, new.many = self.single, self.many
        return new

    def freed(self) -> Facts:
        """The same cart, with the best of its wallet sought."""
        facts = copy(self)
        facts.best, facts.chosen = True, ()
        return facts

    def parted(self, named: list[frozenset[str]]) -> Facts:
        """The facts with lines told apart that one of the sets of line ids names and the others of their row are not in."""
        if not named:
            return self
        rows = [part for row in self.rows for part in _parted(row, named)]
        if len(rows) == len(self.rows):
            return self
        facts = copy(self)
        facts.hold(sorted(rows, key=lambda row: row.lines[0][0]))
        return facts


def _parted(row: Row, named: list[frozenset[str]]) -> list[Row]:
    parts: dict[tuple[bool, ...], list[tuple[str, int]]] = {}
    for line in row.lines:
        parts.setdefault(tuple([line[0] in ids for ids in named]), []).append(line)
    return [
        Row(tuple(lines), row.unit_price, row.single, row.many, row.tag_floor, row.net_floor)
        for lines in parts.values()
    ]
