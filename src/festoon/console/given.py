"""How much of what is counted is gone: a coupon's stock, a flash price's units, a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.words import Words
from festoon.coupons import queries as coupons
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.models import Account
from festoon.offers.models import Offer
from festoon.offers.spends import queries as spends
from festoon.promotions import queries as promotions
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.figures import share


@dataclass(frozen=True, slots=True)
class Given:
    """`gone` (spent and reserved) of `whole`."""

    gone: int
    whole: int

    @property
    def left(self) -> int:
        """What may still be taken."""
        return self.whole - self.gone

    @property
    def share(self) -> int:
        """How long the bar is."""
        return share(self.gone, self.whole)

    @property
    def tone(self) -> str:
        """Calm until nine tenths are gone."""
        return "var(--chart-4)" if self.gone * 10 >= self.whole * 9 else "var(--chart-1)"


def of_account(account: Account | None) -> Given | None:
    """What is gone of one account; None without an account or a limit."""
    if account is None or not account.limited:
        return None
    return Given(account.spent + account.held, account.granted)


def given_of(offer: Any) -> Given | None:
    """What is gone of an offer's own stock or units."""
    template, promotion = getattr(offer, "template", None), getattr(offer, "promotion", None)
    return of_account(template.stock if template else promotion.units if promotion else None)


def given_of_each(offers: Sequence[Offer]) -> dict[int, Given]:
    """What is gone of the stock or units of offers somebody sees, by their numbers; nothing of those without or no limit.

    One question for all: joined to their rows these are four tables more, whose order PostgreSQL works out for every page.
    """
    numbers = [offer.pk for offer in offers]
    stocks = coupons.templates(SYSTEM).filter(offer__in=numbers, stock__limited=True)
    units = promotions.visible(SYSTEM).filter(offer__in=numbers, units__limited=True)
    stood = [
        rows.order_by().values_list("offer", *(f"{of}__{figure}" for figure in ("spent", "held", "granted")))
        for of, rows in (("stock", stocks), ("units", units))
    ]
    return {number: Given(spent + held, granted) for number, spent, held, granted in stood[0].union(stood[1], all=True)}


def spending_of(viewer: Viewer, offer: Offer, now: datetime) -> Iterator[tuple[Words, Given]]:
    """What one of the viewer's own offers has cost of what it may, in all and today where it is; nothing without such a limit."""
    found = spends.spendings(viewer).filter(offer=offer).first()
    if found is None:
        return
    today = f"{now.astimezone(ZoneInfo(found.zone)):%Y-%m-%d}"
    for said, day, most in ((Words("In all", "总计"), "", found.most), (Words("Today", "今日"), today, found.per_day)):
        if most is not None:
            account = ledger.account(viewer, accounts.spending(offer.code, day))
            yield said, of_account(account) or Given(0, most)
