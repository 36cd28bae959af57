"""Who did what, as a list: for whom it is, behind the wall, narrowed, and as a file."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from festoon.catalog import queries as catalog
from festoon.checkout import actions as checkout
from festoon.console.lists import audit
from festoon.offers import actions as offers
from festoon.offers import queries
from festoon.records import jobs
from festoon.records import queries as records
from festoon.records.audit import bind, record
from festoon.records.viewer import SYSTEM
from tests.flows.counter import priced

pytestmark = pytest.mark.django_db


def shown(client, **asked):
    return client.get("/audit/", asked).content.decode()


def test_who_stopped_what_and_why(at, cast):
    offers.stop("offer", "d12-oolong-15", why="=HYPERLINK(1)", by=cast.person("lin"), now=cast.now)
    client = at("he")
    page = shown(client, verb="stopped", by="person:lin")
    assert "15% off oolong" in page and 'href="/offers/d12-oolong-15/"' in page and "Lin Yue" in page
    assert "=HYPERLINK(1)" in page and "Stopped" in page
    assert "d12-oolong-15" not in shown(client, verb="stopped", by="person:chen")
    today = cast.now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert "=HYPERLINK(1)" in shown(client, day=today, q="d12-oolong")
    assert "=HYPERLINK(1)" in client.get("/offers/d12-oolong-15/").content.decode(), "as its own history says"
    for day in ("2020-01-01", "no day", "9999-12-31", "0001-01-01"):
        assert "=HYPERLINK(1)" not in shown(client, day=day)
    answer = client.get("/audit/", {"export": "csv", "verb": "stopped"})
    file = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in file and "person:lin" in file and "d12-oolong-15" in file


def test_what_is_called_alike_is_told_apart_by_its_kind(at, cast):
    for kind in ("promotion", "campaign", "job"):
        record(by=SYSTEM, at=cast.now, verb="offers.edit", kind=kind, subject="d12-oolong-15")
    page = shown(at("he"), q="d12-oolong-15")
    assert 'href="/offers/d12-oolong-15/"' in page and 'href="/campaigns/d12-oolong-15/"' not in page


def test_an_exclusion_is_called_by_its_two_offers(at, cast):
    one = queries.between(SYSTEM, ["d12-gold-12", "d12-300-less-50"]).get()
    record(by=SYSTEM, at=cast.now, verb="exclusions.submit", kind="exclusion", subject=one.code, after="in_review")
    page = shown(at("he"), q=one.code)
    assert "Gold members: 12% off, up to 60" in page and "50 off 300" in page
    assert f'href="/offers/{one.first.code}/exclusions/{one.second.code}/"' in page


def test_what_has_a_number_is_called_by_what_people_know(at, cast):
    app, job = cast.machine("demo-app"), jobs.enqueue("issue", {}, by=SYSTEM, now=cast.now)
    held = checkout.hold(priced(cast, ("t-04", 3), buyer="mei").token, by=app, now=cast.now, key="h")
    checkout.redeem(held.hold, order="A-2026-77", by=app, now=cast.now, key="r")
    for kind, subject in (("order", held.hold), ("shopper", "mei"), ("order", "nothing-like-it")):
        record(by=SYSTEM, at=cast.now, verb=f"service.open_{kind}", kind=kind, subject=subject)
    client = at("he")
    assert "Coupons given to many" in shown(client, q=str(job.pk), kind="job")
    assert "A-2026-77" in shown(client, q=held.hold)
    assert ">Mei <" in shown(client, q="mei", kind="shopper")
    assert "nothing-like-it" in shown(client, q="nothing-like-it")


def test_a_day_that_was_bound_is_said_as_every_other_date(at, cast):
    bind(by=SYSTEM, at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC))
    page = shown(at("he"), kind="audit")
    assert "<span>Mar 8, 2026 <" in page.replace("\xa0", " ")
    assert "2026-03-08" in page, "as the file of the audit has it"


def test_the_arrow_tells_a_state_that_was_left_from_one_that_was_entered(at, cast):
    offers.stop("offer", "d12-oolong-15", why="Too deep", by=cast.person("lin"), now=cast.now)
    offers.lift("offer", "d12-oolong-15", by=cast.person("lin"), now=cast.now)
    assert "→ Stopped" in shown(at("he"), verb="stopped")
    assert "Stopped →" in shown(at("he"), verb="lifted")


def test_who_was_chosen_stays_chosen_among_more_than_are_listed(at, monkeypatch):
    monkeypatch.setattr(audit, "PEOPLE", 1)
    client = at("he")
    assert '<option value="person:lin" selected' in shown(client, by="person:lin")
    assert '<option value="system" selected' in shown(client, by="system")


def test_a_merchant_sees_its_own_only(at, cast):
    """Neither the platform's people nor another house's, whatever it asks for."""
    for house, subject in (("willow", "willows-own"), ("kite", "kites-own"), ("lantern", "lanterns-own")):
        merchant = catalog.merchant(SYSTEM, house).pk
        record(by=SYSTEM, at=cast.now, verb="offers.edit", kind="promotion", subject=subject, merchant_id=merchant)
    own = {entry.merchant_id for entry in records.visible(cast.person("ye"))}
    assert own == {cast.person("ye").merchant_id}
    client = at("ye")
    for asked in ({}, {"q": "own"}, {"kind": "promotion"}, {"by": "system"}, {"verb": "edit"}):
        page = shown(client, **asked)
        assert "kites-own" not in page and "lanterns-own" not in page
    assert "willows-own" in shown(client, q="own")
    file = b"".join(client.get("/audit/?export=csv").streaming_content).decode("utf-8-sig")
    assert "willows-own" in file and "kites-own" not in file


@pytest.mark.parametrize(("person", "status"), [("he", 200), ("ye", 200), ("lin", 403), ("zhou", 403), ("gu", 403)])
def test_it_takes_its_right(at, person, status):
    assert at(person).get("/audit/").status_code == status


def test_what_shoppers_do_in_crowds_is_passed_by_an_index(cast):
    """Fails when rows of crowds are looked through, or left out of what is theirs."""
    for kind in ("group", "events", "groups", "promotion"):
        record(by=SYSTEM, at=cast.now, verb="some.thing", kind=kind, subject=f"of-{kind}")
    for viewer in (SYSTEM, cast.person("ye")):
        found = records.told(viewer)
        meant = [each for each in records.visible(viewer) if each.subject_kind not in ("group", "events")]
        assert {each.pk for each in found} == {each.pk for each in meant} != set()
        page = found.order_by("-id")[:26].explain()
        assert connection.vendor != "sqlite" or "INDEX audit_told" in page
