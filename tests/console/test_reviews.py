"""A decision on a screen is about what the screen showed."""

import pytest

from festoon.catalog.sign_in import one_time_path
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.review import queries as reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast):
    """A promotion of Lin's in review, and its review."""
    lin = cast.person("lin")
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"code": "another"}
    offer = promotions.create({**data, "campaign": "double-12"}, by=lin, now=cast.now)
    promotions.submit(offer, by=lin, now=cast.now)
    return reviews.latest(lin, "promotion", "another")


@pytest.mark.parametrize("decision", ["approve", "send_back"])
def test_what_was_withdrawn_and_submitted_anew_is_not_decided_on_by_the_old_page(cast, client, waiting, decision):
    """Fails when the decision is on the last review of the offer."""
    lin = cast.person("lin")
    offer = promotions.withdraw(offers.offer(lin, "another"), by=lin, now=cast.now)
    edited = promotions.edit(offer, offer.draft | {"priority": 7}, by=lin, now=cast.now)
    promotions.submit(edited, by=lin, now=cast.now)
    client.get(one_time_path("chen"))
    answer = client.post(f"/reviews/{waiting.pk}/decide/", {"decision": decision, "why": "as I read it"}, follow=True)
    assert answer.status_code == 200
    assert b"withdrawn" in answer.content or "撤回".encode() in answer.content
    assert offers.offer(lin, "another").state == "in_review"


def test_the_page_that_was_read_decides(cast, client, waiting):
    client.get(one_time_path("chen"))
    client.post(f"/reviews/{waiting.pk}/decide/", {"decision": "approve"}, follow=True)
    assert offers.offer(cast.person("lin"), "another").state == "released"
