"""Every question by name is understood by the migrated database under test, whichever it is."""

from importlib import import_module

import pytest
from django.db import connection

from festoon.catalog.models import Merchant
from festoon.records.select import Select, every, select

for room in ("festoon.checkout.facts.reading", "festoon.checkout.queries"):
    import_module(room)


@pytest.mark.django_db
@pytest.mark.parametrize("one", list(every()), ids=lambda one: one.name)
def test_the_database_prepares_it(one: Select) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.connection.execute(f"EXPLAIN {one.sqlite}", dict.fromkeys(one.parameters))
            return
        cursor.connection.execute(f"PREPARE tried AS {one.postgres}".encode())
        cursor.connection.execute(b"DEALLOCATE tried")


def test_a_column_that_is_not_there_is_noticed_when_the_question_is_named() -> None:
    with pytest.raises(Exception, match="no field named 'wealth'"):
        select("tests.wrong", "SELECT {m.wealth} FROM {m}", "", m=Merchant)


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="two questions"):
        select("quote.read", "", "")
