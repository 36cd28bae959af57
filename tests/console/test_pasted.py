"""What people paste: the mark of a spreadsheet is no part of it, and what is too long is said in words."""

import pytest

from festoon.console.offer_form.raw import texts
from festoon.coupons import queries as coupons
from festoon.coupons.bulk import unpack
from festoon.records.viewer import SYSTEM
from tests.console.test_walls import signed_in  # noqa: F401

pytestmark = pytest.mark.django_db
PATH = "/coupons/{}/issue/"


def a_coupon() -> str:
    found = next(row.offer for row in coupons.templates(SYSTEM) if row.offer.state == "released")
    return str(found.code)


def test_the_first_shopper_of_a_pasted_list_is_who_is_named(signed_in):  # noqa: F811
    answer = signed_in("lin").post(PATH.format(a_coupon()), {"shoppers": "\ufeffmei\r\n\ufefftao", "key": "k"})
    assert answer.status_code == 302
    issue = coupons.issues(SYSTEM).first()
    assert issue is not None
    part = coupons.part(SYSTEM, issue.pk, 0)
    assert part is not None and part.named is not None
    assert unpack(part.named) == ["mei", "tao"]


def test_lines_of_a_form_lose_the_mark():
    assert texts(["\ufefft-01\nt-02"]) == ["t-01", "t-02"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_list_that_is_too_long_is_named(language, signed_in):  # noqa: F811
    client = signed_in("lin")
    client.cookies["django_language"] = language
    answer = client.post(PATH.format(a_coupon()), {"shoppers": "town-0001\n" * 300_000, "key": "k"})
    said = "The field “shoppers” holds more than" if language == "en" else "字段“shoppers”超过"
    assert (answer.status_code, said in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_form_that_is_longer_still_is_answered_in_words(language, signed_in):  # noqa: F811
    client = signed_in("lin")
    client.cookies["django_language"] = language
    sent = "shoppers=" + "town-0001+" * 1_100_000
    answer = client.post(PATH.format(a_coupon()), sent, content_type="application/x-www-form-urlencoded")
    said = "more than 10 MB" if language == "en" else "超过 10 MB"
    assert (answer.status_code, said in answer.content.decode()) == (413, True)
