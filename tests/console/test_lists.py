"""The one list: where offers stand, pages by key, counts, search, views, files without formulas, ticked rows."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from festoon.campaigns.models import Campaign
from festoon.console import queries
from festoon.console.export import harmless
from festoon.console.given import given_of
from festoon.console.standing import Standing
from festoon.coupons.models import Template
from festoon.ledger.models import Account
from festoon.offers import actions, releases
from festoon.offers.models import Live, Offer, Stop
from festoon.offers.queries import visible
from festoon.promotions.models import Promotion
from festoon.records.viewer import SYSTEM
from tests.console.test_walls import signed_in  # noqa: F401

pytestmark = pytest.mark.django_db
BYTES, QUERIES = 300_000, 26


def many(count):
    """Copies of one released offer, a second apart; the released one comes first by its code, for its key is looked up by it."""
    first = Offer.objects.get(code="d12-300-less-50")
    made = []
    for n in range(count):
        row = Offer(**{field.attname: getattr(first, field.attname) for field in Offer._meta.concrete_fields})
        row.pk, row.code, row.edited_at = None, f"more-{n:04d}", first.edited_at - timedelta(seconds=n + 1)
        made.append(row)
    return Offer.objects.bulk_create(made)


def test_an_offer_knows_whether_it_is_in_the_book(cast):
    assert Offer.objects.filter(out=True).count() > 10
    agrees(Live.objects.filter(kind="offer").values_list("code", flat=True))
    actions.recall("offer", "d12-oolong-15", why="over", by=cast.person("chen"), now=cast.now)
    agrees(Live.objects.filter(kind="offer").values_list("code", flat=True))
    releases.put_out({"d12-oolong-15": "anything"})
    with pytest.raises(AssertionError):
        agrees(Live.objects.filter(kind="offer").values_list("code", flat=True))


def agrees(live):
    assert set(Offer.objects.filter(out=True).values_list("code", flat=True)) == set(live)


def test_three_ways_of_asking_where_offers_stand_agree(cast):
    actions.stop("offer", "d12-oolong-15", why="too many", by=cast.person("chen"), now=cast.now)
    actions.stop("campaign", "womens-day", why="rain", by=cast.person("lin"), now=cast.now)
    Offer.objects.filter(code="d12-gold-12").update(ends_at=None)
    for now in (cast.now, cast.now - timedelta(days=400), cast.now + timedelta(days=400)):
        standing, rows = Standing.at(now), Offer.objects.all()
        told = {offer.code: standing.of(offer) for offer in rows}
        annotated = dict(queries.offers_shown(SYSTEM, now=now).values_list("code", "shown"))
        assert told == annotated
        assert told == dict(rows.values_list("code", standing.column()))
        for counted in (True, False):
            found = {
                code: state
                for state in set(queries.ORDER) | set(told.values())
                for way in standing.where(state, counted=counted)
                for code in rows.filter(way).values_list("code", flat=True)
            }
            assert found == told
            parts = [way for state in set(told.values()) for way in standing.where(state, counted=counted)]
            assert sum(rows.filter(way).count() for way in parts) == len(told), "no offer is counted twice"


@pytest.mark.parametrize("who", ["lin", "ye"])
def test_a_list_says_what_is_given_out_of_each_offer(who, cast, signed_in):  # noqa: F811
    """Of coupons and of units in short supply, as the page of each does; nothing where nothing is counted."""
    coupon, flash = Template.objects.order_by("pk")[0], Promotion.objects.filter(units__limited=True)[0]
    Account.objects.filter(pk=coupon.stock_id).update(granted=500, spent=37, held=5)
    Account.objects.filter(pk=flash.units_id).update(granted=40, spent=39, held=0)
    told = b"".join(signed_in(who).get("/offers/?export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    shown = {row["Code"]: row["Given out"] for row in rows}
    every = visible(cast.person(who)).select_related("template__stock", "promotion__units").filter(code__in=shown)
    given = {offer.code: given_of(offer) for offer in every}
    assert shown == {code: f"{part.gone} / {part.whole}" if part else "" for code, part in given.items()}
    assert (shown[coupon.offer.code], shown[flash.offer.code]) == ("42 / 500", "39 / 40")
    assert "" in shown.values()


def test_pages_by_key_show_each_row_once_there_and_back(cast, signed_in):  # noqa: F811
    many(60)
    client, seen, path, back = signed_in("lin"), [], "/offers/", []
    while path:
        shown = client.get(path).context["list"]
        seen += [row.code for row in shown.rows]
        back.append([row.code for row in shown.rows])
        path, last = shown.next, path
    assert sorted(seen) == sorted(Offer.objects.values_list("code", flat=True))
    for page in reversed(back[:-1]):
        shown = client.get(client.get(last).context["list"].previous).context["list"]
        last = shown.request.get_full_path()
        assert [row.code for row in shown.rows] == page
    assert not shown.previous


@pytest.mark.parametrize("key", ["x", "!!!", "W10", "WzEsMl0", "bnVsbA", "W251bGwsbnVsbF0", "eyJhIjoxfQ"])
def test_a_key_nobody_made_is_no_key(key, cast, signed_in):  # noqa: F811
    assert signed_in("lin").get("/offers/", {"after": key}).status_code == 200


def test_a_page_costs_as_much_with_few_as_with_many(cast, signed_in, django_assert_max_num_queries):  # noqa: F811
    client = signed_in("lin")
    many(300)
    for path in ("/offers/", "/offers/?state=live", "/offers/?q=more-01", "/offers/?type=spend_and_save&sort=oldest"):
        client.get(path)
        with django_assert_max_num_queries(QUERIES):
            answer = client.get(path)
        assert len(answer.content) < BYTES
        assert len(answer.context["list"].rows) > 20


def test_counts_stop_where_nobody_reads_on(cast, signed_in, monkeypatch):  # noqa: F811
    from festoon.console import columns

    monkeypatch.setattr(columns, "COUNTED", 3)
    page = signed_in("lin").get("/offers/")
    live = next(tab for tab in page.context["list"].tabs if tab.code == "live")
    assert live.over
    assert live.count == 4


def test_a_search_counts_what_it_found(cast, signed_in):  # noqa: F811
    many(5)
    shown = signed_in("lin").get("/offers/?q=more-").context["list"]
    assert [row.code for row in shown.rows] == [f"more-{n:04d}" for n in range(5)]
    assert {tab.code: tab.count for tab in shown.tabs} == {"": 5, "live": 5}


ASKED = (
    "",
    "&state=live&sort=oldest",
    "&state=ended",
    "&type=spend_and_save",
    "&campaign=double-12&type=spend_and_save",
)


FILTERS = ("type=spend_and_save", "campaign=double-12", "merchant=lantern")
WAYS = [
    *((each, 1_000, "lin") for each in ASKED),
    ("", 20, "lin"),
    *((f"&{each}", matched, "lin") for each in FILTERS for matched in (20, 1_000)),
    ("&state=ended", 20, "lin"),
    ("", 30, "ye"),
    ("&state=ended", 30, "ye"),
]


@pytest.mark.parametrize(("asked", "matched", "who"), WAYS)
def test_a_search_shows_the_same_whichever_way_it_was_asked(asked, matched, who, cast, signed_in, monkeypatch):  # noqa: F811
    """None, as many as a page shows, more, and more than are told apart: as looking at every row would find them.

    The platform's tabs are told where few have the name, whatever else is asked; a merchant's where few are found.
    """
    from festoon.console.lists import offers

    monkeypatch.setattr(offers, "MATCHED", matched)
    many(40)
    Offer.objects.filter(code__endswith="7").update(ends_at=cast.now - timedelta(days=1))
    Offer.objects.filter(code__startswith="more-").update(merchant=cast.person(who).merchant_id)
    standing, client = Standing.at(timezone.now()), signed_in(who)
    wanted = dict(part.split("=") for part in asked.split("&") if part)
    every = sorted(
        visible(cast.person(who)).select_related("campaign", "merchant"),
        key=lambda each: (each.edited_at, each.pk),
        reverse=wanted.get("sort") != "oldest",
    )
    for text in ("zzzz", "more-001", "more-", "-", *(("",) if who == "ye" else ())):
        named = [each for each in every if text in each.called]
        found = [each for each in named if wanted.get("type", each.type) == each.type]
        found = [each for each in found if wanted.get("merchant", each.merchant.code) == each.merchant.code]
        if theme := wanted.get("campaign"):
            found = [each for each in found if each.campaign and each.campaign.code == theme]
        stands = {each.code: standing.of(each) for each in found}
        path, seen = f"/offers/?q={text}{asked}", []
        first = client.get(path).context["list"]
        counts = {tab.code: tab.count for tab in first.tabs if tab.count}
        told = found and len(found if who == "ye" else named) <= matched
        assert counts == ({"": len(found)} | Counter(stands.values()) if told else {})
        while path:
            shown = client.get(path).context["list"]
            seen += [row.code for row in shown.rows]
            path = shown.next
        assert seen == [code for code, state in stands.items() if wanted.get("state", state) == state]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_becomes_a_formula(text):
    assert harmless(text) == f"'{text}"
    assert harmless(f"x{text}") == f"x{text}"


def test_numbers_stay_numbers():
    assert harmless(-5) == -5


def test_an_export_is_what_was_asked_for(cast, signed_in):  # noqa: F811
    many(40)
    Offer.objects.filter(code="more-0001").update(name_en="=HYPERLINK(0)")
    client = signed_in("lin")
    told = b"".join(client.get("/offers/?q=more-&export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["Code"] for row in rows] == [f"more-{n:04d}" for n in range(40)]
    assert rows[1]["Offer"] == "'=HYPERLINK(0)"
    book = b"".join(client.get("/offers/?q=more-&export=xlsx").streaming_content)
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 41
    assert sheet[2][0] == "'=HYPERLINK(0)"
    assert b"<f>" not in book


def test_an_export_stays_behind_the_wall(cast, signed_in):  # noqa: F811
    told = b"".join(signed_in("ye").get("/offers/?export=csv").streaming_content).decode("utf-8-sig")
    assert "d12-300-less-50" in told
    assert "d12-run-80-off" not in told


def test_ticked_offers_are_asked_about_and_then_stopped(cast, signed_in):  # noqa: F811
    client = signed_in("lin")
    picks = list(Offer.objects.filter(code__in=["d12-300-less-50", "d12-oolong-15"]).values_list("pk", flat=True))
    asked = client.post("/offers/", {"bulk": "stop", "pick": picks})
    assert asked.status_code == 200
    assert "50 off 300" in asked.content.decode()
    assert not Standing.at(timezone.now()).stopped
    client.post("/offers/?state=live", {"bulk": "stop", "pick": picks, "why": "too many", "sure": "1"})
    assert Standing.at(timezone.now()).stopped == {"d12-300-less-50", "d12-oolong-15"}


def test_what_is_refused_of_ticked_rows_is_told_and_the_rest_stands(cast, signed_in):  # noqa: F811
    client = signed_in("lin")
    actions.stop("offer", "d12-oolong-15", why="too many", by=cast.person("chen"), now=cast.now)
    picks = list(Offer.objects.filter(code__in=["d12-300-less-50", "d12-oolong-15"]).values_list("pk", flat=True))
    told = client.post("/offers/", {"bulk": "lift", "pick": picks, "sure": "1"}, follow=True).content.decode()
    assert "Done: 1. Not done: 1" in told
    rows = {row.split("</td>")[0].rpartition(">")[2]: row for row in told.split("<tr>")[2:]}
    again = client.post("/offers/", {"bulk": "submit", "pick": picks, "sure": "1"}).content.decode()
    assert "Done: 0. Not done: 2" in again, "what is live is no draft"
    assert "not stopped" in rows["50 off 300"] and "Done" in rows["15% off oolong"], "each row has its own answer"
    assert not Standing.at(timezone.now()).stopped


def test_ticked_campaigns_are_submitted_stopped_and_told_one_by_one(cast, signed_in):  # noqa: F811
    client = signed_in("lin")
    client.post("/campaigns/double-12/copy/", {"new": "again", "days": "3"})
    picks = list(Campaign.objects.filter(code__in=["again", "double-12"]).values_list("pk", flat=True))
    assert "Double 12" in client.post("/campaigns/", {"bulk": "submit", "pick": picks}).content.decode()
    told = client.post("/campaigns/", {"bulk": "submit", "pick": picks, "sure": "1"}).content.decode()
    assert "Done: 1. Not done: 1" in told and "nothing" in told.lower()
    assert Campaign.objects.get(code="again").state == "in_review"
    stop = client.post("/campaigns/", {"bulk": "stop", "pick": picks, "why": "flood", "sure": "1"})
    assert stop.status_code == 302 and Stop.objects.filter(kind="campaign", lifted_at=None).count() == 2
    over = client.post("/campaigns/", {"bulk": "archive", "pick": picks, "sure": "1"}).content.decode()
    assert over.count("not over") == 2
    file = client.post("/campaigns/", {"bulk": "export", "pick": picks[:1]})
    assert file["Content-Disposition"].endswith('.xlsx"') and b"".join(file.streaming_content)[:2] == b"PK"
    assert signed_in("zhou").post("/campaigns/", {"bulk": "submit", "pick": picks, "sure": "1"}).status_code == 404


def test_who_may_not_stop_is_not_offered_it_and_cannot(cast, signed_in):  # noqa: F811
    client = signed_in("zhou")
    pick = Offer.objects.get(code="d12-oolong-15").pk
    assert b'value="stop"' not in client.get("/offers/").content
    answer = client.post("/offers/", {"bulk": "stop", "pick": [pick], "why": "x", "sure": "1"})
    assert answer.status_code in (302, 404)
    assert not Standing.at(timezone.now()).stopped


def test_a_view_is_kept_named_replaced_and_dropped(cast, signed_in):  # noqa: F811
    client = signed_in("lin")
    given = {"list": "offers", "name": "Live tea", "query": "q=tea&state=live&after=x", "back": "/offers/?q=tea"}
    assert client.post("/views/keep/", given)["Location"] == "/offers/?q=tea"
    client.post("/views/keep/", {**given, "query": "q=oolong"})
    (view,) = client.get("/offers/").context["views"]
    assert (view.name, view.query) == ("Live tea", "q=oolong")
    client.post("/views/keep/", {**given, "name": " ", "query": "q=x"})
    assert len(client.get("/offers/").context["views"]) == 1
    signed_in("chen").post(f"/views/{view.pk}/drop/", {"back": "/offers/"})
    assert not client.get("/offers/").context["views"], "chen sees none of lin's"
    assert signed_in("lin").get("/offers/").context["views"]
    client.post(f"/views/{view.pk}/drop/", {"back": "https://elsewhere.example/"})
    assert not client.get("/offers/").context["views"]


def test_columns_that_were_left_out_are_left_out(cast, signed_in):  # noqa: F811
    page = signed_in("lin").get("/offers/?hide=owner&hide=name&dense=1").context["list"]
    assert "owner" not in [head.code for head in page.heads]
    assert "name" in [head.code for head in page.heads], "a name is always there"


def test_an_empty_list_says_what_to_do(db, client, django_user_model):
    from festoon.catalog.models import Merchant

    Merchant.objects.get_or_create(
        pk=1, defaults={"code": "lantern", "name_en": "L", "name_zh": "灯", "currency": "CNY", "zone": "UTC"}
    )
    client.force_login(django_user_model.objects.create_superuser("root"))
    assert "No offers yet" in client.get("/offers/").content.decode()
    assert "Clear the filters" in client.get("/offers/?q=x").content.decode()
    assert Offer.objects.filter(Q()).count() == 0


def test_one_goes_anywhere_by_name_but_not_behind_a_wall(cast, signed_in):  # noqa: F811
    def found(person, text):
        return [place.href for place in signed_in(person).get("/go/", {"q": text}).context["places"]]

    assert found("lin", "oolong") == ["/offers/d12-oolong-15/"]
    assert "/campaigns/double-12/" in found("lin", "双十二")
    assert "/webhooks/" in found("lin", "hook")
    assert found("ye", "d12-run-80-off") == []
    assert found("gu", "oolong") == []
    assert b"Nothing is called that" in signed_in("lin").get("/go/?q=<script>").content
