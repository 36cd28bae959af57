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
    if _made:
        rows.put_back("twins")
    else:
        _made.append(world.make())
        rows.set_aside("twins")
    return _made[0]
