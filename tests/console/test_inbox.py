"""The inbox counts what it shows, and answers for each row that was ticked in it."""

from datetime import timedelta

import pytest

from festoon.coupons import actions as coupons
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.review.levels import Step
from tests.desk import REVIEWER, coupon, person

pytestmark = pytest.mark.django_db
QUERIES = 14
WU = person("wu", 1, "reviewer")
NOT_THERE = 999_999


@pytest.fixture
def submitted(cast):
    """`submitted("a", "b")`: promotions of Lin's that wait for Chen."""
    lin = cast.person("lin")
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"campaign": "double-12"}

    def make(*codes):
        for code in codes:
            promotions.submit(promotions.create({**data, "code": code}, by=lin, now=cast.now), by=lin, now=cast.now)

    return make


@pytest.fixture
def waiting(cast, submitted):
    """Of Lin's, for Chen: two promotions, a coupon, and a promotion that is overdue."""
    lin, then = cast.person("lin"), cast.now - timedelta(hours=3)
    submitted("first", "second")
    coupons.submit(coupons.create(coupon("third"), by=lin, now=cast.now), by=lin, now=cast.now)
    flows.set_flow("promotion", [Step(REVIEWER.name, REVIEWER.parties, hours=1)], by=SYSTEM, now=cast.now)
    data = offers.offer(lin, "d12-300-less-50", "promotion").draft | {"campaign": "double-12", "code": "overdue"}
    promotions.submit(promotions.create(data, by=lin, now=cast.now), by=lin, now=then)


@pytest.mark.parametrize("narrowed", ["", "kind=coupon", "kind=preset", "q=second", "q=zzzz", "late=late"])
def test_every_tab_counts_its_rows(at, waiting, narrowed):
    """Fails when the first tab counts all that waits whatever is asked for."""
    chen = at("chen")
    tabs = chen.get(f"/reviews/?{narrowed}").context["list"].tabs
    rows = {tab.code: len(chen.get(f"/reviews/?{narrowed}&state={tab.code}").context["list"].rows) for tab in tabs}
    assert {tab.code: min(tab.count, 25) for tab in tabs} == rows


def test_what_waits_is_asked_once_for_the_list_and_the_menu(at, waiting, django_assert_max_num_queries):
    """The plain list counts nothing twice: it is the page a reviewer opens most."""
    chen = at("chen")
    with django_assert_max_num_queries(QUERIES):
        shown = chen.get("/reviews/")
    assert f'<span class="nav-count">{shown.context["list"].tabs[0].count}</span>' in shown.content.decode()


def number(code):
    """The number of the last review of a promotion."""
    return reviews.latest(SYSTEM, "promotion", code).pk


def approved(browser, *picks):
    """What is said once these are ticked in the inbox and approved."""
    given = {"bulk": "approve", "pick": picks, "sure": "1"}
    return browser.post("/reviews/", given, follow=True, headers={"referer": "/reviews/"}).content.decode()


def state(code):
    return offers.offer(SYSTEM, code, "promotion").state


def test_what_was_decided_or_withdrawn_since_it_was_ticked_is_told(cast, at, submitted):
    """Fails when ticked rows are looked for among what still waits for who ticked them."""
    submitted("first", "second", "third")
    picks = [number(code) for code in ("first", "second", "third")]
    promotions.send_back(offers.offer(WU, "second", "promotion"), by=WU, comment="Too deep.", now=cast.now)
    promotions.withdraw(offers.offer(cast.person("lin"), "third"), by=cast.person("lin"), now=cast.now)
    told = approved(at("chen"), *picks)
    assert "Done: 1. Not done: 2" in told
    assert "This was sent back by person:wu" in told and "This was withdrawn by person:lin" in told
    assert [state(code) for code in ("first", "second", "third")] == ["released", "sent_back", "draft"]


def test_sent_twice_the_second_says_that_it_is_done_already(cast, at, submitted):
    """Also when nothing waits any more: nought is never told as done."""
    submitted("first")
    chen = at("chen")
    picks = list(reviews.visible(SYSTEM).filter(state="open").values_list("pk", flat=True))
    assert f"Done: Approve, {len(picks)}." in approved(chen, *picks)
    assert not reviews.waiting(cast.person("chen"), cast.now)
    told = approved(chen, *picks)
    assert f"Done: 0. Not done: {len(picks)}" in told
    assert told.count("This was approved by person:chen") == len(picks)


def test_what_is_not_there_any_more_is_counted(cast, at, submitted):
    submitted("first", "second")
    asked = at("chen").post("/reviews/", {"bulk": "approve", "pick": [number("first"), NOT_THERE]})
    assert "Ticked, but not there any more: 1." in asked.content.decode()
    told = approved(at("chen"), number("first"), number("first"), NOT_THERE)
    assert "Done: 1. Ticked, but not there any more: 1." in told
    assert "not there any more" not in approved(at("chen"), number("second"))


@pytest.mark.parametrize("step", [{}, {"sure": "1"}])
def test_nothing_is_asked_and_done_about_nothing(cast, at, step):
    given = {"bulk": "approve", "pick": [NOT_THERE], **step}
    answer = at("chen").post("/reviews/", given, follow=True, headers={"referer": "/reviews/"})
    assert [(each.level_tag, str(each)) for each in answer.context["messages"]] == [
        ("error", "What you ticked is not there any more.")
    ]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("lin", "Nobody decides on what they submitted themselves."),
        ("he", "This needs the right review.decide:reviewer."),
        ("zhou", "This needs the right review.decide:reviewer."),
        ("ye", "What you ticked is not there any more."),
    ],
)
def test_who_may_not_decide_is_refused_row_by_row_and_sees_nothing_behind_a_wall(at, submitted, who, told):
    submitted("first")
    assert told in approved(at(who), number("first"))
    assert state("first") == "in_review"


def test_a_merchant_who_ticks_offers_of_others_does_nothing_with_them(at):
    """Another merchant's is not there; the platform's, which its goods meet, is seen and not its own."""
    kites, platforms = (offers.offer(SYSTEM, code, "promotion") for code in ("d12-run-80-off", "d12-300-less-50"))
    given = {"bulk": "submit", "pick": [kites.pk, platforms.pk], "sure": "1"}
    told = at("ye").post("/offers/?state=draft&kind=coupon", given).content.decode()
    assert "Ticked, but not there any more: 1." in told and "Done: 0. Not done: 1" in told and "No such offer." in told
