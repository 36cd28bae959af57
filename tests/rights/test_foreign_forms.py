"""A-3: what a foreign page lets a browser send, over every address of the console and the shop, has no effect at all."""

import pytest
from django.test import Client

from festoon.catalog import queries
from festoon.records.viewer import SYSTEM
from tests.rights.asking import rows
from tests.rights.doors import SCREENS, address
from tests.rights.test_twins import addresses
from tests.rights.world import A

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SEALED = {"shop:enter"}
"""The only form without a token: a shop posts it, with a seal of its own."""
ABOUT = {"campaign": "theme", "compose": "theme", "preset": "preset", "coupon": "coupon", "issue": "coupon"}
"""Of an address that begins so: what its code is of. Of all others, an offer."""
FOREIGN = {
    "another origin": {"HTTP_ORIGIN": "https://elsewhere.example"},
    "an origin that is hidden": {"HTTP_ORIGIN": "null"},
    "a page that looks alike": {"HTTP_ORIGIN": "http://testserver.elsewhere.example"},
    "the same host on another port": {"HTTP_ORIGIN": "http://testserver:8443"},
    "only where it came from": {"HTTP_REFERER": "https://elsewhere.example/testserver"},
    "nothing said of where": {},
}
BODIES = {
    "a form": {"data": {"why": "x", "decision": "approve", "text": "x"}},
    "a fetch of a simple type": {"data": "why=x", "content_type": "text/plain"},
    "a fetch without a body": {},
}


@pytest.fixture
def boss(twins):
    """A browser in which somebody of the first twin who may all of a merchant's is signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(queries.colleague(SYSTEM, f"{A}-boss").user)
    return client


def every_address(house):
    """Every address there is once; one about a thing is about such a thing that is there."""
    found = {name: address(name) for name in SCREENS if name not in SEALED}
    for short, place in addresses(house):
        if "-" not in place or f"-{ABOUT.get(short.partition('-')[0], 'promo')}/" in place:
            found[f"console:{short}"] = place
    return list(found.values())


def rejected(answer):
    """Whether it was refused for where it came from, and not for anything else."""
    return answer.status_code == 403 and "CSRF verification failed" in answer.content.decode()


def test_no_form_of_a_foreign_page_does_anything(boss, twins):
    a, _ = twins
    before, places = rows(), every_address(a)
    for place in places:
        for whence, headers in FOREIGN.items():
            for what, sent in BODIES.items():
                assert rejected(boss.post(place, **sent, **headers)), f"{place}: {what} of {whence}"
    assert rows() == before
    assert len(places) > 70
    assert boss.get("/").status_code == 200, "still signed in"


def test_a_token_that_was_guessed_or_is_anothers_helps_nobody(boss, twins):
    a, _ = twins
    other = Client()
    other.get("/sign-in/")
    anothers = other.cookies["csrftoken"].value
    boss.get("/")
    before = rows()
    for place in every_address(a):
        for token in ("x" * 64, "", anothers):
            assert rejected(boss.post(place, {"csrfmiddlewaretoken": token, "why": "x"})), f"{place}: {token}"
            assert rejected(boss.post(place, HTTP_X_CSRFTOKEN=token)), f"{place}: {token}"
        mine = boss.cookies["csrftoken"].value
        foreign = {"csrfmiddlewaretoken": mine, "why": "x"}
        assert rejected(boss.post(place, foreign, **FOREIGN["another origin"])), f"{place}: even with the right one"
    assert rows() == before


def test_other_ways_of_asking_need_the_token_too(boss, twins):
    a, _ = twins
    before = rows()
    for place in every_address(a):
        for ask in (boss.put, boss.patch, boss.delete):
            assert rejected(ask(place, **FOREIGN["another origin"])), place
    assert rows() == before


def test_looking_changes_nothing(boss, twins):
    """A picture in a foreign page asks with GET, and the browser sends the cookies along."""
    a, _ = twins
    before = rows()
    for place in every_address(a):
        if "/sign-" in place:
            continue  # a link in a letter signs in: that is what it is for
        boss.get(place, {"why": "x", "decision": "approve", "sure": "1"}, **FOREIGN["only where it came from"])
    assert rows() == before


def test_with_its_own_token_the_same_form_gets_in(boss, twins):
    """What is shown above is the token's doing: the page's own form is let in at every address."""
    a, _ = twins
    boss.get("/")
    before, wrong = rows(), []
    for place in every_address(a):
        if "sign-" in place or "/be/" in place:
            continue  # the session ends there
        sent = {"csrfmiddlewaretoken": boss.cookies["csrftoken"].value, "why": "x", "text": "x"}
        if rejected(boss.post(place, sent, HTTP_ORIGIN="http://testserver")):
            wrong.append(place)
    assert not wrong
    assert rows() != before


def test_the_only_form_without_a_token_is_the_one_a_shop_posts_with_its_own_seal():
    exempt = {name for name, pattern in SCREENS.items() if getattr(pattern.callback, "csrf_exempt", False)}
    assert exempt == SEALED
    assert Client(enforce_csrf_checks=True).post("/shop/enter/", {"token": "forged"}).status_code >= 400


def test_the_browser_itself_keeps_the_session_from_foreign_forms(twins):
    person = queries.colleague(SYSTEM, f"{A}-boss").user
    person.set_password("made up")
    person.save()
    client = Client()
    client.post("/sign-in/", {"username": person.username, "password": "made up"})
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
