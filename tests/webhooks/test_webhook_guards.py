"""Deliveries: an event is told once, whatever is gone through again. The guards are taken away."""

import pytest
from django.db import IntegrityError

from festoon.records.models import OutboxCursor
from festoon.records.viewer import SYSTEM
from festoon.webhooks import fan_out, queries
from festoon.webhooks.fan_out import hand_on
from festoon.webhooks.models import Delivery
from tests.checkout.unguarded import without_constraint, without_words
from tests.webhooks.test_delivering import NOW, subscribe, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]


def killed(before):
    """As if the process had ended before the cursor of the outbox moved."""
    OutboxCursor.objects.filter(name=queries.CURSOR).update(position=before)


def test_what_was_handed_on_is_not_told_again(monkeypatch):
    subscribe("http://127.0.0.1:9/hook")
    before = queries.position(SYSTEM)
    tell({"coupon": "c1"})
    hand_on(NOW)
    killed(before)
    hand_on(NOW)
    assert Delivery.objects.count() == 1
    without_words(monkeypatch, fan_out._write, "if name not in there", "")
    killed(before)
    with pytest.raises(IntegrityError):
        hand_on(NOW)
    with without_constraint(Delivery, "webhook_event_once"):
        hand_on(NOW)
        assert Delivery.objects.count() == 2
