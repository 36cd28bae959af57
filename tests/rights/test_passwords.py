"""Passwords: which are too easy, and choosing one's own, with the old one or by a link."""

import pytest
from django.test import Client

from festoon.catalog import colleagues, passwords, queries, sign_in
from festoon.catalog.sign_in import one_time_path
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid
from festoon.records.viewer import SYSTEM
from tests.cast import PASSWORD
from tests.rights import people

pytestmark = pytest.mark.django_db
NEW = "seven lanterns under a bridge"
AT = "/account/password/"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sign_in, "evenly", lambda *_, milliseconds: None)


def comes(name="lin", password=PASSWORD):
    client = Client()
    client.post("/sign-in/", {"username": name, "password": password})
    return client


def inside(client):
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(("password", "zh"), [
    ("short", "至少 12"), ("qwerty123456", "常见"), ("482915730164", "数字"), ("chen.bo@lantern", "相似"), ("陈博陈博", "至少"),
])  # fmt: skip
def test_what_is_easy_to_guess_is_refused(cast, password, zh):
    chen = queries.colleague(SYSTEM, "chen")
    chen.email = "chen.bo@lantern.example"
    with pytest.raises(Invalid, match="too_easy") as refused:
        passwords.check(password, chen)
    assert zh in refused.value.words.zh
    passwords.check(NEW, chen)


def test_choosing_one_ends_every_other_sign_in(cast):
    here, there, link = comes(), comes(), one_time_path("lin")
    told = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert here.post(AT, {**told, "old": "wrong"}).status_code == 422
    assert here.post(AT, {**told, "again": "another"}).status_code == 422
    assert here.post(AT, {**told, "new": "short", "again": "short"}).status_code == 422
    assert inside(there)
    assert here.post(AT, told)["Location"] == "/account/"
    assert [inside(here), inside(there), inside(comes()), inside(comes(password=NEW))] == [True, False, False, True]
    assert Client().get(link).status_code == 403, "a link sent before has lapsed"
    [row] = records.visible(SYSTEM).filter(verb="people.password")
    assert NEW not in str(vars(row))


def test_the_old_one_is_not_tried_without_end(cast, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST", {"name": 2, "address": 50, "code": 30})
    client = comes()
    for _ in range(2):
        client.post(AT, {"old": "wrong", "new": NEW, "again": NEW})
    assert "Too many tries" in client.post(AT, {"old": PASSWORD, "new": NEW, "again": NEW}).content.decode()
    assert inside(comes(password=NEW)) is False


def test_who_is_invited_or_forgot_chooses_one_by_the_link(cast):
    people.take_on(cast.now)
    admin = Client()
    admin.force_login(people.user("admin", "platform"))
    page = admin.post("/people/staff-platform/", {"verb": "link"}, follow=True).content.decode()
    link = page.split("testserver")[1].split("<")[0].strip()
    client = Client()
    assert client.get(link)["Location"] == AT, "somebody without a password chooses one first"
    assert 'name="old"' not in client.get(AT).content.decode()
    assert client.post(AT, {"new": NEW, "again": NEW})["Location"] == "/account/"
    assert inside(comes("staff-platform", NEW))
    assert 'name="old"' in client.get(AT).content.decode(), "the link stood in its place once"
    assert client.post(AT, {"new": PASSWORD, "again": PASSWORD}).status_code == 422
    [row] = records.visible(SYSTEM).filter(verb="people.link")
    assert row.subject == "staff-platform"


def test_nobody_makes_a_link_for_whom_they_may_not(cast):
    people.take_on(cast.now)
    with pytest.raises(Forbidden):
        colleagues.make_link("lin", by=cast.person("chen"), now=cast.now)
    with pytest.raises(Conflict):
        colleagues.make_link("admin-platform", by=people.viewer("admin", "platform"), now=cast.now)
