"""Customer service: opens an order, a coupon or a shopper, and finds words to say; each opening is on record."""

import pytest
from django.test import Client

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.catalog.people import viewer_of
from festoon.checkout import book, explaining
from festoon.console.views import explain
from festoon.coupons import queries as coupons
from festoon.offers.models import Live
from festoon.offers.version import watch
from festoon.records import queries as records
from festoon.records.refusal import Forbidden
from festoon.records.viewer import SYSTEM, Viewer
from tests.rights.world import NOW, A, B, P

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(twins):
    """Somebody of customer service at the platform, and at the first twin."""
    house = {"platform": "lantern", "twin": A}
    return {
        name: add_person(f"{name}-service", merchant=code, name=Words("S", "客"), roles=["service"], by=SYSTEM, now=NOW)
        for name, code in house.items()
    }


def opened(who, asked, language="en"):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(who.user)
    return client.get("/service/", {"q": asked})


def test_an_order_is_explained_in_words_to_pass_on(twins, service):
    a, _ = twins
    page = opened(service["platform"], f"{A}-order").content.decode()
    assert f"{A} coupon" in page
    assert "You paid" in page
    assert "data-copies" in page
    assert 'id="to-tell"' in page
    assert "您实付" in opened(service["twin"], a.ids["hold"], "zh-hans").content.decode()


def test_what_the_shopper_did_not_hold_is_said_once_and_truly(twins, service):
    """Fails where "cannot be used" stands beside "Not in the wallet"."""
    words = {"words": {"en": "cannot be used", "zh": "无法使用"}, "trace": {"en": "not_held", "zh": "not_held"}}
    verdict = {"offer": f"{A}-coupon", "code": "not_for_buyer", "reason": "not_held", **words}
    [told] = explain._told({"verdicts": [verdict]}, viewer_of(service["platform"].user))
    assert (told.words.en, told.title.en) == ("was not in the wallet", "Not in the wallet")


def test_the_price_is_replayed_from_the_token_of_its_hold_whatever_came_since(twins, service):
    by = viewer_of(service["platform"].user)
    before = explaining.open_order(f"{A}-order", by=by, now=NOW)
    assert before.same
    Live.objects.all().delete()  # everything was recalled since
    book.forget()
    watch.forget()
    after = explaining.open_order(f"{A}-order", by=by, now=NOW)
    assert after.same
    assert after.price["totals"] == before.price["totals"]
    assert not after.whole, "of that day only what applied is judged again"


def test_a_coupon_and_a_shopper_are_found_by_what_people_say(twins, service):
    a, _ = twins
    assert f"{A} coupon" in opened(service["twin"], a.ids["coupon"]).content.decode()
    page = opened(service["twin"], "mei").content.decode()
    assert f"{A} coupon" in page
    assert "/try/?shopper=mei" in page
    assert "Mei <span" in page, "by name, as everywhere"
    assert "梅 <span" in opened(service["platform"], "mei", "zh-hans").content.decode()
    assert B not in page
    assert opened(service["twin"], "nobody-such").status_code == 404
    assert "One sign of this code" in opened(service["twin"], "2abc-defgh jk4m-2").content.decode()


def test_of_another_company_nothing_is_opened_and_nothing_said(twins, service):
    _, b = twins
    for asked in (f"{B}-order", b.ids["hold"], b.ids["redeemed"], b.ids["coupon"], b.ids["used"]):
        answer = opened(service["twin"], asked)
        assert answer.status_code == 404
    told = opened(service["twin"], f"{A}-order").content.decode()
    assert B not in told
    assert P not in told


def test_each_opening_is_recorded_and_a_failed_one_is_not(twins, service):
    opened(service["twin"], f"{A}-order")
    opened(service["twin"], f"{B}-order")
    opened(service["platform"], "mei")
    rows = records.visible(SYSTEM).filter(verb__startswith="service.").order_by("id")
    assert [(row.by, row.verb, row.merchant_id > 1) for row in rows] == [
        ("person:twin-service", "service.open_order", True),
        ("person:platform-service", "service.open_shopper", False),
    ]


