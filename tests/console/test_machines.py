"""Webhooks, burn rates, jobs and invariants on their screens: opened by right, acted on by posts."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from festoon.catalog.models import Person
from festoon.catalog.sign_in import one_time_path
from festoon.config.letters import addresses
from festoon.config.mail import read as read_mail
from festoon.console import health
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.offers import queries as offers
from festoon.offers.burns import queries as burns
from festoon.offers.models import Spending
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.events import publish
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import letters, mailing, readers
from festoon.review import queries as reviews
from festoon.review.models import Letter
from festoon.webhooks import queries as webhooks
from festoon.webhooks.actions import subscribe
from festoon.webhooks.fan_out import hand_on
from tests.desk import spend_and_save

pytestmark = pytest.mark.django_db


def test_an_operator_subscribes_sets_a_rule_and_has_everything_checked(cast, client):
    assert client.get(one_time_path("lin")).status_code == 302
    hook = {"name": "till", "url": "https://example.com/hook", "kinds": ["order.redeemed", "hold.made"], "key": "k1"}
    assert client.post("/webhooks/", hook).status_code == 302
    [made] = webhooks.endpoints(SYSTEM)
    assert (made.name, made.kinds, made.merchant_id) == ("till", ["order.redeemed", "hold.made"], 1)
    page = client.get(f"/webhooks/{made.pk}/").content.decode()
    assert "whsec_" in page
    new = {"name": "till-2", "url": "https://example.com/new", "kinds": "order.redeemed"}
    assert client.post(f"/webhooks/{made.pk}/change/", new).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.url, made.kinds) == ("till-2", "https://example.com/new", ["order.redeemed"])
    for verb in ("pause", "resume", "change_secret", "resend"):
        assert client.post(f"/webhooks/{made.pk}/{verb}/").status_code == 302
    assert (webhooks.endpoints(SYSTEM).get().state, webhooks.endpoints(SYSTEM).get().generation) == ("live", 2)
    assert (
        client.post("/watch/", {"of": "offer:d12-shop-30", "factor": "300", "minutes": "5", "per_hour": ""}).status_code
        == 302
    )
    assert burns.burn_rules(SYSTEM).get().state == "armed"
    assert client.post("/watch/stop/", {"of": "all:", "why": "prices leak"}).status_code == 302
    assert client.post("/watch/stop/", {"of": "campaign:double-12", "why": "its prices too"}).status_code == 302
    page = client.get("/watch/").content.decode()
    assert "prices leak" in page and "its prices too" in page and 'value="campaign:double-12"' in page
    assert offers.stops(SYSTEM).filter(kind="all").exists()
    assert client.post("/watch/lift/", {"of": "all:"}).status_code == 302
    assert [stop.kind for stop in offers.stops(SYSTEM)] == ["campaign"]
    assert client.post("/health/check/").status_code == 302
    job = records.jobs(SYSTEM).filter(kind="audit").get()
    assert client.post(f"/jobs/{job.pk}/pause/").status_code == 302
    assert records.job(SYSTEM, job.pk).state == "paused"
    for path in ("/webhooks/", "/watch/", "/health/"):
        assert client.get(path).status_code == 200, path
    assert client.post(f"/webhooks/{made.pk}/end/").status_code == 302
    assert client.get(f"/webhooks/{made.pk}/").status_code == 404


def ticked(page):
    found = re.findall(r'name="kinds" value="([^"]+)" (checked)?', page)
    return [kind for kind, on in found], [kind for kind, on in found if on]


def test_kinds_of_events_are_ticked_and_those_asked_for_elsewhere_stay(cast, client):
    client.get(one_time_path("lin"))
    offered, none = ticked(client.get("/webhooks/").content.decode())
    assert {"order.redeemed", "coupon.claimed", "offer.stopped", "campaign.opened"} <= set(offered)
    assert len(offered) == len(set(offered)) and none == []
    by = cast.person("lin")
    made = subscribe("till", "https://example.com/hook", ["hold.made", "campaigns.submit"], by=by, now=cast.now)
    assert ticked(client.get(f"/webhooks/{made.pk}/").content.decode())[1] == ["hold.made", "campaigns.submit"]
    new = {"name": "till", "url": "https://example.com/hook"}
    for kinds in (["campaigns.submit", "coupon.void"], []):
        client.post(f"/webhooks/{made.pk}/change/", new | {"kinds": kinds})
        made.refresh_from_db()
        assert made.kinds == kinds, "none ticked: all of them"


def test_letters_that_did_not_leave_stand_on_health(cast, client, settings):
    """Fails when a mail server that is gone is told to the log alone."""
    lin = cast.person("lin")
    Person.objects.filter(code="chen").update(email="chen@example.com")
    nobody_there = read_mail("smtp://127.0.0.1:1", "Festoon <promo@example.com>", "https://promo.example.com")
    settings.FESTOON_MAIL = nobody_there
    for name, value in nobody_there.settings.items():
        setattr(settings, name, value)
    addresses.cache_clear()
    promotions.submit(promotions.create(spend_and_save("late"), by=lin, now=cast.now), by=lin, now=cast.now)
    client.get(one_time_path("lin"))
    assert "did not leave" not in client.get("/health/").content.decode()
    assert letters.write(by=SYSTEM, now=cast.now) == 2, "what waited before, and this"
    assert mailing.send(by=SYSTEM, now=cast.now + letters.GATHER, addresses=addresses())
    told = client.get("/health/").content.decode()
    assert "Letters that did not leave" in told
    assert "Chen Bo" in told and "2 letters, tried again later" in told and "ConnectionRefusedError" in told
    client.get(one_time_path("ye"))
    assert "ConnectionRefusedError" not in client.get("/health/").content.decode(), "the platform's to see"
    addresses.cache_clear()


def test_events_that_are_not_handed_on_to_webhooks_stand_on_health(cast):
    """So that one sees when the number grows: a batch that cannot be handed on keeps those behind it waiting."""

    def waiting():
        return [fact.value for fact in health.facts(cast.person("lin")) if "webhooks" in fact.words.en]

    hand_on(cast.now)
    assert waiting() == [0]
    for n in range(2):
        with transaction.atomic():
            told = {"id": f"e{n}", "kind": "offer.viewed", "at": cast.now.isoformat()}
            publish(at=cast.now, kind="shop", merchant_id=1, events=[told])
    assert waiting() == [2]
    hand_on(cast.now)
    assert waiting() == [0]


def test_no_address_stands_on_health(cast):
    """A mail server's no names whom it does not know."""
    said = "SMTPRecipientsRefused: {'chen@example.com': (550, b'no such mailbox')}"
    review = reviews.visible(SYSTEM)[0]
    for n in range(3):
        Letter.objects.create(
            review=review, round=1, level=n, person="chen", kind="asked", state="failed", error=f"{said} id {n}",
            made_at=cast.now, due_at=cast.now,
        )  # fmt: skip
    (told,) = health.stuck(cast.person("lin"), now=cast.now)
    assert (told.error, told.words.en) == ("SMTPRecipientsRefused 550", "3 letters, given up")


