"""Those who ask at the same moment ask the database together; each gets what it would have got alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import connection

from festoon.api import ways
from festoon.api.together import AT_ONCE, MOST, Together
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.checkout.facts.reading import NUMBERS, Found, Wanted
from festoon.offers.numbers.queries import book_number
from festoon.records.viewer import SYSTEM

pytestmark = pytest.mark.django_db
WANTED = [
    Wanted("mei", 1, ["budget:double-12:discount:platform", "no:account"]), Wanted("", 1, []), Wanted("tao", 1, []),
    Wanted("nobody", 1, ["no:account"]), Wanted("mei", 2, []), Wanted("mei", 1, ["budget:double-12:discount:platform"]),
]  # fmt: skip


class Counting:
    """A way that counts what it is asked; `broken` fails the next."""

    def __init__(self) -> None:
        self.inner = ways.way(connection.settings_dict)
        self.vendor = self.inner.vendor
        self.asked, self.under_way, self.most, self.broken = 0, 0, 0, False

    async def rows(self, select: Any, values: Any) -> Any:
        self.asked, self.under_way = self.asked + 1, self.under_way + 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0)
            if self.broken:
                self.broken = False
                raise OSError("the database is gone")
            return await self.inner.rows(select, values)
        finally:
            self.under_way -= 1

    async def close(self) -> None:
        await self.inner.close()


def together(wanted: list[Wanted], way: Counting) -> list[Any]:
    async def ask() -> list[Any]:
        reader = Together(way)
        try:
            return await asyncio.gather(*map(reader.read, wanted), return_exceptions=True)
        finally:
            await way.close()

    return asyncio.run(ask())


@pytest.fixture
def alone(cast) -> list[Found]:
    return [each.read() for each in WANTED]


def test_each_gets_what_it_asked_for(alone):
    way = Counting()
    found = together(WANTED, way)
    assert [each.person and each.person.code for each in found] == ["mei", None, "tao", None, "mei", "mei"]
    for mine, other, wanted in zip(found, alone, WANTED, strict=True):
        assert (mine.person, mine.wallet) == (other.person, other.wallet)
        assert {code: mine.accounts.get(code) for code in wanted.accounts} == {
            code: other.accounts.get(code) for code in wanted.accounts
        }
    assert way.asked == 2, "five of one merchant together, the other's apart"


def test_groups_are_few_and_bounded(alone):
    way = Counting()
    many = [Wanted("mei", 1 + n % 4, []) for n in range(5 * MOST)]
    found = together(many, way)
    assert [each.person.code for each in found] == ["mei"] * len(many)
    assert way.asked == 8, "four merchants of 80 each"
    assert way.most == AT_ONCE


def test_a_group_that_fails_is_told_and_the_next_is_asked(alone):
    way = Counting()
    way.broken = True
    found = together(WANTED, way)
    assert [isinstance(each, OSError) for each in found] == [True, True, True, True, False, True]


def test_whether_something_moved_is_asked_as_the_centre_asks_it(cast):
    """Also of a campaign that was agreed on twice, and of one that was thrown away."""
    twice, over = Campaign.objects.order_by("code")[:2]
    Campaign.objects.filter(pk=twice.pk).update(version=2)
    Campaign.objects.filter(pk=over.pk).update(version=1, state="archived", in_force=False)
    row = NUMBERS.row({})
    assert row is not None and tuple(row) == (catalog.version(SYSTEM), book_number(SYSTEM))
    assert row[1] > 0