def test_who_is_not_of_customer_service_opens_nothing(twins):
    by = Viewer("person:x", 1, frozenset({"offers.read", "wallet.read"}))
    for verb in (explaining.open_order, explaining.open_coupon, explaining.open_shopper):
        with pytest.raises(Forbidden):
            verb("mei", by=by, now=NOW)


def test_an_unused_coupon_is_made_void_with_a_reason_where_it_was_opened(twins, service):
    a, b = twins
    client = Client()
    client.force_login(service["twin"].user)
    page = client.get("/service/", {"q": a.ids["coupon"]}).content.decode()
    address = f"/service/coupons/{a.ids['coupon']}/void/"
    assert address in page
    assert client.post(address, {"why": ""}).status_code == 302
    assert "Say why." in client.get("/service/").content.decode()
    assert client.post(f"/service/coupons/{b.ids['coupon']}/void/", {"why": "x"}).status_code == 404
    client.post(address, {"why": "a mistake"})
    page = client.get("/service/", {"q": a.ids["coupon"]}).content.decode()
    assert "Void" in page
    assert address not in page


def test_a_coupon_is_claimed_for_a_shopper_who_asks_and_says_who_did_it_and_why(twins, service):
    client = Client()
    client.force_login(service["twin"].user)
    assert "/service/give/?shopper=mei" in client.get("/service/", {"q": "mei"}).content.decode()
    page = client.get("/service/give/", {"shopper": "mei"}).content.decode()
    assert f"{A} coupon" in page
    assert B not in page
    assert client.get("/service/give/", {"shopper": "nobody-such"}).status_code == 404
    opened = records.visible(SYSTEM).filter(verb="service.open_shopper")
    assert [(row.by, row.subject) for row in opened] == [("person:twin-service", "mei")] * 2, "there and here"
    posted = {"offer": f"{A}-coupon", "shopper": "mei", "why": "the page did not load", "key": "once"}
    for _ in range(2):
        assert client.post("/service/give/", posted)["Location"] == "/service/?q=mei"
    made = coupons.wallet(SYSTEM, "mei").get(channel="console")
    assert (made.given_for.by, made.given_for.why) == ("person:twin-service", "the page did not load")
    (row,) = records.visible(SYSTEM).filter(verb="claims.give_for")
    assert (row.by, row.subject, row.why) == ("person:twin-service", "mei", "the page did not load")
    assert (row.rows, row.merchant_id) == ({"offer": f"{A}-coupon", "coupon": made.pk}, made.merchant_id)
    (group,) = (each for each in records.visible(SYSTEM).filter(subject_kind="group") if made.pk in str(each.rows))
    assert group.by == "person:twin-service", "also in the commit of the claim itself"
    assert "the page did not load" in client.get("/service/", {"q": made.pk}).content.decode()
    refused = {
        "Say why.": {**posted, "why": " ", "key": "x"}, "Choose a coupon first.": {**posted, "offer": ""},
        "at most 500": {**posted, "why": "w" * 501, "key": "y"},
    }  # fmt: skip
    for said, form in refused.items():
        assert client.post("/service/give/", form).status_code == 302
        assert said in client.get("/service/").content.decode()
    for other in ({"offer": f"{B}-coupon"}, {"shopper": "tao"}):
        assert client.post("/service/give/", {**posted, **other, "key": "z"}).status_code == 404
    assert coupons.wallet(SYSTEM, "mei").filter(channel="console").count() == 1


def test_ticked_coupons_are_made_void_and_exported(twins):
    a, _ = twins
    made = add_person("keeper", merchant=A, name=Words("K", "管"), roles=["merchant"], by=SYSTEM, now=NOW)
    client = Client()
    client.force_login(made.user)
    there, ticked = f"/coupons/{A}-coupon/", {"pick": [a.ids["coupon"]]}
    assert b"".join(client.post(there, ticked | {"bulk": "export"}).streaming_content).startswith(b"PK")
    assert "bulk-why" in client.post(there, ticked | {"bulk": "void"}).content.decode()
    assert client.post(there, ticked | {"bulk": "void", "sure": "1", "why": "a mistake"}).status_code == 302
    assert records.visible(SYSTEM).get(verb="coupons.void").why == "a mistake"
