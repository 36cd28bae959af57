"""Lin composes a campaign on screens alone: from a template, step by step, as text, to its end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog.colleagues import add_person
from festoon.catalog.sign_in import one_time_path
from festoon.composition.applying import apply
from festoon.composition.paper import paper
from festoon.distribution import queries as spread
from festoon.distribution.claims import claim
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM
from festoon.review import queries

BASICS = {
    "code": "tea-week", "name_en": "Tea week", "name_zh": "茶周", "reason_en": "First flush", "reason_zh": "头采",
    "starts_at": "2027-03-01T00:00", "ends_at": "2027-03-08T00:00", "term": "one_off",
}  # fmt: skip


@pytest.fixture
def lin(cast, client):
    client.get(one_time_path("lin"))
    return client


def at(step, code="tea-week"):
    return f"/campaigns/{code}/compose/{step}/"


def theme(code="tea-week"):
    return campaigns.campaign(SYSTEM, code)


@pytest.mark.parametrize("begin", ["", "?from=great-sale"])
def test_why_people_buy_may_be_left_out(lin, begin):
    """The form says that it is optional: an empty one is no fault, and its text applies again as it is."""
    bare = BASICS | {"reason_en": "", "reason_zh": ""}
    assert lin.post(f"/campaigns/new/{begin}", bare).headers["Location"] == at("goals")
    assert apply(paper(SYSTEM, theme()), by=SYSTEM, now=timezone.now()) == []
    lin.post(at("basics"), BASICS | {"reason_zh": ""})
    assert (theme().reason_en, theme().reason_zh) == ("First flush", "First flush"), "one stands for the other"


def test_from_a_template_to_review_without_leaving_the_screens(lin):
    assert "great-sale" in lin.get("/campaigns/new/").content.decode()
    made = lin.post("/campaigns/new/?from=great-sale", BASICS)
    assert made.headers["Location"] == at("goals")
    assert theme().starts_at.isoformat() == "2027-02-28T16:00:00+00:00", "midnight in Shanghai"
    lin.post(at("goals"), {"do": "goal", "metric": "gmv", "channel": "app", "product": "", "target": "1200.50"})
    lin.post(at("goals"), {"do": "goal", "metric": "orders", "channel": "", "product": "", "target": "30"})
    for _twice in range(2):
        lin.post(at("goals"), {"do": "drop", "metric": "gmv", "channel": "app", "product": ""})
    assert [goal.metric for goal in campaigns.goals(SYSTEM, theme())] == ["orders"]
    for target in ("900.00", "1200.50", "1200.50"):
        lin.post(at("goals"), {"do": "goal", "metric": "gmv", "channel": "app", "product": "", "target": target})
    half = {"do": "goal", "metric": "orders", "channel": "", "product": "", "target": "30.5"}
    assert "give a whole number" in lin.post(at("goals"), half).content.decode()
    money = {"do": "money", "kind": "discount", "payer": "platform", "amount": "500", "key": "once"}
    lin.post(at("goals"), money)
    lin.post(at("goals"), money)
    assert sorted((goal.metric, goal.target) for goal in campaigns.goals(SYSTEM, theme())) == [
        ("gmv", 120050),
        ("orders", 30),
    ]
    assert [line.account.granted for line in campaigns.budget(SYSTEM, theme())] == [50000]
    lin.post(at("spread") + "?edit=tea-week-everywhere", {"name_en": "App", "name_zh": "应用", "channels": ["app"]})
    assert 'name="code" value="tea-week-1"' in lin.get(at("spread")).content.decode()
    shops = {"name_en": "Shops", "name_zh": "门店", "channels": ["store"], "key": "s", "code": "tea-week-1"}
    for _twice in range(2):
        assert lin.post(at("spread"), shops).status_code == 302
    found = {one.code: one.draft.get("channels") for one in spread.visible(SYSTEM).filter(campaign=theme())}
    assert found == {"tea-week-everywhere": ["app"], "tea-week-1": ["store"]}
    checked = lin.get(at("check")).content.decode()
    assert "Nothing is missing" in checked
    lin.post("/campaigns/tea-week/submit/", {"key": "submit"})
    assert theme().state == "in_review"
    assert set(offers.visible(SYSTEM).filter(campaign=theme()).values_list("state", flat=True)) == {"in_review"}


def test_composing_says_the_same_state_as_the_campaigns_page(lin):
    for page in ("/campaigns/double-12/", at("basics", "double-12"), at("check", "double-12")):
        mark = lin.get(page).content.decode().partition("</h1>")[0].rpartition("<h1")[2]
        assert "Live" in mark and "Approved" not in mark


def test_a_campaign_is_kept_as_a_template_and_begun_from_again(lin):
    page = "/campaigns/double-12/"
    assert "Save as a template" in lin.get(page).content.decode()
    names = {"name_en": "Every winter", "name_zh": "每年冬天", "about_en": "", "about_zh": ""}
    wall = lin.post(f"{page}template/", names)["Location"]
    assert "Every winter" in lin.get(wall).content.decode()
    assert lin.post(wall, BASICS)["Location"] == at("goals")
    assert offers.visible(SYSTEM).filter(campaign=theme()).count() == 12
    lin.post("/campaigns/templates/double-12/drop/")
    assert "Every winter" not in lin.get("/campaigns/new/").content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(lin):
    wrong = {**BASICS, "code": "double-12", "name_zh": "", "ends_at": "2027-02-01T00:00"}
    said = lin.post("/campaigns/new/", wrong).content.decode()
    assert "id_name_zh" in said
    said = lin.post("/campaigns/new/", {**wrong, "name_zh": "茶"}).content.decode()
    assert "has this code already" in said
    said = lin.post("/campaigns/new/", {**BASICS, "ends_at": "2027-02-01T00:00"}).content.decode()
    assert "The end comes before the start" in said
    assert not campaigns.visible(SYSTEM).filter(code="tea-week").exists()


def test_a_campaign_is_changed_as_text_after_its_difference_was_shown(lin):
    lin.post("/campaigns/new/?from=clearance", BASICS)
    page = "/campaigns/tea-week/text/"
    written = lin.get(page + "?download=1").content.decode()
    assert "Nothing: it says what is there" in lin.post(page, {"text": written, "do": "plan"}).content.decode()
    changed = written.replace("Second piece at half price", "Second at half")
    assert "Second at half" in lin.post(page, {"text": changed, "do": "plan"}).content.decode()
    assert offers.offer(SYSTEM, "tea-week-second-half").name_en == "Second piece at half price"
    lin.post(page, {"text": changed, "do": "apply"})
    assert offers.offer(SYSTEM, "tea-week-second-half").name_en == "Second at half"
    assert "cannot be read" in lin.post(page, {"text": "{", "do": "plan"}).content.decode()
    assert "no campaign paper" in lin.post(page, {"text": "a: 1", "do": "apply"}).content.decode()


def test_a_campaign_is_copied_recalled_and_archived_by_buttons(lin):
    lin.post("/campaigns/double-12/copy/", {"new": "double-12-again", "days": "364"})
    assert theme("double-12-again").state == "draft"
    lin.post("/campaigns/double-12/recall/", {"why": "wrong price", "outstanding": "honour", "key": "r"})
    assert theme("double-12").state == "recalled"
    assert "Recalled" in lin.get("/campaigns/double-12/").content.decode()
    over = theme("double-12-again")
    over.starts_at, over.ends_at = over.starts_at - timedelta(days=999), over.ends_at - timedelta(days=999)
    over.in_force = True
    over.save()
    for page in ("/campaigns/", "/campaigns/double-12-again/"):
        assert "no rule, code or page of a one-off campaign stays" in lin.get(page).content.decode()
    lin.post("/campaigns/double-12-again/archive/")
    assert "not archived yet" not in lin.get("/campaigns/").content.decode()
    shown = lin.get("/campaigns/double-12-again/").content.decode()
    assert theme("double-12-again").state == "archived"
    assert "What it came to" in shown


def test_what_makes_up_for_a_recall_is_chosen_by_its_name(lin, client, cast):
    """Fails when what is recalled, or is not live, can be chosen, or when the choice is lost while one searches on."""
    nobody = lin.get("/campaigns/double-12/").content.decode()
    assert "Nobody holds an unused one" in nobody
    assert "/find/coupons/" not in nobody
    claim("d12-shop-30", "mei", by=cast.machine("demo-app"), now=cast.now, key="mei")
    assert "/find/coupons/?but=&amp;campaign=double-12" in lin.get("/campaigns/double-12/").content.decode()
    assert "/find/coupons/?but=d12-shop-30&amp;campaign=" in lin.get("/offers/d12-shop-30/").content.decode()
    found = lin.get("/find/coupons/?q=shop&but=d12-tea-20").content.decode()
    assert 'value="d12-shop-30"' in found
    assert "save ¥30" in found, "with what it does"
    assert 'value="d12-shop-30"' not in lin.get("/find/coupons/?but=d12-shop-30").content.decode()
    assert 'value="d12-' not in lin.get("/find/coupons/?campaign=double-12").content.decode()
    kept = lin.get("/find/coupons/?q=zzzz&compensation=d12-shop-30").content.decode()
    assert 'value="d12-shop-30" checked' in kept
    lin.post("/offers/d12-shop-30/stop/", {"why": "dear", "key": "s"})
    assert 'value="d12-shop-30"' not in lin.get("/find/coupons/?compensation=d12-shop-30").content.decode()
    client.get(one_time_path("ye"))
    assert client.get("/find/coupons/").status_code == 403


def test_who_agrees_is_set_on_a_page_by_who_may(cast, client):
    client.get(one_time_path("lin"))
    assert "Change the levels" not in client.get("/settings/reviews/").content.decode()
    away = {"do": "delegate", "person": "lin", "to": "chen", "since": "2027-01-01T00:00", "until": "2027-01-02T00:00"}
    client.post("/settings/reviews/", away)
    assert [row.to for row in queries.delegations(SYSTEM).filter(person="lin")] == ["chen"]
    before = queries.flow(SYSTEM, "coupon")
    refused = client.post("/settings/reviews/?kind=coupon", {"do": "flow", "parties_1": ["role:finance"]})
    assert refused.status_code in {302, 403}
    assert queries.flow(SYSTEM, "coupon").levels == before.levels


def test_the_administrator_sets_levels_and_ceilings(cast, admin_client):
    page = "/settings/reviews/?kind=coupon"
    admin_client.post(page, {
        "do": "flow", "parties_1": ["role:reviewer"], "parties_2": ["role:finance", "person:he"], "rule_2": "all", "hours_2": 24,
    })  # fmt: skip
    levels = queries.flow(SYSTEM, "coupon").levels
    assert [(len(level["parties"]), level["rule"], level["hours"]) for level in levels] == [
        (1, "any", 0),
        (2, "all", 24),
    ]
    admin_client.post(
        page, {"do": "ceiling", "role": "operator", "measure": "percent", "most": "30", "then": "role:finance"}
    )
    assert queries.ceilings(SYSTEM, ["operator"]).get(measure="percent").most == 3000
    admin_client.post(page, {"do": "flow", "sure": "1"})
    assert queries.flow(SYSTEM, "coupon").levels == []
    dear = {"do": "flow", "parties_1": ["role:finance"], "least_amount": "50", "merchants": ["willow"]}
    admin_client.post(page + "&flow=2", dear)
    assert queries.flow(SYSTEM, "coupon", 2).when == {"merchants": ["willow"], "at_least": {"amount": 5000}}
    shown = admin_client.get(page).content.decode()
    assert "where its condition holds" in shown
    assert "Most off one order ≥ ¥50.00" in shown
    assert "≤ 30%" in shown


def test_a_merchants_administrator_says_who_of_its_own_agrees_first(cast, client, admin_client):
    who = {"by": SYSTEM, "now": cast.now, "password": "x"}
    boss = add_person("boss", merchant="willow", name=Words("Boss", "老板"), roles=["admin"], **who)
    client.force_login(boss.user)
    page = "/settings/reviews/?kind=promotion"
    assert "Nobody of yours is asked" in client.get(page).content.decode()
    ours = {
        "name_en_1": "The owner",
        "name_zh_1": "店主",
        "parties_1": ["role:merchant", "person:boss"],
        "rule_1": "all",
    }
    assert client.post(page, {"do": "flow", **ours}).status_code == 403
    assert (
        "is not one of the available choices"
        in client.post(page, {"do": "own", "parties_1": ["person:lin"]}).content.decode()
    )
    assert client.post(page, {"do": "own", **ours}).status_code == 302
    said = client.get(page).content.decode()
    assert "The owner" in said and "Then the platform" in said and "Only what belongs to" not in said
    assert "First the people of Willow Tea House" in admin_client.get(page).content.decode()
    client.post(page, {"do": "own"})
    assert not queries.own_flows(SYSTEM, ["promotion"])


def test_an_offer_goes_its_way_by_buttons_and_comes_back(lin):
    state = lambda: offers.offer(SYSTEM, "tea-week-second-half").state  # noqa: E731
    lin.post("/campaigns/new/?from=clearance", BASICS)
    way = "/ways/offer/tea-week-second-half/"
    for verb, then in (("submit", "in_review"), ("withdraw", "draft"), ("submit", "in_review")):
        lin.post(f"{way}{verb}/", follow=True)
        assert state() == then
    assert 'id="withdraw"' in lin.get("/offers/tea-week-second-half/").content.decode()
    lin.post("/ways/offer/d12-cups-3-for-2/recall/", {"why": "cups are gone", "key": "c"})
    assert offers.offer(SYSTEM, "d12-cups-3-for-2").state == "recalled"
    lin.post("/ways/offer/d12-cups-3-for-2/reopen/")
    assert offers.offer(SYSTEM, "d12-cups-3-for-2").state == "draft"
    lin.post("/ways/distribution/d12-app/recall/", {"why": "not in the app"})
    assert spread.distribution(SYSTEM, "d12-app").state == "recalled"
    lin.post("/ways/distribution/d12-app/reopen/")
    assert spread.distribution(SYSTEM, "d12-app").state == "draft"
    assert lin.post("/ways/offer/d12-cups-3-for-2/burn/").status_code == 404


def test_a_campaign_says_what_is_so_before_it_begins(lin, cast):
    """No time is left of what has not begun, no share is of nothing, and nobody is asked about coupons nobody holds."""
    begins = timezone.localtime(cast.now) + timedelta(days=3)
    dates = {"starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + timedelta(days=7):%Y-%m-%dT%H:%M}"}
    lin.post("/campaigns/new/?from=great-sale", BASICS | dates)
    page = lin.get("/campaigns/tea-week/").content.decode()
    for said in ("Begins in", "nothing claimed yet", "no budget set aside", "Set money aside"):
        assert said in page, said
    assert "Time left</div>" not in page
    running = lin.get("/campaigns/double-12/").content.decode()
    assert "Begins in" not in running
    assert "Set money aside" not in running
