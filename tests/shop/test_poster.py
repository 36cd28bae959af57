"""A campaign on paper: what stands on the poster, where its code leads, and that who scans it is counted."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog.sign_in import one_time_path
from festoon.console.poster_page import PosterForm
from festoon.coupons import queries as coupons
from festoon.distribution import claimable
from festoon.offers import queries as offers
from festoon.offers.actions import stop
from festoon.records import queries as records
from festoon.records.events import unpack
from festoon.records.viewer import SYSTEM
from festoon.shop.came import MOST, Doorman
from festoon.storefront.addresses import page_of
from festoon.storefront.drawing import svg as drawn
from festoon.storefront.lettering import fitting, lines, width
from festoon.storefront.poster import LANGUAGES, PAPERS, Poster, Promise

pytestmark = pytest.mark.django_db
POSTER = "/campaigns/double-12/poster"
SHOP = "/shop/double-12/"
SVG = "{http://www.w3.org/2000/svg}"
IN_HALL = page_of("double-12", scene="hall", store="willow-west")
SEAL = IN_HALL.rpartition("=")[2]


def drawing(client, asked=""):
    answer = client.get(f"{POSTER}.svg?{asked}")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    return ET.fromstring(answer.content)


def said(svg):
    return [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def lin(cast, client):
    client.get(one_time_path("lin"))
    return client


def test_a_poster_names_the_campaign_in_both_languages_and_its_best_released_offers(lin, cast):
    svg = drawing(lin, "paper=roll-up&first=zh&scene=hall&store=willow-west")
    texts = said(svg)
    assert (svg.get("width"), svg.get("height")) == ("850mm", "2000mm")
    assert {"双十二", "Double 12", "满200减30券", "¥30"} <= set(texts)
    assert any("Spend ¥200, save ¥30" in text for text in texts)
    assert any("西湖店" in text for text in texts), "where it hangs"
    assert not any("Rain" in text for text in texts), "what is still in review is not printed"
    assert not any("DRAFT" in text for text in texts)
    stop("offer", "d12-shop-30", why="dear", by=cast.person("lin"), now=cast.now)
    assert "满200减30券" not in said(drawing(lin, "paper=roll-up&first=zh")), "nor what is stopped"


def test_the_offers_that_are_ticked_stand_on_it_and_no_more_than_fit(lin):
    one = said(drawing(lin, "paper=a4&first=en&offer=d12-oolong-15"))
    assert "30 off 200" not in one
    every = drawing(lin, "paper=a4&first=en")
    cards = [rect for rect in every.iter("{http://www.w3.org/2000/svg}rect") if rect.get("height") == "30"]
    assert len(cards) == 3


@pytest.mark.parametrize("paper", list(PAPERS))
@pytest.mark.parametrize("first", list(LANGUAGES))
@pytest.mark.parametrize("worth", [None, Words("¥30 off", "¥30")])
@pytest.mark.parametrize("times", [1, 4])
def test_the_longest_sentences_keep_clear_of_the_edges_of_their_card(paper, first, worth, times):
    name = Words("Oolong " * times, "乌龙茶券，" * times)
    rule = Words("12% off everything that is tea, " * 6, "茶类商品满减，" * 12)
    offer = Promise("tea", worth, name, rule, name)
    house = Words("Lantern Market", "灯集")
    svg = ET.fromstring(
        drawn(
            Poster(PAPERS[paper], "red", house, house, house, house, [offer], "https://example.com/", None, True, first)
        )
    )
    (card,) = [rect for rect in svg.iter(f"{SVG}rect") if rect.get("height") == "30"]
    x, y, wide, high = (float(card.get(side)) for side in ("x", "y", "width", "height"))
    inside = [text for text in svg.iter(f"{SVG}text") if y < float(text.get("y")) < y + high]
    assert len(inside) >= 3
    for text in inside:
        size, low = float(text.get("font-size")), float(text.get("y"))
        assert y + 3 < low - 0.8 * size and low + 0.2 * size < y + high - 3, "above and below"
        if text.get("text-anchor") is None:
            assert x + 6 < float(text.get("x")) and float(text.get("x")) + width(text.text, size) < x + wide - 5


def test_a_poster_of_what_nobody_agreed_on_says_so_across_it(lin):
    lin.post("/campaigns/double-12/copy/", {"new": "next-12", "days": "364"})
    texts = said(ET.fromstring(lin.get("/campaigns/next-12/poster.svg").content))
    assert "DRAFT, not for print" in texts
    assert "not in force" in lin.get("/campaigns/next-12/poster/").content.decode()


def test_what_is_asked_wrongly_is_refused_at_its_field(lin):
    assert lin.get(f"{POSTER}.svg?paper=a9&first=en").status_code >= 400
    shown = lin.get(f"{POSTER}/?paper=a3&first=en&scene=Two words").content.decode()
    assert 'id="poster-file"' not in shown
    assert "id_scene" in shown
    assert lin.get(f"{POSTER}.svg?paper=a3&first=en&store=nowhere").status_code >= 400


def test_a_foreign_campaign_has_no_poster(cast, client):
    client.get(one_time_path("ye"))
    assert client.get("/campaigns/kite-week/poster.svg").status_code == 404


def opened():
    found = [event for row in records.outbox(SYSTEM).filter(kind="shop") for event in unpack(bytes(row.events))]
    return [(event["scene"], event["store"]) for event in found if event["kind"] == "campaign.opened"]


def test_who_scans_is_counted_once_by_scene_and_store_and_claims_there(cast, client):
    """Fails when a look counts, when a press counts twice, or when the way in is lost before the claim."""
    page = client.get(IN_HALL).content.decode()
    assert "data-seen" in page
    assert "data-seen" not in client.get(SHOP).content.decode()
    assert opened() == []
    form = {"scene": "hall", "store": "willow-west", "seal": SEAL, "key": "a" * 32}
    for _ in range(2):
        assert client.post(f"{SHOP}seen/", form).status_code == 204
    assert opened() == [("hall", "willow-west")]
    back = client.post(f"{SHOP}be/", {"shopper": "mei", **form}).headers["Location"]
    assert back == IN_HALL
    back = client.post(f"{SHOP}claim/d12-shop-30/", {**form, "key": "press"}).headers["Location"]
    assert back == IN_HALL
    (coupon,) = coupons.wallet(SYSTEM, "mei")
    assert (coupon.scene, coupon.store) == ("hall", "willow-west")


@pytest.mark.parametrize(
    "form",
    [
        {"key": "a" * 32},
        {"key": "a" * 32, "scene": "<b>"},
        {"key": "a" * 32, "store": "nowhere"},
        {"key": "short", "scene": "hall"},
        {"scene": "hall"},
        {"key": "a" * 32, "scene": "hall", "store": "willow-west"},
        {"key": "a" * 32, "scene": "lift", "store": "willow-west", "seal": SEAL},
        {"key": "a" * 32, "scene": "hall", "seal": SEAL},
        {"key": "a" * 32, "scene": "hall", "store": "willow-west", "seal": "键" + SEAL[1:]},
    ],
)
def test_what_no_poster_says_is_not_counted(form, cast, client):
    assert client.post(f"{SHOP}seen/", form).status_code == 204
    assert opened() == []


def test_a_scene_that_was_typed_opens_nothing(cast, client):
    """A leaked or guessed name of a scene is none: only the address on the poster claims what is claimed there alone."""
    row = offers.live_of(SYSTEM, "distribution", "d12-west-lake")
    release = row.release
    release.data = {**release.data, "claim_scenes": ["hall"]}
    release.save()
    claimable.forget()
    client.post(f"{SHOP}be/", {"shopper": "mei"})
    claim = f"{SHOP}claim/d12-west-lake-20/"
    for wrong in (
        {},
        {"seal": SEAL, "store": "kite-north"},
        {"seal": page_of("kite-week", scene="hall").rpartition("=")[2]},
    ):
        client.post(claim, {"scene": "hall", "key": "press", **wrong})
    assert not coupons.wallet(SYSTEM, "mei").exists()
    client.post(claim, {"scene": "hall", "store": "willow-west", "seal": SEAL, "key": "press"})
    assert coupons.wallet(SYSTEM, "mei").get().scene == "hall"


def test_one_address_is_counted_so_often_a_minute(cast):
    door = Doorman()
    assert [door.lets_in("a", cast.now) for _ in range(MOST + 1)].count(True) == MOST
    assert door.lets_in("b", cast.now)
    assert door.lets_in("a", cast.now + timedelta(minutes=1))


def test_lines_break_in_both_languages_and_never_run_over():
    text = "Spend ¥300, save ¥50; on everything 满300减50，最高减150元"
    for room in (40, 90):
        found = lines(text, 5, room, 99)
        assert all(width(line, 5) <= room for line in found)
        assert "".join("".join(found).split()) == "".join(text.split()), "nothing is lost"
    assert all(line[0] != "，" for line in lines("满三百减五十，最高减一百五十元", 5, 36, 9))
    rule = "满¥200，减¥30；适用于全部商品，标签为赠品的商品除外"
    for room in range(30, 140):
        found = lines(rule, 5, room, 99)
        assert "".join(found) == rule and not any(line[0] in "，；" for line in found), f"nothing is lost in {room}"
    assert lines(rule, 5, 122, 3)[-1] == "品除外", "no line of one letter where the line before it can spare some"
    (cut,) = lines("one two three four", 10, 60, 1)
    assert cut.endswith("…")
    assert fitting("Double 12", (40, 15), 100, 1) == (15, ["Double 12"])


def test_what_strangers_write_is_text_on_the_poster(lin):
    campaigns.visible(SYSTEM).filter(code="double-12").update(
        name_en='</text></svg><script src="//x"/>', name_zh="\x08\u2028十"
    )
    page = lin.get(f"{POSTER}/print/?paper=a3&first=en").content.decode()
    assert "<script src=" not in page.replace('<script type="module" src="/static', "")
    assert any("十" in text for text in said(drawing(lin, "paper=a3&first=zh"))), "and it stays a drawing"


def test_the_code_of_a_coupon_that_is_claimed_in_one_scene_names_it(lin):
    release = offers.live_of(SYSTEM, "distribution", "d12-west-lake").release
    assert "scene=" not in lin.get("/coupons/d12-west-lake-20/").content.decode()
    release.data = {**release.data, "claim_scenes": ["hall"]}
    release.save()
    assert (
        page_of("double-12", scene="hall").replace("&", "&amp;")
        in lin.get("/coupons/d12-west-lake-20/").content.decode()
    )


def test_a_distribution_has_a_poster_that_is_counted_as_its_own(lin):
    shown = lin.get("/distributions/d12-app/").content.decode()
    assert f'{POSTER}/?paper=a3&amp;first=en&amp;scene=d12-app&amp;store="' in shown
    assert "?scene=d12-app" in lin.get(f"{POSTER}/?paper=a3&first=en&scene=d12-app&store=").content.decode()


def test_offers_of_one_name_are_told_apart_by_their_codes(cast):
    name, other = Words("Flash sale", "秒杀"), Words("30 off", "减30")
    every = [Promise(code, None, each, each, each) for code, each in (("a", name), ("b", other), ("c", name))]
    form = PosterForm(None, viewer=cast.person("lin"), every=every, first="en")
    assert form.fields["offer"].choices == [("a", "Flash sale · a"), ("b", "30 off"), ("c", "Flash sale · c")]
