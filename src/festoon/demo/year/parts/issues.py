"""What the lists were given: every coupon (types B and C), or a quota of 16 of the pool (type A).

When something was sent is not stated; it counts as given when the campaign began, and the verbs are done at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from festoon.base.words import Words
from festoon.coupons.issuing import issue
from festoon.demo.year import names, viewers
from festoon.demo.year.parts.part import Part
from festoon.demo.year.source import Source
from festoon.distribution import queries as distributions
from festoon.distribution.quotas import give_quota
from festoon.offers import queries as offers
from festoon.records.batch import Batch
from festoon.records.refusal import Conflict

EACH = 16
STEP = 8


@dataclass(frozen=True, slots=True)
class Coupons:
    """Every template of a campaign of type B or C to every household on its list: exact, numbered."""

    code: str = "coupons"
    words: Words = Words("Templates given to lists", "向名单发放的券模板")
    cost: int = 400

    def size(self, source: Source) -> int:
        """How many templates go to a whole list."""
        return source.number("select count(*) from given")

    def take(self, source: Source, place: int, now: datetime) -> int:
        """The next templates, one batch each."""
        del now
        by = viewers.operator()
        question = "select * from given where number >= ? and number < ? order by number"
        for row in source.rows(question, place, place + STEP):
            code = names.template(row["campaign"], row["coupon"])
            batch = issue(
                offers.offer(by, code), _list(source, row["campaign"]), by=by, now=names.midnight(row["first"]),
                key=f"year:{source.mark}:issue:{code}", distribution=names.recipients(row["campaign"]),
            )  # fmt: skip
            whole(batch)
        return min(place + STEP, self.size(source))


@dataclass(frozen=True, slots=True)
class Quotas:
    """Campaigns of type A: 16 of the pool for each household; which ones shows when they are used."""

    code: str = "quotas"
    words: Words = Words("Quotas of a pool", "券池配额")
    cost: int = 4_000

    def size(self, source: Source) -> int:
        """How many campaigns have a pool."""
        return source.number("select count(*) from campaign where type = 'A'")

    def take(self, source: Source, place: int, now: datetime) -> int:
        """The next campaign's list."""
        del now
        by = viewers.operator()
        question = "select campaign, first from campaign where type = 'A' order by place limit 1 offset ?"
        ((number, first),) = source.tuples(question, place)
        distribution = distributions.distribution(by, names.recipients(number))
        key = f"year:{source.mark}:quota:{number}"
        households = _list(source, number)
        if households:
            whole(give_quota(distribution, households, each=EACH, by=by, now=names.midnight(first), key=key))
        return place + 1


def whole(batch: Batch) -> None:
    """Nobody of a list is left out: raise the first refusal."""
    if batch.refused:
        row = batch.refused[0]
        raise Conflict("year_refused", row.words, field=f"shoppers[{row.index}]")


def _list(source: Source, campaign: int) -> Sequence[str]:
    rows = source.tuples("select household from recipient where campaign = ? order by household", campaign)
    return [names.shopper(household) for (household,) in rows]


PARTS: list[Part] = [Coupons(), Quotas()]
