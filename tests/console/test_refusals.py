"""What the screens do with what nobody expects: words on a page, never a fault, never another house."""

import pytest
from django.contrib.auth.models import User

from tests.console.test_walls import BY_RIGHT, EVERYBODY, signed_in  # noqa: F401

pytestmark = pytest.mark.django_db

EXCLUDE = "/try/exclude/"
PAIR = ["d12-cups-3-for-2", "d12-free-shipping"]


@pytest.mark.parametrize("ticks", [[], PAIR[:1]])
def test_excluding_takes_two(ticks, signed_in):  # noqa: F811
    answer = signed_in("lin").post(EXCLUDE, {"tick": ticks, "grain": "order", "why": "x"}, follow=True)
    assert answer.status_code == 200
    assert b"Tick two offers" in answer.content


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "nonsense", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(back, signed_in):  # noqa: F811
    client = signed_in("lin")
    answer = client.post(EXCLUDE, {"tick": PAIR, "grain": "order", "why": "x", "back": back})
    assert (answer.status_code, answer["Location"]) == (302, "/try/")
    refused = client.post(EXCLUDE, {"tick": []}, headers={"referer": back})
    assert (refused.status_code, refused["Location"]) == (302, "/")
    assert client.post("/be/chen/", {"next": back})["Location"] == "/"


def test_one_comes_back_to_where_one_was(signed_in):  # noqa: F811
    client = signed_in("lin")
    there = "/try/?n.t-05=1"
    assert client.post(EXCLUDE, {"tick": PAIR, "grain": "order", "why": "x", "back": there})["Location"] == there
    referer = f"http://testserver{there}"
    assert client.post(EXCLUDE, {"tick": []}, headers={"referer": referer})["Location"] == referer


def test_an_administrator_without_a_person_opens_every_screen(cast, client):
    client.force_login(User.objects.create_superuser("root"))
    answers = {path: client.get(path).status_code for path in EVERYBODY + BY_RIGHT}
    assert set(answers.values()) == {200}, answers


def test_a_user_without_a_person_is_refused_in_words(cast, client):
    client.force_login(User.objects.create_user("guest"))
    answers = {path: client.get(path).status_code for path in BY_RIGHT}
    assert set(answers.values()) == {403}, answers
