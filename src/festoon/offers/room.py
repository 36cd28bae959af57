"""What promotions and coupons each add to the life of an offer: their own terms, and what follows a release."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from festoon.offers.models import Offer
from festoon.records.batch import Column


@dataclass(frozen=True, slots=True)
class Room:
    """The side of one kind of offer.

    `terms` are the fields of its draft that the price does not know (stock, how many a shopper may have).
    `attach` makes the rows that stand beside new offers; `settle` puts the terms into force when offers are released.
    Both run in the verb's transaction.
    """

    kind: str
    terms: Sequence[Column]
    attach: Callable[[Sequence[Offer], datetime], None]
    settle: Callable[[Sequence[Offer], datetime], None]
