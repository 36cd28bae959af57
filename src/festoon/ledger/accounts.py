"""Opening accounts, putting in and taking out, for verbs that have a transaction of Django's open.

The hot verbs move accounts through the store; both leave the same transfers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from festoon.ledger import queries
from festoon.ledger.models import Account, Transfer
from festoon.ledger.store import movement
from festoon.records.refusal import Refusal
from festoon.records.viewer import PLATFORM, SYSTEM

PIECE = "piece"
SPENDING = "spending:"
MONEY = ("budget:", SPENDING)
"""How the codes of accounts of money begin; all others count pieces."""


def stock(offer: str) -> str:
    """The account of a coupon template's stock."""
    return f"stock:{offer}"


def units(offer: str) -> str:
    """The account of the units a flash price is limited to."""
    return f"units:{offer}"


def buyers(offer: str) -> str:
    """The account of the orders that an offer for the first buyers may still serve."""
    return f"buyers:{offer}"


def budget(campaign: str, kind: str, payer: str) -> str:
    """The account of one budget line: `kind` such as `discount`, `payer` such as `platform`, `merchant:willow`."""
    return f"budget:{campaign}:{kind}:{payer}"


def spending(offer: str, day: str = "") -> str:
    """The account of what one offer may cost, in all or on a day (`2026-12-12`), whoever pays."""
    return f"{SPENDING}{day or 'all'}:{offer}"


def is_spending(code: str, offer: str) -> bool:
    """Whether the account is of what this offer may cost, in all or on some day."""
    return code.startswith(SPENDING) and code.split(":", 2)[2] == offer


def uses(offer: str, shopper: str) -> str:
    """The account of how often one shopper uses an offer: without a limit, for the limit stands with the offer."""
    return f"uses:{offer}:{shopper}"


def open_account(code: str, *, merchant_id: int, kind: str, unit: str, limited: bool = True) -> Account:
    """The account of this code, made empty if it is not there. `unit` is a currency or `piece`."""
    _open_others(unit)
    return _ensure(code, merchant_id=merchant_id, kind=kind, unit=unit, limited=limited)


def filled(code: str, most: int, *, merchant_id: int, kind: str, unit: str, at: datetime) -> None:
    """See that the account of this code is there and was given at least `most`: once, whoever else does so now."""
    found = queries.account(SYSTEM, code)
    if found is not None and found.granted >= most:
        return
    with transaction.atomic():
        open_account(code, merchant_id=merchant_id, kind=kind, unit=unit)
        [account] = queries.locked(SYSTEM, [code])
        if account.granted < most:
            fund(account, most - account.granted, at=at, rows=[code])


def fund(account: Account, amount: int, *, at: datetime, rows: Sequence[str] = ()) -> Account:
    """Put `amount` into the account, by a transfer from outside; `rows` names what for."""
    return _move(account, "grant", amount, at=at, rows=rows)


def take(account: Account, amount: int, *, at: datetime, rows: Sequence[str] = (), refuse: Refusal) -> Account:
    """Spend `amount` at once; raises `refuse` where so much is not free, and nothing is taken."""
    try:
        with transaction.atomic():
            return _move(account, "spend", amount, at=at, rows=rows)
    except IntegrityError as error:
        raise refuse from error


def balance(code: str) -> int | None:
    """What is free on the account; None when there is no such account or it has no limit."""
    found = queries.standing(SYSTEM, [code]).get(code)
    return found.free if found else None


def _open_others(unit: str) -> None:
    for other in movement.OTHERS:
        _ensure(f"{other}:{unit}", merchant_id=PLATFORM, kind="other", unit=unit, limited=False)


def _ensure(code: str, *, merchant_id: int, kind: str, unit: str, limited: bool) -> Account:
    found = queries.account(SYSTEM, code)
    if found is None:
        try:
            with transaction.atomic():
                found = Account(code=code, merchant_id=merchant_id, kind=kind, unit=unit, limited=limited)
                found.save(force_insert=True)
        except IntegrityError:  # somebody else opened it meanwhile
            found = queries.visible(SYSTEM).get(code=code)
    return found


def _move(account: Account, kind: str, amount: int, *, at: datetime, rows: Sequence[str]) -> Account:
    how = movement.KINDS[kind]
    changes = {column: F(column) + delta for column, delta in movement.deltas(kind, amount).items() if delta}
    queries.visible(SYSTEM).filter(pk=account.pk).update(**changes)
    other = queries.visible(SYSTEM).get(code=f"{how.other}:{account.unit}")
    debit, credit = (account, other) if how.gives else (other, account)
    if amount:
        Transfer(at=at, kind=kind, debit=debit, credit=credit, amount=amount, rows=list(rows)).save(force_insert=True)
    account.refresh_from_db()
    return account
