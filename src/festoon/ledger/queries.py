"""Reading the ledger. Each function takes the viewer first; a merchant sees only its own accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from festoon.ledger.models import Account, Transfer
from festoon.records.parts import in_parts
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands now: `free` is what may still be taken, None without a limit."""

    granted: int
    held: int
    spent: int
    limited: bool

    @property
    def free(self) -> int | None:
        """What may still be taken; None when there is no limit."""
        return self.granted - self.held - self.spent if self.limited else None


def visible(viewer: Viewer) -> QuerySet[Account]:
    """The accounts behind the viewer's wall."""
    rows = Account.objects.order_by("code")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def transfers(viewer: Viewer) -> QuerySet[Transfer]:
    """The transfers of the viewer's accounts, in order."""
    rows = Transfer.objects.order_by("id")
    mine = visible(viewer)
    return rows if viewer.is_platform else rows.filter(debit__in=mine) | rows.filter(credit__in=mine)


def account(viewer: Viewer, code: str) -> Account | None:
    """One account by its code."""
    return visible(viewer).filter(code=code).first()


def accounts_of(viewer: Viewer, codes: Sequence[str]) -> list[Account]:
    """The accounts of these codes that are there."""
    return list(visible(viewer).filter(code__in=list(codes)))


def locked(viewer: Viewer, codes: Iterable[str]) -> list[Account]:
    """The accounts of these codes, locked until the end of the transaction, in the order everybody locks them."""
    rows, wanted = visible(viewer).select_for_update(), sorted(set(codes))
    return [account for part in in_parts(wanted) for account in rows.filter(code__in=part)]


def standing(viewer: Viewer, codes: Iterable[str]) -> dict[str, Standing]:
    """How the accounts of these codes stand; codes that have no account are left out."""
    rows = visible(viewer).filter(code__in=list(codes)).values_list("code", "granted", "held", "spent", "limited")
    return {code: Standing(granted, held, spent, limited) for code, granted, held, spent, limited in rows}


def mixed(viewer: Viewer) -> QuerySet[Transfer]:
    """Transfers between accounts that count different things: there must be none."""
    return transfers(viewer).exclude(debit__unit=F("credit__unit"))


def overspent(viewer: Viewer) -> QuerySet[Account]:
    """Limited accounts with less than nothing free: there must be none."""
    return visible(viewer).filter(limited=True, granted__lt=F("held") + F("spent"))
