"""A decision on a screen is about what the screen showed."""

from datetime import timedelta

import pytest

from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as themes
from festoon.catalog.sign_in import one_time_path
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread
from festoon.offers import queries as offers
from festoon.presets import actions as presets
from festoon.presets import library
from festoon.presets import queries as presets_seen
from festoon.presets.form import examples, filled
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.review.levels import Step
from tests.desk import FINANCE, REVIEWER

pytestmark = pytest.mark.django_db
BOTH = Step(REVIEWER.name, ["role:reviewer", "role:finance"], "all")
ON = "Approved; it goes on to the next level."
AGREED = "Agreed; others of this level are still asked."
LIVE = "Approved; it is live from now on."


@pytest.fixture
def waiting(cast):
    """A promotion of Lin's in review, and its review."""
    lin = cast.person("lin")
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"code": "another"}
    offer = promotions.create({**data, "campaign": "double-12"}, by=lin, now=cast.now)
    promotions.submit(offer, by=lin, now=cast.now)
    return reviews.latest(lin, "promotion", "another")


@pytest.mark.parametrize("decision", ["approve", "send_back"])
def test_what_was_withdrawn_and_submitted_anew_is_not_decided_on_by_the_old_page(cast, client, waiting, decision):
    """Fails when the decision is on the last review of the offer."""
    lin = cast.person("lin")
    offer = promotions.withdraw(offers.offer(lin, "another"), by=lin, now=cast.now)
    edited = promotions.edit(offer, offer.draft | {"priority": 7}, by=lin, now=cast.now)
    promotions.submit(edited, by=lin, now=cast.now)
    client.get(one_time_path("chen"))
    answer = client.post(f"/reviews/{waiting.pk}/decide/", {"decision": decision, "why": "as I read it"}, follow=True)
    assert answer.status_code == 200
    assert b"withdrawn" in answer.content or "撤回".encode() in answer.content
    assert offers.offer(lin, "another").state == "in_review"


def test_a_window_without_a_zone_hides_no_page(cast, client, waiting):
    """Of what was submitted when windows were kept without one; fails when a name for no zone is looked for."""
    window = {name: told for name, told in waiting.content["window"].items() if name != "zone"}
    waiting.content = {**waiting.content, "window": window}
    waiting.save()
    client.get(one_time_path("chen"))
    assert client.get(f"/reviews/{waiting.pk}/").status_code == 200


def test_who_decides_reads_what_an_offer_may_cost(cast, client):
    lin = cast.person("lin")
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"code": "another", "campaign": "double-12"}
    terms = {"units": 777, "spend_most": 123_400, "spend_per_day": 56_700, "late": "refuse"}
    promotions.submit(promotions.create({**data, **terms}, by=lin, now=cast.now), by=lin, now=cast.now)
    client.get(one_time_path("chen"))
    page = client.get(f"/reviews/{reviews.latest(lin, 'promotion', 'another').pk}/").content.decode()
    assert [said in page for said in (">777<", "1,234.00", "567.00", ">refused<")] == [True] * 4


def test_the_page_that_was_read_decides(cast, client, waiting):
    client.get(one_time_path("chen"))
    client.post(f"/reviews/{waiting.pk}/decide/", {"decision": "approve"}, follow=True)
    assert offers.offer(cast.person("lin"), "another").state == "released"


