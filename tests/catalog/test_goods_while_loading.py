"""A verb that follows a change of goods sees it, also while another thread is loading the goods of before."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from festoon.catalog import goods
from festoon.catalog.actions import take_products
from festoon.demo.cast import world
from festoon.demo.cast.load import STAGE, take_catalogue

NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_exact_waits_for_the_load_and_then_looks_again(monkeypatch):
    take_catalogue(now=NOW)
    loading, go_on = threading.Event(), threading.Event()
    load = goods._load

    def slowly(number):
        found = load(number)
        if threading.current_thread() is not threading.main_thread():
            loading.set()
            assert go_on.wait(10)
        return found

    def another_request():
        goods.goods(NOW)
        connection.close()

    def take(sku):
        (row,) = [row for row in world.goods() if row["sku"] == "t-01"]
        take_products([{**row, "sku": sku}], by=STAGE, now=NOW, key=sku)

    goods.goods(NOW, exact=True)
    monkeypatch.setattr(goods, "_load", slowly)
    take("t-98")
    other = threading.Thread(target=another_request)
    other.start()
    assert loading.wait(10)
    take("t-99")
    threading.Timer(0.2, go_on.set).start()

    assert goods.goods(NOW, exact=True).knows("sku", "t-99")
    other.join()
