import pytest

from tests.checkout import world
from tests.webhooks.receiver import loopback  # noqa: F401


@pytest.fixture(autouse=True)
def small_world(request: pytest.FixtureRequest) -> None:
    """Every case that touches a database begins with the small world."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db")
        world.begin()
