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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_nul_is_refused_on_every_screen(signed_in, language):  # noqa: F811
    """In what is asked, under any name, in a form, in an address: one clear answer, for PostgreSQL keeps none."""
    client = signed_in("lin")
    client.cookies["django_language"] = language
    said = "nobody types" if language == "en" else "无法输入的字符"
    for path in ("/offers/", "/newest/", "/try/", "/presets/"):
        for asked in ({"q": "a\0"}, {"preset": "\0"}, {"a\0": "1"}):
            answer = client.get(path, asked)
            assert (answer.status_code, said in answer.content.decode()) == (400, True), (path, asked)
    for path in ("/newest/", "/offers/new/?rule=type:percent&kind=promotion"):
        answer = client.post(path, {"pick": "1 2 \0", "do": "look", "name.en": "x\0"})
        assert (answer.status_code, said in answer.content.decode()) == (400, True), path
    assert client.get("/offers/a%00b/").status_code == 400


def test_a_number_without_end_is_no_number(signed_in):  # noqa: F811
    client = signed_in("lin")
    assert client.post("/newest/", {"pick": f"{'9' * 5000} 2 nothing"}).status_code == 200
    assert client.post("/people/", {"bulk": "none", "pick": "9" * 5000}).status_code != 500


def test_an_administrator_without_a_person_opens_every_screen(cast, client):
    client.force_login(User.objects.create_superuser("root"))
    answers = {path: client.get(path).status_code for path in EVERYBODY + BY_RIGHT}
    assert set(answers.values()) == {200}, answers


def test_a_user_without_a_person_is_refused_in_words(cast, client):
    client.force_login(User.objects.create_user("guest"))
    answers = {path: client.get(path).status_code for path in BY_RIGHT}
    assert set(answers.values()) == {403}, answers
