"""What nobody set, a colleague agrees on; approval by rule is somebody's word, said twice."""

import pytest

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.catalog.sign_in import one_time_path
from festoon.records.viewer import SYSTEM
from festoon.review import flows, house, queries
from festoon.review.models import Flow

pytestmark = pytest.mark.django_db


def test_every_kind_begins_with_somebody_who_has_to_agree(cast, client):
    Flow.objects.filter(subject_kind__in=("coupon", "preset")).delete()
    flows.set_flow("exclusion", [], by=SYSTEM, now=cast.now)
    client.get(one_time_path("lin"))
    assert house.by_rule(SYSTEM) == ["coupon", "exclusion", "preset"]
    assert b'id="by-rule"' in client.get("/").content
    assert house.settle(by=SYSTEM, now=cast.now) == ["coupon", "preset"], "an empty flow is somebody's word"
    assert house.settle(by=SYSTEM, now=cast.now) == [] and house.by_rule(SYSTEM) == ["exclusion"]
    level = queries.flow(SYSTEM, "coupon").levels[0]
    assert {party["role"] for party in level["parties"]} == {"reviewer", "finance", "director"}


def test_to_empty_a_kind_is_said_twice(cast, client):
    add_person("wu", merchant="lantern", name=Words("Wu", "吴"), roles=["admin"], by=SYSTEM, now=cast.now)
    client.get(one_time_path("wu"))
    address = "/settings/reviews/?kind=coupon"
    asked = client.post(address, {"do": "flow"})
    assert b'id="emptied"' in asked.content and queries.flow(SYSTEM, "coupon").levels
    assert client.post(address, {"do": "flow", "sure": "1"}).status_code == 302
    assert not queries.flow(SYSTEM, "coupon").levels
