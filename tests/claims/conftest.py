import pytest

from tests.checkout import world


@pytest.fixture(autouse=True)
def small_world(transactional_db: None) -> None:
    """Every case begins with the small world, and what a process remembers is forgotten."""
    world.begin()
