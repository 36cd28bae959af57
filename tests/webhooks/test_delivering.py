"""Events reach who listens: signed, in order for each object, again after failures, and nobody waits for a dead one."""

import json
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from festoon.distribution.claims import claim
from festoon.records import queries as records
from festoon.records.events import publish
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.webhooks import actions, address, fan_out, queries, schedule, signing
from festoon.webhooks import couriers as couriers_room
from festoon.webhooks.couriers import Couriers, tidy
from festoon.webhooks.delivering import serve
from festoon.webhooks.fan_out import hand_on
from tests.checkout import world
from tests.checkout.world import SHOP
from tests.webhooks.receiver import OK, Receiver, receiving, status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
NOW = datetime.now(UTC)
WILLOW = Viewer("person:ye", 2, frozenset({"webhooks.edit"}))


def subscribe(url, *, name="shop", kinds=(), by=SHOP):
    hand_on(NOW)
    return actions.subscribe(name, url, kinds, by=by, now=NOW)


def tell(*events, merchant=1, at=NOW):
    told = [{"id": f"e{n}-{time.monotonic_ns()}", "kind": "coupon.claimed", "at": at.isoformat(), **event}
            for n, event in enumerate(events)]  # fmt: skip
    with transaction.atomic():
        publish(at=at, kind="test", merchant_id=merchant, events=told)
    return [event["id"] for event in told]


def send(endpoint, *, now=NOW):
    hand_on(now)
    endpoint.refresh_from_db()
    return serve(endpoint, worker="w", clock=lambda: now)


def states(endpoint):
    rows = queries.deliveries(SYSTEM).filter(endpoint=endpoint).order_by("id")
    return list(rows.values_list("state", flat=True))


def test_what_happened_arrives_signed_and_numbered():
    with receiving() as there:
        endpoint = subscribe(there.url)
        world.coupon("c", stock=9, type="amount", **{"with": {"off": 500}})
        claimed = claim("c", "mei", by=SHOP, now=NOW, key="k")
        assert send(endpoint, now=datetime.now(UTC)) == 1, "by the clock by which the receiver judges its age"
        [(headers, body)] = there.got
    told = Webhook(signing.secret(endpoint)).verify(body, headers)
    assert headers["webhook-id"] == f"claim:{claimed.coupon}"
    assert (told["type"], told["object"], told["sequence"]) == ("coupon.claimed", f"coupon:{claimed.coupon}", 1)
    assert told["data"]["shopper"] == "mei"


def test_a_signature_is_refused_when_anything_was_changed():
    endpoint = subscribe("http://127.0.0.1:1/")
    body, secret = '{"a":1}', signing.secret(endpoint)
    headers = signing.headers(endpoint, "e1", body, datetime.now(UTC))
    Webhook(secret).verify(body, headers)
    old = signing.headers(endpoint, "e1", body, datetime.now(UTC) - timedelta(seconds=301))
    other = subscribe("http://127.0.0.1:1/", name="other")
    for given, with_, by in (
        ('{"a":2}', headers, secret), (body, {**headers, "webhook-id": "e2"}, secret), (body, old, secret),
        (body, headers, signing.secret(other)), (body, headers, signing.secret(endpoint, 2)),
    ):  # fmt: skip
        with pytest.raises(WebhookVerificationError):
            Webhook(by).verify(given, with_)


def test_the_published_vector_of_the_specification():
    webhook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_for_a_day_after_a_change_both_secrets_verify():
    endpoint = subscribe("http://127.0.0.1:1/")
    old = signing.secret(endpoint)
    changed = actions.change_secret(endpoint.pk, by=SHOP, now=NOW)
    new = signing.secret(changed)
    assert new != old
    headers = signing.headers(changed, "e", "{}", datetime.now(UTC))
    for secret in (old, new):
        Webhook(secret).verify("{}", headers)
    with pytest.raises(Conflict):
        actions.change_secret(endpoint.pk, by=SHOP, now=NOW)
    changed.both_until = datetime.now(UTC) - timedelta(seconds=1)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify("{}", signing.headers(changed, "e", "{}", datetime.now(UTC)))


def test_while_the_secret_of_the_installation_is_changed_both_verify(settings):
    endpoint = subscribe("http://127.0.0.1:1/")
    old, before = settings.SECRET_KEY, signing.secret(endpoint)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new secret of this installation", [old]
    headers = signing.headers(endpoint, "e", "{}", datetime.now(UTC))
    for secret in (before, signing.secret(endpoint)):
        Webhook(secret).verify("{}", headers)