def test_a_review_that_nobody_can_decide_on_stands_on_health_and_says_so(cast, client):
    lin = cast.person("lin")
    promotions.submit(promotions.create(spend_and_save("late"), by=lin, now=cast.now), by=lin, now=cast.now)
    number = reviews.latest(lin, "promotion", "late").pk
    client.get(one_time_path("lin"))
    pages = [f"/reviews/{number}/", "/health/"]
    for path in pages:
        told = client.get(path).content.decode()
        assert "obody who may sign in" not in told, path
    get_user_model().objects.exclude(username="lin").update(is_active=False)
    for path in pages:
        told = client.get(path).content.decode()
        assert "Nobody who may sign in" in told, path
    (first,) = readers.unheard(SYSTEM, cast.now)
    assert f'href="/reviews/{first.review.pk}/"' in told and "and 1 like it" in told


def test_nothing_is_subscribed_without_the_right_or_to_a_place_inside(cast, client):
    client.get(one_time_path("zhou"))
    assert client.get("/webhooks/").status_code == 403
    client.post("/webhooks/", {"name": "x", "url": "https://example.com/"})
    client.get(one_time_path("lin"))
    client.post("/webhooks/", {"name": "x", "url": "http://127.0.0.1/"})
    assert webhooks.endpoints(SYSTEM).count() == 0


def test_a_coupon_is_given_to_many_by_a_form_and_an_empty_form_is_not_everybody(cast, client):
    from festoon.coupons import queries as coupons

    client.get(one_time_path("lin"))
    path = "/coupons/d12-shop-30/"
    shown = client.get(path).content.decode()
    assert "/coupons/d12-shop-30/issue/" in shown
    assert 'name="levels" value="gold"' in shown, "levels are ticked by name"
    client.post(f"{path}issue/", {"key": "a"})
    assert coupons.issues(SYSTEM).count() == 0
    client.post(f"{path}issue/", {"key": "b", "shoppers": "mei\ntao nobody"})
    client.post(f"{path}issue/", {"key": "c", "levels": ["gold"], "orders_at_least": "1"})
    assert [issue.audience for issue in coupons.issues(SYSTEM).order_by("id")] == [
        {"shoppers": 3}, {"query": {"levels": ["gold"], "orders_at_least": 1}},
    ]  # fmt: skip
    assert client.get(path).status_code == 200


def test_an_offers_page_shows_what_it_has_cost_of_what_it_may(cast, client):
    client.get(one_time_path("lin"))
    assert 'id="spends"' not in client.get("/offers/d12-oolong-15/").content.decode()
    offer = offers.offer(SYSTEM, "d12-oolong-15")
    Spending.objects.create(offer=offer, most=100_000, per_day=20_000, zone="Asia/Shanghai")
    account = {"merchant_id": offer.merchant_id, "kind": "spending", "unit": "CNY"}
    accounts.filled("spending:all:d12-oolong-15", 100_000, at=cast.now, **account)
    found = ledger.account(SYSTEM, "spending:all:d12-oolong-15")
    accounts.take(found, 25_000, at=cast.now, refuse=NotFound("account"))
    page = client.get("/offers/d12-oolong-15/").content.decode()
    assert "¥250.00 of ¥1,000.00" in page
    assert "¥0.00 of ¥200.00" in page, "nobody bought today"