@pytest.mark.parametrize(
    ("flow", "way"),
    [
        ([REVIEWER, FINANCE], [("chen", "approve", ON), ("he", "return:1", "Returned to level 1."),
                               ("chen", "approve", ON), ("he", "approve", LIVE)]),
        ([BOTH], [("he", "approve", AGREED), ("chen", "approve", LIVE)]),
        ([BOTH], [("he", "approve", AGREED), ("chen", "reject", "Rejected; it can be opened again as a draft.")]),
        ([REVIEWER], [("chen", "send_back", "Sent back to its author.")]),
    ],
)  # fmt: skip
def test_what_is_said_after_a_decision_is_what_came_of_it(cast, at, flow, way):
    """Fails when it is told by the review's state: under way is one that went on, one returned, one that stayed."""
    lin = cast.person("lin")
    flows.set_flow("promotion", flow, by=SYSTEM, now=cast.now)
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"code": "another", "campaign": "double-12"}
    promotions.submit(promotions.create(data, by=lin, now=cast.now), by=lin, now=cast.now)
    address = f"/reviews/{reviews.latest(lin, 'promotion', 'another').pk}/decide/"
    for who, decision, told in way:
        answer = at(who).post(address, {"decision": decision, "why": "Why not."}, follow=True)
        assert [str(each) for each in answer.context["messages"]] == [told], (who, decision)


def test_what_is_sent_back_says_at_its_fields_what_is_wrong_and_comes_back_to_its_author(cast, client, waiting):
    lin = cast.person("lin")
    client.get(one_time_path("lin"))
    assert b"review" in client.get("/reviews/?state=mine").content and waiting.subject in page(
        client, "/reviews/?state=mine"
    )
    client.get(one_time_path("chen"))
    assert 'name="mark:scope"' in page(client, f"/reviews/{waiting.pk}/")
    told = {
        "decision": "send_back", "why": "Two things.", "mark": ["name"], "mark:scope": "Leave teaware out.",
        "mark:unknown": "no field",
    }  # fmt: skip
    client.post(f"/reviews/{waiting.pk}/decide/", told)
    decision = reviews.latest(lin, "promotion", "another").decisions.get()
    assert decision.marks == {"name": "", "scope": "Leave teaware out."}
    client.get(one_time_path("lin"))
    assert 'href="/offers/another/"' in page(client, "/reviews/?state=back")
    for address in ("/offers/another/", "/offers/another/edit/"):
        shown = page(client, address)
        assert "Two things." in shown and shown.count("Leave teaware out.") == 2, "told at the top, and at the goods"
    offer = offers.offer(lin, "another")
    promotions.submit(offer, by=lin, now=cast.now)
    assert 'href="/offers/another/"' not in page(client, "/reviews/?state=back")
    assert "Leave teaware out." not in page(client, "/offers/another/") and 'id="to-review"' in page(
        client, "/offers/another/"
    )


def page(client, address):
    return client.get(address).content.decode()


def test_what_is_overdue_stands_first_and_can_be_asked_for(cast, client):
    lin, now = cast.person("lin"), cast.now
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft
    for code, hours in (("early", 0), ("late", 1), ("later", 2000)):
        flows.set_flow("promotion", [Step(REVIEWER.name, REVIEWER.parties, hours=hours)], by=SYSTEM, now=now)
        offer = promotions.create({**data, "code": code, "campaign": "double-12"}, by=lin, now=now)
        promotions.submit(offer, by=lin, now=now - timedelta(hours=3 if code == "late" else 0))
    client.get(one_time_path("chen"))
    shown = page(client, "/reviews/?kind=promotion")
    assert shown.index(">late<") < shown.index(">later<") < shown.index(">early<")
    overdue = page(client, "/reviews/?late=late")
    assert ">late<" in overdue and ">later<" not in overdue and ">early<" not in overdue


