"""Who may open which screen, and what a post without the right leaves behind: nothing."""

import pytest

from festoon.base.words import Words
from festoon.campaigns import queries as themes
from festoon.catalog.sign_in import one_time_path
from festoon.composition import templates
from festoon.composition.applying import apply
from festoon.composition.paper import paper
from festoon.offers import exclusions
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.review.levels import Step

pytestmark = pytest.mark.django_db

EVERYBODY = ["/", "/reviews/"]
BY_RIGHT = [
    "/dashboard/", "/campaigns/", "/campaigns/double-12/", "/offers/", "/offers/d12-gold-12/", "/coupons/d12-west-lake-20/",
    "/try/?n.t-05=2", "/flash/", "/health/",
]  # fmt: skip


@pytest.fixture
def signed_in(cast, client):
    """`signed_in("lin")`: the client as this person."""

    def sign(person):
        answer = client.get(one_time_path(person))
        assert answer.status_code == 302
        return client

    return sign


@pytest.mark.parametrize("path", EVERYBODY + BY_RIGHT)
def test_a_screen_asks_who_is_there(path, client, db):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("person", ["lin", "chen", "he", "zhou", "ye"])
def test_colleagues_open_every_screen(person, signed_in):
    client = signed_in(person)
    answers = {path: client.get(path).status_code for path in EVERYBODY + BY_RIGHT}
    assert set(answers.values()) == {200}, answers


def test_the_text_of_anothers_campaign_tells_nothing_of_what_is_worked_on(cast, signed_in):
    """Neither on its page, nor in a template that is made of it: a rule, its money, a name, a goal, an exclusion."""
    lin = cast.person("lin")
    theme = themes.campaign(lin, "double-12")
    made = offers.offer(lin, "d12-300-less-50", "promotion")
    draft = {name: value for name, value in made.draft.items() if name != "terms"}
    secret = {"with": {"tiers": [{"at": 30000, "off": 12345}]}, "campaign": theme.code, "spend_most": 7_654_321}
    edited = promotions.edit(made, {**draft, **secret}, by=lin, now=cast.now)
    exclusions.tick(
        edited, offers.offer(lin, "d12-cups-3-for-2"), reason=Words("Why 4711", "为何"), by=lin, now=cast.now
    )
    written = {**paper(lin, theme), "goals": [{"metric": "gmv", "channel": "app", "target": 87_654_321}]}
    written["campaign"]["reason"] = {"en": "Next year 4712", "zh": "明年"}
    apply(written, by=lin, now=cast.now)
    told = ("12345", "7654321", "4711", "4712", "87654321")
    address = "/campaigns/double-12/text/?download=1"
    assert [each in signed_in("lin").get(address).content.decode() for each in told] == [True] * 5
    text = signed_in("ye").get(address).content.decode()
    assert ([each in text for each in told], "'off': 5000" in text) == ([False] * 5, True)
    page = f"/offers/{made.code}/"
    assert [who for who in ("lin", "ye") if "Why 4711" in signed_in(who).get(page).content.decode()] == ["lin"]
    kept = templates.keep(theme, name=Words("x", "x"), about=Words("", ""), by=cast.person("ye"), now=cast.now)
    assert [each in str(kept.data) for each in told] == [False] * 5


@pytest.mark.parametrize(("person", "status"), [("lin", 200), ("zhou", 200), ("ye", 404), ("gu", 403)])
def test_the_years_figures_are_the_platforms(person, status, signed_in, settings, tmp_path):
    settings.FESTOON_VAR = tmp_path
    client = signed_in(person)
    assert client.get("/year/").status_code == status
    home = client.get("/").content
    assert (b'href="/year/"' in home) == (status == 200), "nobody is led to what is not there"


def test_the_report_of_a_retailer_is_for_the_platform_and_the_retailer(cast, settings, tmp_path):
    from festoon.analytics import queries as analytics
    from festoon.analytics import reports
    from festoon.catalog.models import Merchant
    from festoon.records.viewer import Viewer

    settings.FESTOON_VAR = tmp_path
    reports.write("year", {"merchant": "willow", "campaigns": []})
    kite = Viewer("person:kite", Merchant.objects.get(code="kite").pk, frozenset({"data.read"}))
    assert analytics.report(cast.person("lin")) and analytics.report(cast.person("ye"))
    assert analytics.report(kite) is None
    assert analytics.report(cast.person("gu")) is None, "without the right not even its own"


def test_staff_open_only_what_everybody_opens(signed_in):
    client = signed_in("gu")
    assert {client.get(path).status_code for path in EVERYBODY} == {200}
    answers = {path: client.get(path).status_code for path in BY_RIGHT}
    assert set(answers.values()) == {403}, answers
    assert b"/dashboard/" not in client.get("/").content, "the menu names no screen that would refuse"


