"""Who listens hears everything of its own from the moment it subscribed: also where it moved, and where much comes at once."""

import json
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook

from festoon.checkout.invariants.handed_out import numbers
from festoon.offers.releases import Agreed, release_all
from festoon.records import queries as records
from festoon.records.models import OutboxCursor
from festoon.records.pace import Pace
from festoon.records.viewer import SYSTEM
from festoon.webhooks import actions, fan_out, queries
from festoon.webhooks.couriers import tidy
from festoon.webhooks.fan_out import hand_on
from festoon.webhooks.signing import secret
from tests.checkout.world import SHOP
from tests.racing import race
from tests.webhooks.receiver import receiving, status
from tests.webhooks.test_delivering import NOW, WILLOW, send, states, subscribe, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
NOWHERE = "http://127.0.0.1:9/hook"


def meanwhile(monkeypatch, room, name, happens):
    """It happens once, just before the room looks there."""
    look, once = getattr(room, name), iter([happens])

    def looked(*given, **more):
        for each in once:
            each()
        return look(*given, **more)

    monkeypatch.setattr(room, name, looked)


def test_what_waits_goes_to_a_new_address_at_once():
    """Fails where it waits on for the time that the old address earned: hours, and for all that is about the same thing."""
    with receiving(status(500)) as old, receiving() as new:
        endpoint = subscribe(old.url)
        tell({"coupon": "a"}, {"coupon": "a"})
        for hours in range(4):
            assert send(endpoint, now=NOW + timedelta(hours=hours)) == 0
        moved = NOW + timedelta(hours=3, seconds=1)
        actions.change(endpoint.pk, url=new.url, by=SHOP, now=moved)
        assert send(endpoint, now=moved) == 2
        assert (len(old.got), len(new.got)) == (4, 2)


def test_what_the_old_address_still_refuses_is_not_held_against_the_new_one():
    """It says that it is gone, while the new address is being written down."""
    with receiving() as new:

        def moves_and_is_gone(connection):
            actions.change(endpoint.pk, url=new.url, by=SHOP, now=NOW)
            connections.close_all()
            connection.sendall(status(410))

        with receiving(moves_and_is_gone) as old:
            endpoint = subscribe(old.url)
            tell({}, {})
            assert send(endpoint) == 0
        assert send(endpoint) == 2
        assert len(new.got) == 2
    assert queries.endpoint(SHOP, endpoint.pk).state == "live"


@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_who_subscribes_while_events_are_handed_on_hears_what_comes_then(monkeypatch, others, first):
    """Also while they are handed on for the first time."""
    tell({})
    if others:
        actions.subscribe("the first", NOWHERE, by=SHOP, now=NOW)
        tell({})
    if not first:
        hand_on(NOW)

    def comes():
        actions.subscribe("late", NOWHERE, by=SHOP, now=NOW)
        tell({})

    meanwhile(monkeypatch, *((fan_out, "read_after") if others else (records, "outbox")), comes)
    hand_on(NOW)
    hand_on(NOW)
    [late] = queries.plain(SYSTEM).filter(name="late")
    assert states(late) == ["waiting"]


def test_who_subscribed_before_any_worker_ran_hears_what_came_since():
    """Fails where the first pass begins at the end: a server for machines may run long before the first worker does."""
    tell({})
    first = actions.subscribe("the first", NOWHERE, by=SHOP, now=NOW)
    told = tell({}, {})
    second = actions.subscribe("the second", NOWHERE, by=SHOP, now=NOW)
    told += tell({})
    assert race(2, lambda _: hand_on(NOW)) == [False, False]
    tell({})
    hand_on(NOW)
    heard = queries.deliveries(SYSTEM).filter(endpoint=first).order_by("id").values_list("event", flat=True)
    assert list(heard)[:3] == told
    assert (len(heard), len(states(second))) == (4, 2)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time: numbers are in order")
