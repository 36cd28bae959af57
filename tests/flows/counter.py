"""What journeys ask at the counter: a basket's price for somebody, through the checkout's own verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from festoon.checkout.answers import QuoteAnswer
from festoon.checkout.quotes import quote
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.demo.cast import world

LIST = {row["sku"]: row["list_price"] for row in world.goods()}


def basket(*skus: tuple[str, int], buyer: str = "", shipping: int = 0, chosen: tuple[str, ...] = ()) -> QuoteRequest:
    """Lines 1, 2, … of (sku, quantity) at their list prices."""
    lines = [LineRequest(str(n), sku, quantity, LIST[sku]) for n, (sku, quantity) in enumerate(skus, 1)]
    return QuoteRequest(lines=lines, buyer=buyer, shipping=shipping, chosen=chosen)


def priced(cast: Any, *skus: tuple[str, int], at: str = "demo-app", **more: Any) -> QuoteAnswer:
    """The basket's price now, at one of the cast's machines."""
    return quote(basket(*skus, **more), by=cast.machine(at), now=cast.now)


def verdicts(answer: QuoteAnswer) -> dict[str, str]:
    """Offer → why it applied or why not."""
    return {each["offer"]: each["code"] for each in answer.price["verdicts"]}


def units(answer: QuoteAnswer) -> list[int]:
    """What each unit costs, in the order of lines and units."""
    return [unit["payable"] for line in answer.price["lines"] for unit in line["units"]]


def later(now: datetime, **by: int) -> datetime:
    """Some time after."""
    return now + timedelta(**by)