def test_the_times_of_the_tries_are_those_of_the_schedule_and_then_it_is_dead_and_sent_by_hand():
    with receiving(status(500)) as there:
        endpoint = subscribe(there.url)
        tell({})
        now, waits = NOW, []
        for _ in range(12):
            send(endpoint, now=now)
            [row] = queries.deliveries(SYSTEM)
            if row.state == "dead":
                break
            waits.append((row.due_at - now).total_seconds())
            now = max(row.due_at, now + schedule.rest(9))
        assert len(there.got) == 10, "nine tries after the first"
        for waited, said in zip(waits, schedule.WAITS, strict=True):
            assert 0.8 * said <= waited <= 1.2 * said
        assert len({round(w / s, 3) for w, s in zip(waits, schedule.WAITS, strict=True)}) > 5, "scattered"
        assert len({headers["webhook-id"] for headers, _ in there.got}) == 1, "one id for all tries"
        there.answers = [OK]
        assert actions.resend(endpoint.pk, by=SHOP, now=now) == 1
        assert send(endpoint, now=now) == 1
    assert states(endpoint) == ["sent"]


def test_the_events_of_one_object_come_in_order_and_those_of_others_do_not_wait_for_it():
    with receiving(status(503), OK) as there:
        endpoint = subscribe(there.url)
        tell({"coupon": "a"}, {"coupon": "a"}, {"coupon": "b"}, {"coupon": "a"})
        send(endpoint)
        later = NOW + timedelta(seconds=3)  # a's first is not due yet
        queries.plain(SYSTEM).update(rests_until=None)
        send(endpoint, now=later)
        assert [json.loads(body)["object"] for _, body in there.got] == ["coupon:a", "coupon:b"]
        send(endpoint, now=NOW + timedelta(seconds=10))
        came = [json.loads(body) for _, body in there.got[1:]]
    assert [(told["object"], told["sequence"]) for told in came] == [
        ("coupon:b", 1), ("coupon:a", 1), ("coupon:a", 2), ("coupon:a", 3),
    ]  # fmt: skip


def test_gone_ends_it_and_what_waits_is_kept():
    with receiving(status(410)) as there:
        endpoint = subscribe(there.url)
        tell({}, {}, {})
        send(endpoint)
        tell({})
        assert send(endpoint) == 0
        assert len(there.got) == 1
    endpoint.refresh_from_db()
    assert (endpoint.state, states(endpoint)) == ("gone", ["dead"] * 3)
    assert records.history(SYSTEM, "webhook", "shop").filter(verb="webhooks.gone").exists()


def test_handing_on_twice_numbers_nothing_twice():
    endpoint = subscribe("http://127.0.0.1:1/")
    tell({"coupon": "a"}, {"coupon": "a"})
    position = queries.position(SYSTEM)
    hand_on(NOW)
    from festoon.records.models import OutboxCursor

    OutboxCursor.objects.filter(name="webhooks").update(position=position)  # killed before the cursor moved
    tell({"coupon": "a"})
    hand_on(NOW)
    rows = queries.deliveries(SYSTEM).filter(endpoint=endpoint).order_by("id")
    assert list(rows.values_list("sequence", flat=True)) == [1, 2, 3]


def test_what_was_rolled_back_is_told_to_nobody():
    endpoint = subscribe("http://127.0.0.1:1/")
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(at=NOW, kind="x", merchant_id=1, events=[{"id": "x", "kind": "x", "at": NOW.isoformat()}])
        raise RuntimeError
    hand_on(NOW)
    assert states(endpoint) == []


def test_a_merchant_hears_of_its_own_only_and_sees_its_own_only():
    mine = subscribe("http://127.0.0.1:1/", by=WILLOW)
    platform = subscribe("http://127.0.0.1:1/", name="all")
    tell({"merchant": "willow"}, {"merchant": "kite"}, {"merchant": "lantern"}, {})
    tell({}, merchant=2)
    hand_on(NOW)
    assert (len(states(mine)), len(states(platform))) == (2, 5)
    kite = Viewer("person:k", 3, frozenset({"webhooks.edit"}))
    assert list(queries.endpoints(kite)) == []
    for verb in (actions.pause, actions.end, actions.change_secret, actions.resend):
        with pytest.raises(NotFound):
            verb(mine.pk, by=kite, now=NOW)


def test_only_the_kinds_that_were_asked_for():
    endpoint = subscribe("http://127.0.0.1:1/", kinds=["order.redeemed"])
    tell({}, {"kind": "order.redeemed"}, {"kind": "hold.made"})
    hand_on(NOW)
    assert len(states(endpoint)) == 1


