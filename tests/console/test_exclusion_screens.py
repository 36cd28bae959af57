"""The exclusion step, one pair and the matrix: what they say, to whom, and what a post may do."""

import re
from itertools import combinations

import pytest

from festoon.campaigns import queries as campaigns
from festoon.catalog import search
from festoon.catalog.sign_in import one_time_path
from festoon.config.warming import warm
from festoon.offers import caution, queries, standing
from festoon.offers.overlap import board, table
from festoon.offers.released import out_of
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN"}
STEP, PAIR = "/offers/d12-oolong-15/exclusions/", "/offers/d12-oolong-15/exclusions/d12-shop-30/"


@pytest.fixture
def signed_in(cast, client):
    def sign(person):
        client.get(one_time_path(person))
        return client

    return sign


@pytest.fixture
def drafted(cast):
    """A draft of Lin's on tea."""
    data = {
        "code": "tea-5", "name": {"en": "5% off tea", "zh": "茶九五折"}, "type": "percent", "with": {"basis_points": 500},
        "scope": {"category": ["tea"]}, "payers": [{"payer": "platform", "basis_points": 10000}], "campaign": "double-12",
    }  # fmt: skip
    return promotions.create(data, by=cast.person("lin"), now=cast.now)


def test_the_step_lists_what_meets_and_a_tick_goes_with_the_offer(signed_in, drafted):
    client = signed_in("lin")
    told = client.get("/offers/tea-5/exclusions/").content.decode()
    assert "50 off 300" in told and "15% off oolong" in told
    assert "80 off running gear" not in told, "its goods are others"
    asked = client.get("/offers/tea-5/exclusions/?q=running").content.decode()
    assert "they do not meet it" in asked and "/offers/tea-5/exclusions/d12-run-80-off/" in asked
    assert "they do not meet it" not in client.get("/offers/tea-5/exclusions/?q=oolong").content.decode()
    form = {
        "other": ["d12-oolong-15", "d12-300-less-50"],
        "grain": "order",
        "why": "One saving",
        "start": "2026-12-01T00:00",
    }
    assert client.post("/offers/tea-5/exclusions/tick/", form).status_code == 302
    found = list(queries.of_offer(SYSTEM, drafted))
    assert [(each.grain, each.state, each.along_id, each.reason_en) for each in found] == [
        ("order", "draft", drafted.pk, "One saving")
    ] * 2
    assert found[0].window == {"start": "2026-12-01T00:00", "zone": "Asia/Shanghai"}
    client.post(f"/offers/tea-5/exclusions/untick/{found[0].code}/")
    assert queries.of_offer(SYSTEM, drafted).count() == 1
    assert 'href="/offers/tea-5/edit/"' in told and 'value="1" id="submit"' in told, "back, and on to review"
    answer = client.post("/offers/tea-5/exclusions/tick/", {"other": ["d12-oolong-15"], "grain": "line", "submit": "1"})
    assert answer["Location"] == "/offers/tea-5/"
    assert queries.offer(SYSTEM, "tea-5").state == "in_review"
    assert queries.of_offer(SYSTEM, drafted).filter(lock="", grain="line", state="in_review").count() == 1, (
        "what was ticked goes along"
    )


BACKWARDS = {"why": "One saving", "start": "2026-12-03T00:00", "end": "2026-12-01T00:00"}
"""A window that ends before it begins."""


def test_what_cannot_be_meant_is_shown_again_with_what_was_typed_and_where_it_is_wrong(signed_in, drafted):
    client = signed_in("lin")
    step = "/offers/tea-5/exclusions/?show=both"
    (there,) = re.findall(r'action="([^"]*)" id="ticks"', client.get(step).content.decode())
    for more in ({}, {"submit": "1"}):
        answer = client.post(there, {"other": ["d12-oolong-15"], "grain": "order", **BACKWARDS, **more})
        told = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#ticks-end">Until</a>: must be after the start' in told and 'id="ticks-end-error"' in told
        assert [value for value in BACKWARDS.values() if f'value="{value}"' not in told] == []
        assert re.findall(r'value="([^"]*)" checked', told) == ["d12-oolong-15", "order"]
        assert f'action="{there}"' in told and f'href="{step}" aria-current="true"' in told
    assert not queries.of_offer(SYSTEM, drafted).exists() and queries.offer(SYSTEM, "tea-5").state == "draft"
    assert client.get(there)["Location"] == "/offers/tea-5/exclusions/", "as after a change of language"
    none = client.post(there, BACKWARDS).content.decode()
    assert "Tick the offers that must not be used together" in none and 'value="One saving"' in none


def test_on_the_page_of_a_pair_it_is_shown_there(signed_in, drafted):
    client = signed_in("lin")
    page = client.get("/offers/tea-5/exclusions/d12-oolong-15/").content.decode()
    form = dict(re.findall(r'<input type="hidden" name="(other|pair)" value="([^"]*)"', page))
    answer = client.post("/offers/tea-5/exclusions/tick/", {**form, **BACKWARDS})
    told = answer.content.decode()
    assert answer.status_code == 422 and 'href="#pair-tick-end">Until</a>: must be after the start' in told
    assert "These two together" in told and 'value="One saving"' in told
    in_chinese = client.post("/offers/tea-5/exclusions/tick/", {**form, **BACKWARDS}, headers=CHINESE).content.decode()
    assert "至</a>：须晚于开始时间" in in_chinese and "尚未设为互斥" in in_chinese
    assert client.post("/offers/tea-5/exclusions/tick/", {**form, **BACKWARDS, "end": ""}).status_code == 302
    assert queries.of_offer(SYSTEM, drafted).get().reason_en == "One saving"