def test_who_subscribes_between_an_event_s_number_and_its_commit_hears_it_if_it_comes_later():
    """Two tell at one moment, and the second commits first. Fails where who subscribes then does not wait for the first."""
    numbered, later, subscribed = Event(), Event(), Event()

    def act(number):
        if number == 0:
            with transaction.atomic():
                tell({})
                numbered.set()
                subscribed.wait(0.5)
                return subscribed.is_set()
        if number == 1:
            numbered.wait(2)
            tell({})
            later.set()
            return None
        later.wait(2)
        actions.subscribe("shop", NOWHERE, by=SHOP, now=NOW)
        return subscribed.set()

    came_later = race(3, act)[0]
    hand_on(NOW)
    assert states(queries.plain(SYSTEM).get()) == ["waiting"] * came_later


def test_much_is_handed_on_in_parts_and_the_queue_of_a_dead_one_stays_bounded(monkeypatch):
    """An issue to many leaves rows of twenty thousand events: fifty of them at once would be a million in memory."""
    monkeypatch.setattr(fan_out, "EVENTS", 6, raising=False)
    endpoint = subscribe(NOWHERE)
    for _ in range(9):
        tell({}, {}, {}, {})
    assert hand_on(NOW)
    assert len(states(endpoint)) == 8
    monkeypatch.setattr(fan_out, "MOST_WAITING", 10)
    while hand_on(NOW):
        pass
    endpoint.refresh_from_db()
    assert (endpoint.state, len(states(endpoint))) == ("paused", 16)
    assert queries.position(SYSTEM) == records.outbox(SYSTEM).last().pk


def test_each_merchant_is_told_of_its_own_where_offers_of_several_go_live_together():
    willow = subscribe(NOWHERE, by=WILLOW)
    platform = subscribe(NOWHERE, name="all")
    with transaction.atomic():
        agreed = [Agreed("offer", code, {"code": code}, merchant, 0) for code, merchant in (("w", 2), ("k", 3))]
        release_all(agreed, by=SYSTEM, now=NOW)
    hand_on(NOW)
    told = queries.deliveries(SYSTEM).filter(kind="offer.released")
    assert list(told.filter(endpoint=willow).values_list("object", flat=True)) == ["offer:w"]
    assert set(told.filter(endpoint=platform).values_list("object", flat=True)) == {"offer:w", "offer:k"}


def test_what_was_sent_and_is_forgotten_is_no_gap():
    """The first of a coupon's events is dead and kept for a month, the second was taken and is kept for a week."""
    endpoint, later = subscribe(NOWHERE), NOW + timedelta(days=8)
    tell({"coupon": "a"}, {"coupon": "a"})
    hand_on(NOW)
    rows = queries.deliveries(SYSTEM).filter(endpoint=endpoint).order_by()
    rows.filter(sequence=1).update(state="dead", ended_at=NOW)
    rows.filter(sequence=2).update(state="sent", ended_at=NOW)
    assert tidy(lambda: later) == 1
    assert numbers(later).problems == []
    tell({"coupon": "b"}, {"coupon": "b"}, at=later)
    hand_on(later)
    queries.deliveries(SYSTEM).filter(object="coupon:b", sequence=2).delete()
    assert len(numbers(later).problems) == 1


def test_what_happens_while_it_is_paused_is_kept_for_it(monkeypatch):
    with receiving() as there:
        endpoint = subscribe(there.url)
        tell({})
        actions.pause(endpoint.pk, by=SHOP, now=NOW)
        tell({}, {})
        assert send(endpoint) == 0
        actions.resume(endpoint.pk, by=SHOP, now=NOW)
        tell({})
        assert send(endpoint) == 4
        assert len(there.got) == 4


def test_what_is_kept_for_a_paused_one_is_bounded_and_where_it_ends_is_recorded(monkeypatch):
    monkeypatch.setattr(fan_out, "MOST_WAITING", 5)
    endpoint = subscribe(NOWHERE)
    actions.pause(endpoint.pk, by=SHOP, now=NOW)
    for _ in range(4):
        tell({}, {}, {})
        hand_on(NOW)
    assert states(endpoint) == ["waiting"] * 6
    told = records.visible(SYSTEM).filter(verb="webhooks.full")
    assert [row.subject for row in told] == [endpoint.name]


def test_one_that_was_full_is_emptied_after_it_is_resumed_and_hears_again(monkeypatch):
    """Fails where it is paused again at the next look, before it was sent anything."""
    monkeypatch.setattr(fan_out, "MOST_WAITING", 5)
    with receiving() as there:
        endpoint = subscribe(there.url)
        tell({}, {}, {}, {}, {}, {})
        hand_on(NOW)
        endpoint.refresh_from_db()
        assert endpoint.state == "paused"
        actions.resume(endpoint.pk, by=SHOP, now=NOW)
        hand_on(NOW)
        assert send(endpoint) == 6
        tell({})
        assert send(endpoint) == 1