def test_wrong_calls_write_nothing():
    for given, error in (
        (("", "https://example.com/"), Invalid), (("x", "ftp://example.com/"), Invalid),
        (("x", "https://u:p@example.com/"), Invalid), (("x", "https://example.com/", [""]), Invalid),
    ):  # fmt: skip
        with pytest.raises(error):
            actions.subscribe(*given, by=SHOP, now=NOW)
    with pytest.raises(Forbidden):
        actions.subscribe("x", "https://example.com/", by=Viewer("k", 1, frozenset()), now=NOW)
    subscribe("http://127.0.0.1:1/")
    with pytest.raises(Conflict):
        subscribe("http://127.0.0.1:1/")
    assert queries.plain(SYSTEM).count() == 1


def test_the_queue_of_one_that_never_takes_anything_is_bounded(monkeypatch):
    monkeypatch.setattr(fan_out, "MOST_WAITING", 5)
    endpoint = subscribe("http://127.0.0.1:1/")
    for _ in range(4):
        tell({}, {}, {})
        hand_on(NOW)
    endpoint.refresh_from_db()
    assert (endpoint.state, len(states(endpoint))) == ("paused", 6)


def test_two_workers_do_not_serve_one_endpoint_at_the_same_time():
    with receiving() as there:
        endpoint = subscribe(there.url)
        tell({})
        hand_on(NOW)
        assert queries.lease(SYSTEM, endpoint, "other", NOW, NOW + timedelta(seconds=60))
        assert serve(endpoint, worker="w", clock=lambda: NOW) == 0
        assert serve(endpoint, worker="w", clock=lambda: NOW + timedelta(seconds=61)) == 1


def test_what_was_sent_is_forgotten_after_a_week():
    with receiving() as there:
        endpoint = subscribe(there.url)
        tell({}, {})
        send(endpoint)
    assert tidy(lambda: NOW + timedelta(days=6)) == 0
    assert tidy(lambda: NOW + timedelta(days=8)) == 2


@pytest.mark.timeout(60)
@pytest.mark.parametrize("evil", [[2] * 20, [1, 2, 3]])
def test_those_who_take_long_do_not_keep_the_threads_from_the_others(evil, monkeypatch):
    """Twenty of one merchant take long; or, where there are threads for three, one of each of three merchants."""
    if len(evil) == 3:
        monkeypatch.setattr(couriers_room, "AT_ONCE", 3)

    def takes_long(connection):
        time.sleep(1.1)
        connection.sendall(OK)

    def delivered(count):
        """Seconds until the quick one has so many."""
        couriers, began = Couriers("w", lambda: datetime.now(UTC)), time.monotonic()
        while time.monotonic() < began + 20 and len(quick.got) < count:
            couriers.go()
            time.sleep(0.05)
        couriers.end()
        assert len(quick.got) == count
        return quick.times[-1] - began

    with receiving(takes_long) as slow, receiving() as quick:
        subscribe(quick.url)
        tell(*({"coupon": f"b{n}", "merchant": ""} for n in range(120)))
        alone = delivered(120)
        for number, merchant in enumerate(evil):
            by = Viewer("person:x", merchant, frozenset({"webhooks.edit"}))
            subscribe(slow.url, name=f"s{number}", by=by)
        tell(*({"coupon": f"c{n}", "merchant": ""} for n in range(40)))
        tell(*({"coupon": f"d{n}", "merchant": "willow"} for n in range(40)), merchant=2)
        tell(*({"coupon": f"e{n}", "merchant": "kite"} for n in range(40)), merchant=3)
        assert delivered(240) < 4 + 4 * alone, "how fast this machine is just now is told by the quick one alone"


@pytest.mark.timeout(120)
def test_one_dead_and_one_slow_receiver_slow_nobody():
    """Ten listen to a thousand events; each of the eight healthy has all in order while one hangs and one is dead."""

    def hangs(connection):
        time.sleep(30)

    with receiving(hangs) as slow:
        healthy = [Receiver() for _ in range(8)]
        urls = [*(there.url for there in healthy), slow.url, "http://127.0.0.1:9/"]
        for number, url in enumerate(urls):
            subscribe(url, name=f"r{number}")
        couriers = Couriers("w", lambda: datetime.now(UTC))
        began = time.monotonic()
        for batch in range(10):
            tell(*({"coupon": f"c{n % 20}", "n": batch * 20 + n} for n in range(20)), at=datetime.now(UTC))
        while time.monotonic() < began + 60 and any(len(there.got) < 200 for there in healthy):
            couriers.go()
            time.sleep(0.05)
        took = max(there.times[-1] for there in healthy) - began
        for there in healthy:
            seen = defaultdict(list)
            for _, body in there.got:
                told = json.loads(body)
                seen[told["object"]].append(told["sequence"])
            assert {tuple(numbers) for numbers in seen.values()} == {tuple(range(1, 11))}, "no gap, in order"
            there.close()
        assert took < 20, f"{took:.1f} s while another receiver hangs for 30"
        for threads in couriers._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
    assert connection.vendor
    assert address.GUARD.ports == ()
