"""The made-up world of demo.cast, in the database, for every test that asks for `cast`.

    def test_somebody_does_something(cast):
        quote(…, by=cast.person("lin"), now=cast.now)

It is composed once a run by the same loader as the demonstration's, through actions only, and its rows are put back
before each test. `cast.now` is the moment it was made, so both campaigns are live at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

PASSWORD = "made up, like everything here"
_made: list[datetime] = []


@dataclass(frozen=True)
class Cast:
    """The world as a test takes it."""

    now: datetime

    def person(self, code: str):
        """The viewer of one of the people: lin, chen, he, zhou, ye, gu."""
        from festoon.demo.cast.load import viewer

        return viewer(code)

    def key(self, name: str) -> str:
        """The text of an API key: `demo-app` or `till-willow-west`."""
        from festoon.demo.cast.keys import text

        return text(name)

    def machine(self, name: str):
        """The viewer that this key's bearer is."""
        from festoon.demo.cast.load import machine

        return machine(name)


def forget() -> None:
    """Whatever this process keeps in memory of another test's database."""
    from festoon.api import gate
    from festoon.catalog import goods, search
    from festoon.checkout import book
    from festoon.checkout.facts import merchants
    from festoon.distribution import claimable
    from festoon.offers.version import watch

    for kept in (gate, goods, search, watch, book, merchants, claimable):
        kept.forget()


@pytest.fixture
def cast(transactional_db) -> Cast:
    """The cast, fresh."""
    from tests import rows

    rows.begin_with("cast", _make)
    forget()
    return Cast(now=_made[0])


def _make() -> None:
    from festoon.demo.cast.load import load

    _made.append(datetime.now(UTC))
    load(now=_made[0], password=PASSWORD)
