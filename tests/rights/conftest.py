"""One world for all tests of a run: two merchants who are twins, made once and put back before each test."""

from __future__ import annotations

import pytest

from tests import rows
from tests.cast import forget
from tests.rights import world

_made: list[tuple[world.House, world.House]] = []


@pytest.fixture
def twins(transactional_db) -> tuple[world.House, world.House]:
    """The twins, fresh."""
    forget()
    rows.begin_with("twins", lambda: _made.append(world.make()))
    return _made[0]
