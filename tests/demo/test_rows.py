"""Each test begins with the very rows that were set aside."""

from datetime import UTC, datetime

import pytest

from festoon.catalog.models import Merchant, Product
from festoon.demo.cast.load import take_catalogue
from tests import rows

NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_what_was_changed_added_and_deleted_is_as_it_was():
    take_catalogue(now=NOW)
    rows.set_aside("elsewhere")
    before = list(Product.objects.order_by("id").values())

    Product.objects.filter(sku="t-01").update(list_price=1)
    Product.objects.filter(sku="b-12").delete()
    Merchant.objects.create(code="new", name_en="New", name_zh="新", currency="CNY", zone="UTC")
    rows.put_back("elsewhere")

    assert list(Product.objects.order_by("id").values()) == before
    assert not Merchant.objects.filter(code="new").exists()
    later = Merchant.objects.create(code="later", name_en="Later", name_zh="后", currency="CNY", zone="UTC")
    assert later.pk > 4, "numbers go on after those that are there"