def test_a_promotion_after_anothers_coupon_shows_it_as_locked_first(signed_in, drafted):
    """Willow's coupon is out; the platform's promotion on the same goods comes later."""
    told = signed_in("lin").get("/offers/tea-5/exclusions/").content.decode()
    rows = told.split("<tbody>")[1].split("</tr>")
    assert (
        "West Lake store: 20 off 100" in rows[0]
        and "Locked by a rule" in rows[0]
        and "A reviewer may lift it" in rows[0]
    )
    settled = signed_in("lin").get("/offers/d12-300-less-50/exclusions/").content.decode()
    assert "Locked by a rule" in settled, "theirs went to review together"


def test_a_pair_says_why_with_a_basket_priced_both_ways(signed_in):
    told = signed_in("lin").get(PAIR).content.decode()
    assert "Exclude each other" in told and "Oolong is already reduced" in told
    assert "A basket in which both serve" in told and "dearer for the shopper" in told
    apart = signed_in("lin").get("/offers/d12-oolong-15/exclusions/d12-run-80-off/").content.decode()
    assert "no goods are in both" in apart


def test_a_merchant_finds_nothing_of_another_and_changes_nothing_of_the_platforms(signed_in, cast, drafted):
    client, before = signed_in("ye"), sorted(queries.exclusions(SYSTEM).values_list("code", "state"))
    told = client.get("/offers/d12-west-lake-20/exclusions/").content.decode()
    assert "50 off 300" in told
    assert "5% off tea" not in told, "another's draft"
    for foreign in ("/offers/tea-5/exclusions/", "/offers/d12-west-lake-20/exclusions/tea-5/"):
        assert client.get(foreign).status_code == 404
    client.post("/offers/d12-oolong-15/exclusions/tick/", {"other": ["d12-west-lake-20"], "grain": "order"})
    (code,) = queries.between(SYSTEM, ("d12-oolong-15", "d12-shop-30")).values_list("code", flat=True)
    assert client.post(f"/offers/d12-oolong-15/exclusions/untick/{code}/", {"why": "mine"}).status_code in (302, 404)
    assert sorted(queries.exclusions(SYSTEM).values_list("code", "state")) == before


@pytest.mark.parametrize(("person", "status"), [("zhou", 403), ("gu", 403)])
def test_who_may_not_edit_ticks_nothing(person, status, signed_in):
    before = queries.exclusions(SYSTEM).count()
    assert signed_in(person).post(STEP + "tick/", {"other": ["d12-gold-12"]}).status_code == status
    assert queries.exclusions(SYSTEM).count() == before


def test_the_matrix_has_every_pair_of_the_campaign_and_of_a_day(signed_in):
    client = signed_in("lin")
    told = client.get("/campaigns/double-12/matrix/").content.decode()
    assert told.count("#mark-not") >= 4, "two exclusions, in both halves"
    few = client.get("/campaigns/double-12/matrix/?show=conflicts").content.decode()
    assert few.count('<th scope="row"') < told.count('<th scope="row"')
    assert client.get("/matrix/").content.decode().count('<th scope="row"') > 10
    assert "No offers" in client.get("/matrix/?day=2020-01-01").content.decode()


def test_a_few_offers_meet_as_they_do_among_all_that_is_live(cast, drafted):
    """Fails when the matrix, which reads none of the others, is drawn on other goods, other times, another book."""
    offers = list(queries.own(SYSTEM).filter(merchant__currency="CNY"))
    few, every = table("CNY", cast.now), board("CNY", cast.now)
    stood = [(few.of(each), every.of(each)) for each in offers]
    met = [
        few.between(one[0], other[0]) == every.between(one[1], other[1])
        and type(few.between(one[0], other[0])) is type(every.between(one[1], other[1]))
        for one, other in combinations(stood, 2)
    ]
    assert len(met) > 100
    assert all(met)
    assert any(len(each.reach) > 1 or each.reach[0].asks for each, _ in stood), "some are given out in some places only"
    codes = [each.code for each in offers]
    assert out_of(SYSTEM, "CNY", codes) == {each.code for each in every.have.live} & set(codes)


def test_the_matrix_draws_the_offers_of_a_campaign_what_is_out_first(cast, drafted, monkeypatch):
    from festoon.console import matrix_page
    from festoon.console.queries import offers_shown

    monkeypatch.setattr(matrix_page, "MOST", 8)
    lin, theme = cast.person("lin"), campaigns.campaign(SYSTEM, "double-12")
    rows = offers_shown(lin, now=cast.now).filter(campaign=theme).exclude(state__in=matrix_page.OVER)
    rows = rows.filter(merchant__currency="CNY").order_by("-is_live", "-kind", "code")
    drawn = matrix_page.of_campaign(lin, theme, {}, now=cast.now)
    assert drawn["total"] == rows.count() > 8
    assert [head.href for head in drawn["matrix"].heads] == [f"/offers/{each.code}/" for each in rows[:8]]


def test_a_policy_is_turned_off_by_who_configures(signed_in, cast):
    client = signed_in("lin")
    assert "A new coupon excludes" in client.get("/settings/exclusions/").content.decode()
    assert client.post(f"/settings/exclusions/{caution.COUPON}/", {"on": "no"}).status_code == 403
    assert caution.on(caution.COUPON)


def test_what_screens_ask_of_memory_is_there_before_anybody_asks(cast, monkeypatch):
    search.forget()
    standing._kept.clear()
    warm(cast.now)
    kept = standing._kept["CNY"]
    monkeypatch.setattr(search, "_load", lambda: pytest.fail("read when somebody asked"))
    assert search.find(SYSTEM, "oolong", now=cast.now).total
    assert board("CNY", cast.now).have is kept
