"""What the sales of a campaign leave when the goods are paid: what shoppers paid less what the goods cost, net of refunds.

Of the orders whose goods and gifts all have a cost price, at the cost prices of today; how many orders these are is told
with it. What sending, payment and people cost is not in it, nor what would have been sold anyway.

Orders are read out of their frozen prices a part at a time: each look reads the next, and remembers it in this process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from festoon.campaigns.models import Campaign
from festoon.catalog.goods import Goods
from festoon.checkout import queries as checkout
from festoon.checkout.holds import price_of
from festoon.checkout.models import Hold
from festoon.composition.results import in_its_time
from festoon.records.viewer import Viewer

SETTLED = timedelta(seconds=30)
"""What is younger may still be joined by something older."""
A_LOOK = 2000
"""How many orders and refunds one look reads."""
KEPT = 64
"""How many campaigns are remembered; the one that nobody asked for the longest is forgotten."""


@dataclass(slots=True)
class Profit:
    """What was counted so far: money in minor units; `known` of `orders` have a cost price for all their goods.

    `through`: everything that is settled was read.
    """

    profit: int = 0
    orders: int = 0
    known: int = 0
    through: bool = False


@dataclass(slots=True)
class _Count:
    found: Profit
    sold: tuple[datetime, str] | None = None
    back: tuple[datetime, str] | None = None
    reading: threading.Lock = field(default_factory=threading.Lock)


_counted: OrderedDict[tuple[Any, ...], _Count] = OrderedDict()
_lock = threading.Lock()


def forget() -> None:
    """Begin anew: for tests, whose rows are put back."""
    _counted.clear()


def profit(viewer: Viewer, campaign: Campaign, have: Goods, *, now: datetime) -> Profit:
    """The profit of what was sold while the campaign ran, as far as it was read; another look reads on."""
    window = (viewer.merchant_id, campaign.pk, campaign.starts_at, campaign.ends_at, have.number)
    with _lock:
        count = _counted.setdefault(window, _Count(Profit()))
        _counted.move_to_end(window)
        while len(_counted) > KEPT:
            _counted.popitem(last=False)
    with count.reading:  # whoever asks for another campaign does not wait for this one
        sales = in_its_time(viewer, campaign).filter(at__lt=now - SETTLED)
        left = A_LOOK - _sales(count, sales, have, A_LOOK)
        rows = checkout.refunds(viewer).filter(redemption__in=sales.order_by().values("pk"), at__lt=now - SETTLED)
        if left:
            left -= _refunds(count, rows, have, left)
        count.found.through = left > 0
        return replace(count.found)


def _sales(count: _Count, rows: QuerySet[Any], have: Goods, most: int) -> int:
    read = list(_after(rows, count.sold)[:most])
    for row in read:
        costs = _costs(row.hold, have)
        count.found.orders += 1
        count.found.known += costs is not None
        count.found.profit += row.paid - sum(costs.values()) if costs is not None else 0
        count.sold = row.at, row.pk
    return len(read)


def _refunds(count: _Count, rows: QuerySet[Any], have: Goods, most: int) -> int:
    read = list(_after(rows.select_related("redemption__hold"), count.back)[:most])
    for row in read:
        hold = row.redemption.hold
        if _costs(hold, have) is not None:
            count.found.profit += _came_back(row.answer, hold, have) - row.amount
        count.back = row.at, row.pk
    return len(read)


def _after(rows: QuerySet[Any], place: tuple[datetime, str] | None) -> QuerySet[Any]:
    if place is not None:
        at, number = place
        rows = rows.filter(Q(at__gt=at) | Q(at=at, pk__gt=number))
    return rows.order_by("at", "pk")


def _costs(hold: Hold, have: Goods) -> Mapping[str, int] | None:
    """What the goods of each line, and the gifts, cost together; None where one of them has no cost price."""
    price: Any = price_of(hold)
    pieces = [(line["id"], line["sku"], line["quantity"]) for line in price["lines"]]
    pieces += [(f"gift {at}", gift["sku"], gift["quantity"]) for at, gift in enumerate(price.get("gifts") or ())]
    costs = {line: (_cost(have, sku), quantity) for line, sku, quantity in pieces}
    if any(cost is None for cost, _ in costs.values()):
        return None
    return {line: cost * quantity for line, (cost, quantity) in costs.items() if cost is not None}


def _came_back(answer: Mapping[str, Any], hold: Hold, have: Goods) -> int:
    """What the units cost that came back: they can be sold again."""
    price: Any = price_of(hold)
    skus = {line["id"]: line["sku"] for line in price["lines"]}
    pieces = [(skus[line["line"]], len(line["units"])) for line in answer["lines"]]
    pieces += [(gift["sku"], gift["quantity"]) for gift in answer.get("gifts") or ()]
    return sum((_cost(have, sku) or 0) * quantity for sku, quantity in pieces)


def _cost(have: Goods, sku: str) -> int | None:
    found: int | None = have.lines.get(sku, {}).get("unit_cost")
    return found
