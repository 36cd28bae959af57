import pytest

from tests.checkout import world


@pytest.fixture(autouse=True)
def small_world(request: pytest.FixtureRequest) -> None:
    """Every case that touches a database begins with the small world."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db")
        world.begin()