def test_an_endpoint_is_not_taken_for_what_stands_behind_something_else():
    """Fails where each look takes it and gives it back, twice a second and for hours."""
    with receiving(status(500)) as there:
        endpoint = subscribe(there.url)
        tell({"coupon": "a"}, {"coupon": "a"})
        send(endpoint)
        rested = NOW + timedelta(seconds=10)
        queries.deliveries(SYSTEM).filter(sequence=1).update(due_at=NOW + timedelta(hours=2))
        assert queries.ready(SYSTEM, rested) == []
        assert queries.ready(SYSTEM, NOW + timedelta(hours=3)) == [endpoint]
        tell({"coupon": "b"})
        hand_on(rested)
        assert queries.ready(SYSTEM, rested) == [endpoint]


def test_what_is_forgotten_goes_in_parts():
    """So that who claims meanwhile waits for one part and not for a week."""
    endpoint = subscribe(NOWHERE)
    tell(*({} for _ in range(500)))
    hand_on(NOW)
    queries.deliveries(SYSTEM).order_by().filter(endpoint=endpoint).update(state="sent", ended_at=NOW)
    with CaptureQueriesContext(connection) as asked:
        assert tidy(lambda: NOW + timedelta(days=8), Pace(200, 10.0, 200, 200)) == 500
    said = [query["sql"].split()[0] for query in asked if query["sql"].startswith(("DELETE", "COMMIT"))]
    assert said == ["DELETE", "COMMIT"] * (len(said) // 2)
    assert len(said) >= 6
    assert states(endpoint) == []


def test_events_whose_long_ids_begin_alike_are_each_told_and_keep_their_ids():
    """An order's number of 96 signs at a merchant of 64: fails where one of them stops the webhooks of everybody."""
    order = f"order:{'flagship-' * 7}:{'2026-12-12-' * 8}"
    with receiving() as there:
        endpoint = subscribe(there.url)
        before = queries.position(SYSTEM)
        tell({"id": f"{order}0001"}, {"id": f"{order}0002"}, {"id": order[:128]})
        assert send(endpoint) == 3
        tell({"id": f"{order}0003"})
        assert send(endpoint) == 1
        ids = [headers["webhook-id"] for headers, _ in there.got]
        assert (len(set(ids)), max(map(len, ids)), ids[2]) == (4, 128, order[:128])
        assert [json.loads(body)["data"]["id"][-4:] for _, body in there.got[:2]] == ["0001", "0002"]
        OutboxCursor.objects.filter(name=queries.CURSOR).update(position=before)  # killed before the cursor moved
        assert send(endpoint) == 0
        actions.resend(endpoint.pk, queries.deliveries(SYSTEM).earliest("id").pk, by=SHOP, now=NOW)
        assert send(endpoint) == 1
        assert there.got[-1][0]["webhook-id"] == ids[0]


def test_an_order_whose_number_no_header_carries_is_verified_all_the_same():
    """Servers read headers as Latin-1 and take off spaces; fails where its id is sent as it is."""
    with receiving() as there:
        endpoint = subscribe(there.url)
        tell({"id": "order:willow:订单1"}, {"id": "order:willow:订单2"}, {"id": "order:willow:o-1 "})
        assert send(endpoint) == 3
        told = [Webhook(secret(endpoint)).verify(body, headers)["data"]["id"] for headers, body in there.got]
        assert told == ["order:willow:订单1", "order:willow:订单2", "order:willow:o-1 "]
        assert len({headers["webhook-id"] for headers, _ in there.got}) == 3


def test_an_event_that_stands_twice_in_a_batch_is_told_once():
    endpoint = subscribe(NOWHERE)
    tell({"id": "e", "coupon": "a"}, {"id": "e", "coupon": "a"}, {"coupon": "a"})
    hand_on(NOW)
    rows = queries.deliveries(SYSTEM).filter(endpoint=endpoint).order_by("sequence")
    assert list(rows.values_list("sequence", flat=True)) == [1, 2]
