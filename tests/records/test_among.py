"""Many numbers as one value find what they find one by one."""

import pytest

from festoon.records.among import Among, AmongKeys
from festoon.records.models import Outbox


@pytest.mark.django_db
@pytest.mark.parametrize("numbers", [[], [1], [3, 1, 2], range(1, 9), [-7, 2**40]])
def test_among_says_what_in_says(numbers):
    Outbox.objects.bulk_create(
        Outbox(pk=n, kind="x", merchant_id=1, at="2026-01-01T00:00Z", count=1, events=b"") for n in range(1, 8)
    )
    rows = Outbox.objects.order_by("pk").values_list("pk", flat=True)
    assert list(rows.filter(Among("pk", numbers))) == list(rows.filter(pk__in=numbers))
    assert list(rows.exclude(Among("pk", numbers))) == list(rows.exclude(pk__in=numbers))


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[], ["b2"], ["b2", "none", "a1", "a1"]])
def test_keys_too(keys):
    kinds = ("a1", "b2", "c3", "a1,b2")
    Outbox.objects.bulk_create(
        Outbox(kind=kind, merchant_id=1, at="2026-01-01T00:00Z", count=1, events=b"") for kind in kinds
    )
    rows = Outbox.objects.order_by("pk").values_list("kind", flat=True)
    assert list(rows.filter(AmongKeys("kind", keys))) == list(rows.filter(kind__in=keys))
    assert list(rows.exclude(AmongKeys("kind", keys))) == list(rows.exclude(kind__in=keys))
