"""What an offer may cost, in all and on a day: terms of its draft, put into force with its release.

Each limit is an account beside the budgets of its campaign: a hold draws on both. That of a day is opened and filled by the
first hold of the day. What it costs is the discount, whoever pays; gifts have budgets of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.ledger import accounts
from festoon.offers.models import Offer, Spending
from festoon.offers.spends import queries
from festoon.offers.stock import settle_all
from festoon.records.batch import Column, Wrong
from festoon.records.parts import in_parts
from festoon.records.tables import insert
from festoon.records.values import whole
from festoon.records.viewer import SYSTEM

HONOUR, REFUSE = "honour", "refuse"
LATE = {
    HONOUR: Words("honoured, with an alarm", "超预算兑现并告警"),
    REFUSE: Words("refused", "拒绝"),
}
KIND = "spending"


def _late(value: Any) -> str | None:
    """Honoured is what every offer does that says nothing, and is kept as that."""
    if value is not None and value not in LATE:
        raise Wrong("not_one_of", f"One of {', '.join(LATE)}.", f"可选：{'、'.join(LATE)}。")
    return None if value in (None, HONOUR) else str(value)


TERMS = [
    Column("spend_most", whole(1, optional=True), None),
    Column("spend_per_day", whole(1, optional=True), None),
    Column("late", _late, None),
]


def settle(offers: Sequence[Offer], *, at: datetime) -> None:
    """Put into force what was agreed on. The whole may be raised and never lowered: Conflict. What a day may cost is raised
    at once; lowered, it is so from the next day on. A draft from before there were such terms has none.
    """
    for part in in_parts([offer.pk for offer in offers]):
        queries.spendings(SYSTEM).order_by().filter(offer__in=part).delete()
    rows = [row for offer in offers if (row := _agreed(offer)) is not None]
    insert(rows)
    for row in rows:
        if row.most is not None:
            _limit(row, row.most, at)


def _agreed(offer: Offer) -> Spending | None:
    """The limits of its draft; None where it has none."""
    terms = offer.draft["terms"]
    most, per_day, late = terms.get("spend_most"), terms.get("spend_per_day"), terms.get("late")
    if most is None and per_day is None and late is None:
        return None
    zone = (offer.draft.get("window") or {}).get("zone") or offer.merchant.zone
    return Spending(offer=offer, most=most, per_day=per_day, zone=str(zone), late=late or HONOUR)


def _limit(row: Spending, most: int, at: datetime) -> None:
    offer = row.offer
    unit = offer.merchant.currency
    code = accounts.spending(offer.code)
    account = accounts.open_account(code, merchant_id=offer.merchant_id, kind=KIND, unit=unit)
    settle_all([(account, most)], "spend_most", at=at, unit=unit)
