"""Accounts of what offers give away in pieces: opened with the draft, filled when it is released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from festoon.base.words import Words
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.models import Account, Transfer
from festoon.offers.models import Offer
from festoon.records.refusal import Conflict
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM

LOWER = Words(
    en="What was put in once is not taken out again; stop or recall the offer instead.",
    zh="已投放的数量不能减少；可停用或下线该优惠。",
)


def open_all(
    offers: Sequence[Offer], name: Callable[[str], str], kind: str, *, limited: Callable[[Offer], bool] = lambda _: True
) -> dict[str, Account]:
    """An empty account for each offer, by its code: `name` makes the account's code from the offer's."""
    if not offers:
        return {}
    first, *rest = offers
    opened = accounts.open_account(
        name(first.code), merchant_id=first.merchant_id, kind=kind, unit=accounts.PIECE, limited=limited(first)
    )
    others = [
        Account(
            code=name(offer.code), merchant_id=offer.merchant_id, kind=kind, unit=accounts.PIECE, limited=limited(offer)
        )
        for offer in rest
    ]
    insert(others)
    return dict(zip([offer.code for offer in offers], [opened, *others], strict=True))


def raise_all(wanted: Sequence[tuple[Account, int]], field: str, *, at: datetime) -> None:
    """Put into each account what it lacks to have been given so much in all; less than before: Conflict on `field`.

    The offer is locked by the verb that releases it, and nobody else puts anything in, so no grant is lost.
    """
    world = ledger.account(SYSTEM, f"world:{accounts.PIECE}")
    lacking = [(account, amount - account.granted) for account, amount in wanted if amount != account.granted]
    if any(more < 0 for _, more in lacking):
        raise Conflict("lower", LOWER, field=field)
    for account, more in lacking:
        account.granted += more
    change([account for account, _ in lacking], ["granted"])
    insert(
        [
            Transfer(at=at, kind="grant", debit=world, credit=account, amount=more, rows=[account.code])
            for account, more in lacking
        ]
    )