def test_a_distribution_and_a_preset_have_their_ways_back_and_are_reviewed_as_a_difference(cast, client):
    client.get(one_time_path("lin"))
    shown = page(client, "/distributions/d12-app/")
    assert "d12-app" in shown and 'id="recall"' in shown and "App" in shown
    draft = spread.distribution(SYSTEM, "d12-app")
    data = {**draft.draft, "name": {"en": "App", "zh": "应用"}, "segments": ["gold"], "buyers": ["mei"]}
    distributions.edit(draft, data, by=cast.person("lin"), now=cast.now)
    client.post("/ways/distribution/d12-app/submit/")
    waiting = reviews.latest(SYSTEM, "distribution", "d12-app")
    asked = page(client, f"/reviews/{waiting.pk}/")
    assert 'id="changes"' in asked and "Gold" in asked and "mei" in asked
    client.get(one_time_path("chen"))
    assert '<ins class="chip">mei</ins>' in page(client, f"/reviews/{waiting.pk}/"), "who decides sees who is named"
    told = "<dd>mei</dd>"
    assert told not in page(client, "/distributions/d12-app/"), "not without the right"
    client.get(one_time_path("lin"))
    assert told in page(client, "/distributions/d12-app/")
    client.post("/ways/distribution/d12-app/withdraw/")
    assert spread.distribution(SYSTEM, "d12-app").state == "draft"
    client.post("/ways/distribution/d12-app/submit/")
    waiting = reviews.latest(SYSTEM, "distribution", "d12-app")
    client.get(one_time_path("chen"))
    client.post(f"/reviews/{waiting.pk}/decide/", {"decision": "reject", "why": "No."})
    client.get(one_time_path("lin"))
    client.post("/ways/distribution/d12-app/reopen/")
    assert spread.distribution(SYSTEM, "d12-app").state == "draft"


def test_a_remark_on_the_page_of_a_thing_calls_a_colleague_who_finds_the_thing(cast, client):
    client.get(one_time_path("lin"))
    assert 'action="/remarks/campaign/double-12/"' in page(client, "/campaigns/double-12/")
    client.post("/remarks/promotion/d12-oolong-15/", {"text": "@chen is this deep enough?"})
    assert "is this deep enough?" in page(client, "/offers/d12-oolong-15/")
    assert client.post("/remarks/promotion/none/", {"text": "x"}).status_code == 404
    client.get(one_time_path("chen"))
    inbox = page(client, "/reviews/")
    assert '<a href="/offers/d12-oolong-15/">' in inbox and '<span class="nav-count">2</span>' in inbox, (
        "what waits, and the call"
    )
    client.get(one_time_path("ye"))
    client.post("/remarks/promotion/d12-oolong-15/", {"text": "not mine"})
    assert reviews.remarks(SYSTEM, "promotion", "d12-oolong-15").count() == 1


def test_the_next_version_of_a_campaign_and_of_a_preset_is_read_as_a_difference(cast, client):
    lin, theme = cast.person("lin"), themes.campaign(SYSTEM, "double-12")
    content = campaigns.content_of(theme)
    same = {name: content[name] for name in ("reason", "starts_at", "ends_at", "zone")}
    renamed = {**same, "name": {"en": "Double Twelve", "zh": "双十二大促"}}
    campaigns.edit(theme, renamed, by=lin, now=cast.now)
    theme.refresh_from_db()
    campaigns.submit(theme, by=lin, now=cast.now)
    flows.set_flow("preset", [], by=SYSTEM, now=cast.now)
    rules = {**library.house()["happy-hours"].data, "code": "own-hours"}
    presets.submit(presets.create(rules, by=lin, now=cast.now), by=lin, now=cast.now)
    flows.set_flow("preset", [REVIEWER], by=SYSTEM, now=cast.now)
    own = presets.edit(
        presets_seen.preset(lin, "own-hours"), {**rules, "open": [], "rules": closed(rules)}, by=lin, now=cast.now
    )
    presets.submit(own, by=lin, now=cast.now)
    client.get(one_time_path("chen"))
    for kind, code, told in (("campaign", "double-12", "Double Twelve"), ("preset", "own-hours", "asked each time")):
        shown = page(client, f"/reviews/{reviews.latest(SYSTEM, kind, code).pk}/")
        changes = shown.partition('id="changes"')[2].partition("</section>")[0]
        assert told in changes and "version 1" in changes, kind


def closed(rules):
    return filled(rules, examples(rules))
