"""Sessions are terms of a coupon's draft: reviewed with it, in force when it is released."""

import pytest

from festoon.coupons import actions, queries
from festoon.records.refusal import Invalid
from festoon.records.viewer import SYSTEM
from tests.desk import CHEN, LIN, NOW, coupon

pytestmark = pytest.mark.django_db
ROWS = [{"start": "2026-12-12T20:00", "stock": 30}, {"start": "2026-12-12T10:00", "stock": 50}]


def test_they_are_opened_with_the_release_in_the_coupons_zone(theme):
    draft = actions.create(coupon(sessions=ROWS), by=LIN, now=NOW)
    actions.submit(draft, by=LIN, now=NOW)
    assert list(queries.sessions(SYSTEM)) == []
    actions.approve(draft, by=CHEN, now=NOW)
    found = [
        (f"{one.starts_at:%H:%M}", f"{one.ends_at:%d %H:%M}", one.stock.granted) for one in queries.sessions(SYSTEM)
    ]
    assert found == [("02:00", "12 12:00", 50), ("12:00", "14 16:00", 30)]


def test_what_is_wrong_with_a_session_is_said_at_the_draft(theme):
    with pytest.raises(Invalid) as refused:
        actions.create(coupon(sessions=[{"start": "2026-12-12T10:00"}]), by=LIN, now=NOW)
    assert "sessions" in refused.value.field
