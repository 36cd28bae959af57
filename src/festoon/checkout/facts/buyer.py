"""Who buys, as far as the offers in reach ask."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from festoon.catalog import queries as catalog
from festoon.catalog.models import Shopper
from festoon.checkout.facts.reading import Person
from festoon.checkout.request import invalid
from festoon.records.refusal import Invalid
from festoon.records.viewer import SYSTEM


def shopper(code: str) -> Shopper | None:
    """The shopper of this code, None for nobody; raises Invalid for one nobody knows."""
    if not code:
        return None
    found = catalog.shoppers(SYSTEM).filter(code=code).first()
    if found is None:
        raise _nobody()
    return found


def known(wanted: str, person: Person | None) -> Person | None:
    """The person that was read; raises Invalid for a buyer nobody knows."""
    if wanted and person is None:
        raise _nobody()
    return person


def told(person: Person, needs: AbstractSet[str]) -> dict[str, Any]:
    """The buyer of the facts: the code, and what is needed."""
    buyer: dict[str, Any] = {"id": person.code}
    if "segments" in needs:
        buyer["segments"] = list(person.segments)
    if "level" in needs and person.level:
        buyer["level"] = person.level
    if needs & {"orders_placed", "new"}:
        buyer["orders_placed"] = person.orders_placed
        buyer["new"] = person.orders_placed == 0
    if "birthday_month" in needs and person.birthday_month is not None:
        buyer["birthday_month"] = person.birthday_month
    return buyer


def _nobody() -> Invalid:
    return invalid("buyer", "unknown_buyer", "There is no such shopper.", "没有该顾客。")
