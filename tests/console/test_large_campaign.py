"""The page of a campaign of many offers reads what it shows, and says what it said when it read them all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from festoon.campaigns import next_version
from festoon.campaigns import queries as campaigns
from festoon.catalog.goods import goods
from festoon.catalog.people import viewer_of
from festoon.catalog.queries import people
from festoon.composition.cost import cost
from festoon.composition.queries import overview, waiting_for
from festoon.console import campaign_cost
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews
from festoon.review.models import Review
from tests.console.test_lists import many
from tests.console.test_walls import signed_in  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/double-12/"


def in_review(*codes):
    """These offers wait for whoever agrees on one like them; of the first the author is another."""
    like = Review.objects.filter(subject="d12-300-less-50").latest("id")
    for n, offer in enumerate(Offer.objects.filter(code__in=codes).order_by("code")):
        offer.state, offer.author = "in_review", "person:chen" if n == 0 else "person:lin"
        offer.save()
        like.pk, like.subject, like.state, like.level, like.opened_by = None, offer.code, "open", 1, "person:lin"
        like.save()


def reference(viewer, theme, now):
    """What of the campaign waits for somebody, found by reading all of it."""
    parts, others = overview(viewer, theme), reviews.stands_for(viewer, now)
    hands = offers.last_hands(viewer, [each for each in parts.offers if each.state == "in_review"])
    written = {("campaign", theme.code): {theme.author}}
    written |= {(each.kind, each.code): {each.author, hands.get(each.code, each.author)} for each in parts.offers}
    written |= {("distribution", each.code): {each.author} for each in parts.distributions}
    mine = [each for each in parts.waiting if reviews.may_decide(viewer, each, others)]
    return {each.pk for each in mine if viewer.name not in written[each.subject_kind, each.subject]}


def test_what_of_a_campaign_waits_for_whom_is_as_reading_all_of_it_finds(cast):
    before = len(waiting_for(cast.person("chen"), campaigns.campaign(SYSTEM, "double-12"), cast.now))
    many(12)
    in_review(*(f"more-{n:04d}" for n in range(6)))
    Offer.objects.filter(code="more-0005").update(campaign=None)
    found = {}
    for person in people(SYSTEM):
        viewer = viewer_of(person.user)
        for theme in campaigns.visible(viewer):
            waits = {each.pk for each in waiting_for(viewer, theme, cast.now)}
            assert waits == reference(viewer, theme, cast.now)
            found[person.code, theme.code] = len(waits)
    assert found["chen", "double-12"] == before + 4, "not what chen wrote, nor what is of no campaign"


def test_a_page_asks_as_often_with_many_offers_as_with_few(cast, signed_in):  # noqa: F811
    client, asked = signed_in("lin"), []
    many(40)
    for n in range(2):
        client.get(PAGE)
        with CaptureQueriesContext(connection) as told:
            shown = client.get(PAGE).context
        asked.append(len(told))
        held = Offer.objects.filter(campaign__code="double-12")
        assert [each.code for each in shown["offers"]] == list(
            held.order_by("code").values_list("code", flat=True)[:30]
        )
        assert shown["offers_more"] == held.count()
        Offer.objects.bulk_create(Offer(**{**copied(each), "code": f"{each.code}-{n}"}) for each in held)
    assert asked[1] < asked[0] + 4, "some are asked again when seconds have gone by"


def copied(row):
    return {field.attname: getattr(row, field.attname) for field in Offer._meta.concrete_fields if field.name != "id"}


def test_what_it_can_cost_is_worked_out_when_it_is_asked_for(cast, signed_in, monkeypatch):  # noqa: F811
    client, theme = signed_in("chen"), campaigns.campaign(SYSTEM, "double-12")
    parts = overview(SYSTEM, theme)
    whole = cost(parts.offers, next_version.budget(SYSTEM, theme), goods(cast.now))
    assert client.get(PAGE).context["most"] == whole
    monkeypatch.setattr(campaign_cost, "AT_ONCE", 3)
    page = client.get(PAGE)
    assert "most" not in page.context
    assert page.context["most_later"] == len(parts.offers)
    assert 'href="?cost=1#most"' in page.content.decode()
    assert client.get(f"{PAGE}?cost=1").context["most"] == whole


def test_of_some_offers_each_sees_what_it_sees_of_all(cast):
    """Fails when the wall has a hole for who names what it asks for."""
    codes = list(Offer.objects.values_list("code", flat=True))
    for person in people(SYSTEM):
        viewer = viewer_of(person.user)
        for some in (codes, codes[::3], codes[:1], ["nothing"], []):
            assert set(offers.visible(viewer, iter(some))) == set(offers.visible(viewer).filter(code__in=some))
    assert offers.visible(cast.person("ye")).count() < len(codes), "there is a wall"