def test_staff_read_no_review_but_those_that_ask_them(cast, signed_in):
    """A review shows the whole of an offer; fails when whoever may not open the offer opens its review."""
    ye, rule = cast.person("ye"), {"type": "percent", "with": {"basis_points": 500}, "scope": {"merchant": ["willow"]}}
    numbers = {}
    for code, party in (("asked", "person:gu"), ("other", "role:reviewer")):
        flows.set_flow("promotion", [Step(Words(code, code), [party])], by=SYSTEM, now=cast.now)
        made = promotions.create({**rule, "code": code, "name": {"en": code, "zh": code}}, by=ye, now=cast.now)
        promotions.submit(made, by=ye, now=cast.now)
        numbers[code] = reviews.latest(ye, "promotion", code).pk
    client = signed_in("gu")

    def read():
        page = client.get("/reviews/?state=open").content.decode()
        return {
            code: (client.get(f"/reviews/{number}/").status_code, f"/reviews/{number}/" in page)
            for code, number in numbers.items()
        }

    assert read() == {"asked": (200, True), "other": (404, False)}
    assert client.post("/remarks/promotion/other/", {"text": "let me see"}).status_code == 403
    client.post(f"/reviews/{numbers['asked']}/decide/", {"decision": "reject", "why": "too deep"})
    assert read()["asked"] == (200, False), "what it decided on stays readable; it is no longer open"
    assert signed_in("ye").get(f"/reviews/{numbers['other']}/").status_code == 200


def test_a_merchant_finds_nothing_of_another(signed_in):
    client = signed_in("ye")
    assert client.get("/offers/d12-west-lake-20/").status_code == 200
    assert client.get("/reviews/1/").status_code == 404
    assert b"Kite Sports" not in client.get("/try/?n.s-01=1").content


def test_what_is_not_there_is_not_there(signed_in):
    client = signed_in("lin")
    for path in ("/offers/nothing/", "/campaigns/nothing/", "/coupons/nothing/", "/reviews/999999/"):
        assert client.get(path).status_code == 404, path
    assert client.get("/coupons/d12-300-less-50/").status_code == 404, "a promotion has no coupons"


def test_an_analyst_stops_nothing(signed_in):
    before = records.visible(SYSTEM).count()
    answer = signed_in("zhou").post("/offers/d12-gold-12/stop/", {"why": "just so"}, follow=True)
    assert b"It takes the right to stop and recall what is live" in answer.content
    assert not offers.stops(SYSTEM).exists()
    assert records.visible(SYSTEM).count() == before


def test_a_stop_without_a_reason_is_refused(signed_in):
    answer = signed_in("lin").post("/offers/d12-gold-12/stop/", {"why": " "}, follow=True)
    assert b"Say why" in answer.content
    assert not offers.stops(SYSTEM).exists()


def test_nobody_becomes_a_person_who_is_not_made_up(signed_in, cast):
    from festoon.base.words import Words
    from festoon.catalog.actions import take_merchants
    from festoon.catalog.colleagues import add_person

    real = {
        "code": "real",
        "name_en": "A real company",
        "name_zh": "真实公司",
        "currency": "CNY",
        "zone": "Asia/Shanghai",
    }
    assert take_merchants([real], by=SYSTEM, now=cast.now, key="real").taken == 1
    add_person(
        "boss", merchant="real", name=Words("Boss", "老板"), roles=["admin"], password="never told", by=SYSTEM,
        now=cast.now,
    )  # fmt: skip
    client = signed_in("lin")
    assert client.post("/be/boss/").status_code == 404
    assert client.post("/be/chen/").status_code == 302
    assert signed_in("boss").post("/be/chen/").status_code == 404, "and a real person becomes nobody else"


def test_a_link_is_worth_one_sign_in(cast, client):
    link = one_time_path("lin")
    assert client.get(link).status_code == 302
    client.post("/sign-out/")
    assert client.get(link).status_code == 403
    assert client.get(link.replace("/lin/", "/chen/")).status_code == 403


def test_after_signing_in_one_goes_where_one_wanted_but_never_elsewhere(cast, client):
    from tests.cast import PASSWORD

    for wanted, reached in (
        ("/offers/", "/offers/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
    ):
        answer = client.post("/sign-in/", {"username": "lin", "password": PASSWORD, "next": wanted})
        assert answer["Location"] == reached


def test_nonsense_in_a_basket_counts_as_nothing(signed_in):
    client = signed_in("lin")
    for query in (
        "n.t-05=-3",
        "n.t-05=abc",
        "n.nothing=2",
        "n.t-05=",
        "coupon=x&n.t-05=1",
        "tick=a&tick=b&n.t-05=1",
        "tick=d12-gold-12&tick=d12-gold-12&n.t-05=1",
        "tick=d12-gold-12&tick=d12-300-less-50&n.t-05=3",
    ):
        assert client.get(f"/try/?{query}").status_code == 200, query
    assert client.get("/try/?shopper=ghost&n.t-05=1").status_code == 200


def test_no_door_knows_anothers_addresses():
    """Each is served alone by `festoon serve --doors …`: a name of another door's address would end in an error."""
    from tests.tidy.reading import SOURCE

    for door, other in (("console", "shop:"), ("shop", "console:")):
        for path in (SOURCE / door).rglob("*"):
            if path.suffix in (".html", ".py"):
                assert f"'{other}" not in path.read_text() and f'"{other}' not in path.read_text(), path


@pytest.mark.once
def test_the_console_is_served_without_the_shop(signed_in, settings):
    from django.urls import clear_url_caches, include, path, set_urlconf

    class Alone:
        urlpatterns = [path("", include("festoon.console.urls"))]

    client = signed_in("lin")
    settings.ROOT_URLCONF = Alone
    clear_url_caches()
    set_urlconf(None)
    try:
        answers = {path: client.get(path).status_code for path in EVERYBODY + BY_RIGHT}
        assert set(answers.values()) == {200}, answers
        assert client.get("/shop/").status_code == 404
    finally:
        clear_url_caches()
