"""The inbox counts what it shows."""

from datetime import timedelta

import pytest

from festoon.coupons import actions as coupons
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review.levels import Step
from tests.desk import REVIEWER, coupon

pytestmark = pytest.mark.django_db
QUERIES = 14


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
