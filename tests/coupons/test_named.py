"""A coupon names a shopper and a template that are there, whoever writes, changes or deletes, and in whatever order."""

import threading
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from festoon.catalog.models import Shopper
from festoon.coupons.models import Coupon, Template
from tests.checkout.world import NOW
from tests.racing import until_it_waits

pytestmark = pytest.mark.django_db
NOBODY = 999_999_999
IN_TURNS = pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")


@pytest.fixture
def template(cast):
    return Template.objects.order_by("pk")[0]


@pytest.fixture
def stranger(cast):
    """A shopper without a coupon, whom nothing else names."""
    return Shopper.objects.create(code="stranger")


def coupon(shopper, template, code="STRANGER1"):
    return Coupon(
        id=code.lower(), merchant_id=1, template_id=template, shopper_id=shopper, n=1, code=code, origin="claimed",
        claimed_at=NOW, key_owner=0,
    )  # fmt: skip


def delete(table, number):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [number])


def test_a_coupon_of_nobody_and_one_of_nothing_are_not_added(template, stranger):
    for row in (coupon(NOBODY, template.pk), coupon(stranger.pk, NOBODY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Coupon.objects.bulk_create([coupon(stranger.pk, template.pk, "FINE"), row])
    assert not Coupon.objects.filter(id__in=("stranger1", "fine")).exists()


def test_a_coupon_is_not_given_to_nobody(template, stranger):
    coupon(stranger.pk, template.pk).save(force_insert=True)
    mine = Coupon.objects.filter(shopper=stranger)
    for changed in ({"shopper_id": NOBODY}, {"template_id": NOBODY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**changed)
    other = Shopper.objects.create(code="another-stranger")
    assert mine.update(shopper=other) == 1


def test_whom_and_what_a_coupon_names_is_not_deleted(template, stranger):
    coupon(stranger.pk, template.pk).save(force_insert=True)
    for table, number in (("catalog_shopper", stranger.pk), ("coupons_template", template.pk)):
        with pytest.raises(IntegrityError):
            delete(table, number)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", [NOBODY, number])
    Coupon.objects.filter(shopper=stranger).delete()
    delete("catalog_shopper", stranger.pk)
    assert not Shopper.objects.filter(pk=stranger.pk).exists()


@IN_TURNS
def test_what_coupons_name_is_not_emptied(template, stranger):
    coupon(stranger.pk, template.pk).save(force_insert=True)
    for table in ("catalog_shopper", "coupons_template"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:  # a tool that writes every column changes no number
        cursor.execute("UPDATE catalog_shopper SET id = id, level = 'gold' WHERE id = %s", [stranger.pk])
        assert cursor.rowcount == 1


@IN_TURNS
def test_another_table_of_the_same_name_is_not_asked(template, stranger):
    """Such as one an import put by for a moment: what it looks through first is its own."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE catalog_shopper (id bigint)")
        try:
            cursor.execute("INSERT INTO catalog_shopper VALUES (%s)", [NOBODY])
            with pytest.raises(IntegrityError), transaction.atomic():
                coupon(NOBODY, template.pk).save(force_insert=True)
            coupon(stranger.pk, template.pk).save(force_insert=True)
        finally:
            cursor.execute("DROP TABLE pg_temp.catalog_shopper")
    assert Coupon.objects.filter(shopper=stranger).count() == 1


@IN_TURNS
def test_whoever_deletes_waits_for_who_is_adding(template, stranger):
    with beside(lambda: delete("catalog_shopper", stranger.pk)) as (deleting, raised), transaction.atomic():
        coupon(stranger.pk, template.pk).save(force_insert=True)
        deleting.start()
        until_it_waits(deleting)
        assert deleting.is_alive(), "it waited for nobody"
    assert raised
    assert Coupon.objects.get(shopper=stranger).id == "stranger1"


@IN_TURNS
def test_whoever_adds_waits_for_who_is_deleting(template, stranger):
    row = coupon(stranger.pk, template.pk)
    with (
        beside(lambda: row.save(force_insert=True)) as (adding, raised),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM catalog_shopper WHERE id = %s", [stranger.pk])
        adding.start()
        until_it_waits(adding)
        assert adding.is_alive(), "it waited for nobody"
    assert raised
    assert not Coupon.objects.filter(id="stranger1").exists()


@IN_TURNS
def test_no_coupon_has_looks_of_its_own(cast):
    """Which is a sixth of what a claim costs the server."""
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, "coupons_coupon").values()
    assert not [each["columns"] for each in keys if each["foreign_key"]]


@contextmanager
def beside(act):
    """What is done on a connection of its own, begun with `start`; at the end it is over, and has raised what a list tells."""
    raised = []

    def run():
        try:
            act()
        except IntegrityError as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    yield thread, raised
    thread.join()
