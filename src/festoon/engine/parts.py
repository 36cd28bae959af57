"""The candidates of a cart in parts that do not touch: what is best in one is best whatever is chosen in the others.

Two offers touch where they look at, or take from, the same row; where an exclusion ties them; where they are of one
group, which is capped together; and where one looks at more than its own goods, as a threshold over the whole order
does. What they have of their own, a budget, a balance, touches nobody.
"""

from __future__ import annotations

from festoon.engine.cart import Cart
from festoon.engine.stages import SHIPPING
from festoon.engine.ties import Ties


def parts_of(cart: Cart, ties: Ties, active: int) -> list[int]:
    """The `active` candidates, as bits, part by part."""
    whole = cart.shipping_at
    for k, offer in enumerate(cart.offers):
        if (offer.wide or len(cart.rows[k]) == whole) and active >> k & 1:
            return [active]  # it touches everybody
    looks = [_looks(cart, k) for k in range(len(cart.offers))]
    groups: dict[str, int] = {}
    parts: list[tuple[int, int]] = []
    for k, offer in enumerate(cart.offers):
        if not active >> k & 1:
            continue
        near = 1 << k | (ties.order[k] | ties.line[k]) & active
        if offer.group is not None:
            near |= groups.get(offer.group, 0)
            groups[offer.group] = near
        members, rows, others = near, looks[k], []
        for part, its in parts:
            if part & members or its & looks[k]:
                members, rows = members | part, rows | its
            else:
                others.append((part, its))
        parts = [*others, (members, rows)]
    return sorted([part for part, _ in parts], key=lambda part: part & -part)


def _looks(cart: Cart, k: int) -> int:
    """The rows that candidate k looks at or takes from, as bits; shipping is the last one."""
    offer = cart.offers[k]
    looks = sum([1 << r for r in cart.rows[k]])
    if offer.stage == SHIPPING or offer.pays_shipping:
        looks |= 1 << cart.shipping_at
    return looks
