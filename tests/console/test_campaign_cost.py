"""Who decides on the whole reads what it can cost at most, and what its sales left."""

import pytest

from festoon.catalog.sign_in import one_time_path
from festoon.records.viewer import SYSTEM
from festoon.review import queries

MOST, PROFIT = 'id="most"', "<dt>Profit</dt>"


@pytest.mark.parametrize(
    ("person", "most", "profit"), [("he", True, True), ("chen", True, True), ("lin", True, False), ("ye", False, False)]
)
def test_the_page_of_a_campaign(cast, client, person, most, profit):
    """Profit is for whom costs are; another house's campaign tells a merchant neither."""
    client.get(one_time_path(person))
    page = client.get("/campaigns/double-12/").content.decode()
    assert "Double 12" in page
    assert (MOST in page, PROFIT in page) == (most, profit)


def test_the_review_of_a_campaign(cast, client):
    client.get(one_time_path("chen"))
    asked = queries.visible(SYSTEM).filter(subject_kind="campaign", subject="double-12").latest("id")
    assert MOST in client.get(f"/reviews/{asked.pk}/").content.decode()
    other = queries.visible(SYSTEM).filter(subject_kind="promotion").latest("id")
    assert MOST not in client.get(f"/reviews/{other.pk}/").content.decode()
