"""What a search by name looks through: kept by the database whatever writes the row, and found as people type it."""

import pytest
from django.db import connection

from festoon.console.lists.parts import by_name, few_by_name
from festoon.offers.models import Offer
from festoon.records.names import Called

pytestmark = pytest.mark.django_db
HARD = {
    "hard-1": ("50% off_everything \\ now", "全场五折_立减"),
    "hard-2": ("Éclair & \"Quoted\" 'tea'", "茶叶 买一送一"),
    "hard-3": ("ÉCLAIR of the İstanbul ſtreet", "ÄPFEL 茶"),
    "hard-4": ("x" * 128, "茶" * 128),
}
TEXTS = [
    "oolong", "OOLONG", "d12", "D12-300", "off", "%", "_", "\\", "50%", "off_e", "' or", '"quoted"', "tea'", "é", "É", "ÉCLAIR",
    "éclair", "İ", "i", "ſ", "s", "Ä", "ä", "äpfel", "茶", "茶叶", "叶", "买一送一", "折_立", "全场", "满", "x" * 128, "茶" * 100, "zzzz", "-",
    "ard-1", "hard-1 50", "now全",
]  # fmt: skip


@pytest.fixture
def hard(cast):
    first = Offer.objects.get(code="d12-300-less-50")
    values = {
        field.attname: getattr(first, field.attname) for field in Offer._meta.concrete_fields if field.name != "id"
    }
    Offer.objects.bulk_create(
        Offer(**{**values, "code": code, "name_en": en, "name_zh": zh, "called": ""}) for code, (en, zh) in HARD.items()
    )
    return cast


def small(text):
    """Latin letters small, as both databases make them."""
    return "".join(each.lower() if each.isascii() else each for each in text)


def stale():
    return set(Offer.objects.exclude(called=Called()).values_list("code", flat=True))


@pytest.mark.parametrize("text", TEXTS)
def test_a_search_finds_what_stands_in_code_or_either_name(hard, text):
    """As the three comparisons did that it stands for."""
    meant = {
        code
        for code, *names in Offer.objects.values_list("code", "name_en", "name_zh")
        if any(small(text) in small(each) for each in (code, *names))
    }
    assert set(by_name(Offer.objects.all(), text).values_list("code", flat=True)) == meant


def test_the_database_keeps_it_whatever_writes_the_row(hard):
    assert not stale()
    one = Offer.objects.get(code="hard-1")
    one.name_en, one.called = "Renamed", "nothing of the kind"
    one.save(update_fields=["name_en"])
    Offer.objects.filter(code="hard-2").update(name_zh="改名")
    Offer.objects.filter(code="hard-3").update(code="HARD-33")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offers_offer SET name_en = 'By hand' WHERE code = 'hard-4'")
    assert not stale()
    for text, code in (("renamed", "hard-1"), ("改名", "hard-2"), ("hard-33", "HARD-33"), ("by hand", "hard-4")):
        assert list(by_name(Offer.objects.all(), text).values_list("code", flat=True)) == [code]
    Offer.objects.filter(code="hard-1").update(called="")
    assert stale() == {"hard-1"}, "a row that it was not kept of is noticed"


def test_a_search_that_finds_little_reads_names_alone(hard):
    rows = by_name(Offer.objects.order_by(), "zzzz").values_list("pk", flat=True)
    assert connection.vendor != "sqlite" or "COVERING INDEX offer_names" in rows.explain()
    assert few_by_name(Offer.objects.all(), "hard-", 3) is None
    hard_ones = set(Offer.objects.filter(code__in=HARD).values_list("pk", flat=True))
    assert set(few_by_name(Offer.objects.order_by("code"), "hard-", 4)) == hard_ones


def test_the_list_walks_one_index_and_reads_no_row(hard):
    rows = by_name(Offer.objects.order_by("-edited_at", "-id"), "zzzz").values_list("pk", "state", "out")
    assert connection.vendor != "sqlite" or "COVERING INDEX offer_latest" in rows.explain()
