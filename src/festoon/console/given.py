"""How much of what is counted is gone: a coupon's stock, a flash price's units, a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.words import Words
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.models import Account
from festoon.offers.models import Offer
from festoon.offers.spends import queries as spends
from festoon.records.viewer import Viewer
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
