"""What the screens do with what nobody expects: words on a page, never a fault, never another house."""

from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from festoon.campaigns import queries as campaigns
from festoon.records.viewer import SYSTEM
from tests.console.test_offer_edit import RULE, typed
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


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_what_is_no_number_is_none_wherever_one_is_meant(number, signed_in):  # noqa: F811
    client, tiers = signed_in("lin"), "/offers/new/?rule=type:spend_and_save"
    row = {"rule": "type:spend_and_save", "with.tiers.0._": "", "with.tiers.0.at": "300"}
    for path, asked in (
        ("/try/", {"n.t-01": number}), ("/try/case.yaml", {"n.t-01": number}), ("/audit/", {"day": number}),
        ("/offers/new/", {"rule": f"preset:percent-off@{number}"}),
    ):  # fmt: skip
        assert client.get(path, asked).status_code < 500, path
    for path, sent in (
        ("/reviews/1/decide/", {"decision": f"return:{number}", "why": "x"}),
        ("/settings/reviews/", {"do": "end", "number": number}),
        ("/campaigns/double-12/approve/", {"read": number}),
        ("/campaigns/double-12/compose/goals/", {"do": f"drop-{number}"}),
        (tiers, row | {"do": f"less:with.tiers.{number}"}), (tiers, row | {"do": f"more:with.tiers.{number}.off"}),
        (tiers, row | {"do": "look", f"with.tiers.{number}.at": "9"}), (tiers, row | {"do": "take:nowhere"}),
    ):  # fmt: skip
        assert client.post(path, sent).status_code < 500, path


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_some_zone_does_not_have_is_refused_and_in_an_address_it_is_today(day, signed_in):  # noqa: F811
    client = signed_in("lin")
    assert client.get("/matrix/", {"day": day}).context["day"] == timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
    client.cookies["django_language"] = "zh-hans"
    window = {"window.start": f"{day}T23:00", "window.end": f"{day}T23:59"}
    for zone in ("Asia/Shanghai", "America/New_York"):
        told = client.post(RULE, typed(do="save", **window, **{"window.zone": zone}))
        assert told.status_code == 422 and "请填写 1970 至 9998 年之间的日期" in told.content.decode()
    theme = {"code": "far", "name_en": "Far", "name_zh": "远", "ends_at": f"{day}T12:00"}
    told = client.post("/campaigns/new/", {**theme, "starts_at": f"{day}T00:00"}).content.decode()
    assert "请填写 1970 至 9998 年之间的日期" in told and not campaigns.visible(SYSTEM).filter(code="far").exists()


@pytest.mark.parametrize("days", ["3661", "-3661", "99999999", "²", "9" * 5000])
def test_a_campaign_is_copied_into_no_other_age(days, signed_in):  # noqa: F811
    told = signed_in("lin").post("/campaigns/double-12/copy/", {"new": "far", "days": days}, follow=True)
    assert b"at most 3,660 days" in told.content or b"Write whole days" in told.content
    assert not campaigns.visible(SYSTEM).filter(code="far").exists()


def test_an_administrator_without_a_person_opens_every_screen(cast, client):
    client.force_login(User.objects.create_superuser("root"))
    answers = {path: client.get(path).status_code for path in EVERYBODY + BY_RIGHT}
    assert set(answers.values()) == {200}, answers


def test_a_user_without_a_person_is_refused_in_words(cast, client):
    client.force_login(User.objects.create_user("guest"))
    answers = {path: client.get(path).status_code for path in BY_RIGHT}
    assert set(answers.values()) == {403}, answers
