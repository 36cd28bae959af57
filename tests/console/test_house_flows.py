"""What nobody set, a colleague agrees on; approval by rule is somebody's word, said twice."""

import pytest

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.colleagues import add_person
from festoon.catalog.sign_in import one_time_path
from festoon.cli import migrate, serve
from festoon.config.inbox import VERBS
from festoon.console import words
from festoon.console.views import sign
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


def test_wherever_somebody_is_taken_on_the_house_has_its_flows(cast, client, monkeypatch, rf):
    """Fails when the first person comes by a door that leaves everything to be approved by rule."""
    add_person("wu", merchant="lantern", name=Words("Wu", "吴"), roles=["admin"], by=SYSTEM, now=cast.now)
    client.get(one_time_path("wu"))
    Flow.objects.filter(subject_kind="coupon").delete()
    invited = {"code": "xu", "name_en": "Xu", "name_zh": "许", "merchant": "lantern", "roles": ["reviewer"]}
    assert client.post("/people/", invited).status_code == 302
    assert house.by_rule(SYSTEM) == []
    Flow.objects.filter(subject_kind="coupon").delete()
    monkeypatch.setattr(sign, "house", lambda: object())
    monkeypatch.setattr(sign, "_let_in", lambda *_: "in")
    monkeypatch.setattr(sign.single_sign_on, "person_of", lambda *_, **__: catalog.people(SYSTEM).get(code="xu"))
    asked = rf.get("/")
    asked.session = {}
    assert sign._vouched_for(asked, {}) and house.by_rule(SYSTEM) == []


def test_every_start_of_the_server_settles_also_without_a_step_to_apply(monkeypatch):
    said = []
    monkeypatch.setattr(migrate, "behind", lambda: 0)
    monkeypatch.setattr(migrate, "settle", lambda: said.append("settled"))
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    assert serve._tables_ready() and said == ["settled"]


def test_what_is_reviewed_is_said_once():
    assert set(VERBS) == set(house.kinds()) <= set(words.KINDS)
