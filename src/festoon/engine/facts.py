"""What is known about one cart, in canonical order: the only thing, beside the book, that a price depends on.

Lines of the same sku, unit price and attributes are one `Row`: priced as one, reported apart. Rows stand in the order
of their smallest line id, so that nothing depends on the order of a request.
"""

from __future__ import annotations

SINGLE = ("sku", "product", "brand", "store", "merchant")
"""Attributes of which a line has one value, in the order of `Row.single`."""
MANY = ("category", "tag")
"""Attributes of which a line may have several values, in the order of `Row.many`."""
ATTRIBUTES = SINGLE + MANY


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


class Buyer:
    """Who buys, as far as the offers in reach need to know. None or an empty set: nobody said."""

    __slots__ = ("id", "level", "new", "orders_placed", "segments")

    def __init__(
        self,
        id: str = "",
        segments: frozenset[str] = frozenset(),
        level: str = "",
        orders_placed: int | None = None,
        new: bool | None = None,
    ) -> None:
        self.id, self.segments, self.level = id, segments, level
        self.orders_placed, self.new = orders_placed, new


class Held:
    """A coupon in the buyer's wallet. `expires` in microseconds since 1970 UTC, None for never."""

    __slots__ = ("balance", "expires", "id", "offer")

    def __init__(self, id: str, offer: str, expires: int | None = None, balance: int | None = None) -> None:
        self.id, self.offer, self.expires, self.balance = id, offer, expires, balance


class Availability:
    """What is left of an offer: uses in all and by this buyer, money, units. None is plenty."""

    __slots__ = ("budget", "buyer_uses", "units", "uses")

    def __init__(
        self,
        uses: int | None = None,
        buyer_uses: int | None = None,
        budget: int | None = None,
        units: int | None = None,
    ) -> None:
        self.uses, self.buyer_uses, self.budget, self.units = uses, buyer_uses, budget, units


class Facts:
    """One cart at one moment (`at`, microseconds since 1970 UTC). `data` is the cart as it was read, for the record."""

    __slots__ = (
        "at", "availability", "buyer", "channel", "chosen", "currency", "data", "merchant", "moment", "rows", "scene",
        "shipping", "store", "wallet",
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
    ) -> None:
        self.currency, self.moment, self.at = currency, moment, at
        self.rows, self.shipping = rows, shipping
        self.channel, self.scene, self.store, self.merchant = channel, scene, store, merchant
        self.buyer = buyer if buyer is not None else Buyer()
        self.wallet, self.chosen = wallet, chosen
        self.availability = availability if availability is not None else {}
        self.data = data
