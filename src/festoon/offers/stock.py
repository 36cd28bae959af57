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


def settle_first_buyers(offers: Sequence[Offer], *, at: datetime) -> None:
    """Limit the orders of each offer that is for the first buyers only: one account of them, filled at its release."""
    numbers = {offer.code: most for offer in offers if (most := first_buyers(offer)) is not None}
    there = {
        account.code: account for account in ledger.accounts_of(SYSTEM, [accounts.buyers(code) for code in numbers])
    }
    opened = open_all(
        [offer for offer in offers if offer.code in numbers and accounts.buyers(offer.code) not in there],
        accounts.buyers, "buyers",
    )  # fmt: skip
    wanted = [(opened.get(code) or there[accounts.buyers(code)], most) for code, most in numbers.items()]
    settle_all(wanted, "when", at=at)


def first_buyers(offer: Offer) -> int | None:
    """How many orders it is for, where it says so: the least number its conditions name."""
    said = [each["first_buyers"]["number"] for each in offer.draft.get("when") or () if "first_buyers" in each]
    return min(said, default=None)


def settle_all(
    wanted: Sequence[tuple[Account, int | None]], field: str, *, at: datetime, unit: str = accounts.PIECE
) -> None:
    """Limit each account, all of one unit, to so much in all (None: no limit), putting in what it lacks to have been given it.

    Less than was put in before, or than is gone already: Conflict on `field`. The offer is locked by the verb that
    releases it, and nobody else puts anything in, so no grant is lost; the accounts are locked, so nothing is taken
    between the look and the limit.
    """
    limits = {account.code: most for account, most in wanted}
    found = ledger.locked(SYSTEM, limits)
    world = ledger.account(SYSTEM, f"world:{unit}")
    lacking = []
    for account in found:
        most = limits[account.code]
        account.limited = most is not None
        if most is None or most == account.granted >= account.held + account.spent:
            continue
        if most < max(account.granted, account.held + account.spent):
            raise Conflict("lower", LOWER, field=field)
        lacking.append((account, most - account.granted))
        account.granted = most
    change(found, ["granted", "limited"])
    insert(
        [
            Transfer(at=at, kind="grant", debit=world, credit=account, amount=more, rows=[account.code])
            for account, more in lacking
        ]
    )
