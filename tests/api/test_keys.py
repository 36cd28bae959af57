"""Keys: shown once, kept as a hash, scoped, of one merchant, dead when revoked."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def merchants():
    from festoon.catalog.actions import take_merchants, take_stores
    from festoon.records.viewer import SYSTEM

    names = {"name_en": "made up", "name_zh": "虚构", "currency": "CNY", "zone": "Asia/Shanghai", "source": "made up"}
    take_merchants([{"code": code, **names} for code in ("lantern", "willow", "kite")], by=SYSTEM, now=NOW, key="")
    stores = [{"code": "kite-north", "merchant": "kite", "name_en": "North Gate", "name_zh": "北门店"}]
    assert take_stores(stores, by=SYSTEM, now=NOW, key="").taken == 1


def made(name="app", **given):
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM

    wanted = {"merchant": "willow", "scopes": ["quotes.write"], "channel": "app", "by": SYSTEM, "now": NOW}
    return make_key(name, **{**wanted, **given})


def refused(**given):
    from festoon.records.refusal import Refusal

    with pytest.raises(Refusal) as caught:
        made(**given)
    return caught.value.code, caught.value.field


def test_only_the_hash_of_a_key_is_kept():
    from django.core.serializers import serialize

    from festoon.catalog.models import ApiKey

    key, text = made()
    assert text.startswith("fst_") and len(text) >= 36
    assert key.digest == hashlib.sha256(text.encode()).hexdigest()
    assert text not in serialize("json", ApiKey.objects.all())


def test_two_keys_differ():
    assert made("one")[1] != made("two")[1]


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"scopes": []}, ("unknown_scope", "scopes")),
        ({"scopes": ["quotes.write", "all"]}, ("unknown_scope", "scopes")),
        ({"merchant": "nobody"}, ("not_found", "merchant")),
        ({"store": "nowhere"}, ("not_found", "store")),
        ({"store": "kite-north"}, ("not_found", "store")),  # another merchant's
        ({"name": " "}, ("wrong_length", "name")),
        ({"channel": ""}, ("wrong_length", "channel")),
        ({"text": "fst_short"}, ("weak_key", "text")),
    ],
)
def test_what_no_key_is_made_of(given, answer):
    from festoon.catalog.models import ApiKey

    assert refused(**given) == answer
    assert not ApiKey.objects.exists()


def test_a_name_is_taken_as_long_as_its_key_lives():
    from festoon.catalog.machines.actions import revoke_key
    from festoon.records.viewer import SYSTEM

    made()
    assert refused() == ("name_taken", "name")
    revoke_key("app", merchant="willow", by=SYSTEM, now=NOW)
    made()


def test_making_and_revoking_are_in_the_audit():
    from festoon.catalog.machines.actions import revoke_key
    from festoon.records.models import AuditEntry
    from festoon.records.viewer import SYSTEM

    made()
    revoke_key("app", merchant="willow", why="the laptop was lost", by=SYSTEM, now=NOW)
    rows = AuditEntry.objects.filter(subject_kind="key").order_by("id").values_list("verb", "subject", "why")
    assert list(rows) == [("keys.make", "app", ""), ("keys.revoke", "app", "the laptop was lost")]


def test_a_merchant_makes_keys_of_its_own_only():
    from festoon.catalog.models import Merchant
    from festoon.records.refusal import Forbidden
    from festoon.records.viewer import Viewer

    willow = Merchant.objects.get(code="willow").pk
    owner = Viewer("person:ye", willow, frozenset({"keys.make"}))
    made(by=owner)
    assert refused(by=owner, merchant="kite") == ("not_found", "merchant")
    with pytest.raises(Forbidden):
        made("second", by=Viewer("person:gu", willow, frozenset()))
