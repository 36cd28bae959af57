"""What somebody began to write and did not save: theirs alone, gone on with, discarded, saved, ended."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from festoon.campaigns import queries as campaigns
from festoon.catalog.sign_in import one_time_path
from festoon.composition import actions as composition
from festoon.console import unfinished
from festoon.console.models import Unfinished
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM
from tests.console.test_offer_edit import RULE, typed

pytestmark = pytest.mark.django_db
BEGUN = "ab" * 16
GO_ON = f"/offers/new/?rule=type:percent&kind=promotion&unfinished={BEGUN}"


def look(client, begun=BEGUN, **more):
    return client.post(RULE, typed(do="look", begun=begun, **more))


def waiting(client):
    return BEGUN in client.get("/offers/new/").content.decode()


def test_what_was_typed_comes_back_in_another_browser(at):
    first = at("lin")
    assert f'name="begun" value="{BEGUN}"' in look(first, **{"name.en": "Tea", "q-scope": "zebra"}).content.decode()
    look(first, **{"name.en": "Tea for <two>", "with.basis_points": "17"})
    assert Unfinished.objects.count() == 1
    other = at("lin")
    assert waiting(other) and "Tea for &lt;two&gt;" in other.get("/offers/new/").content.decode()
    assert BEGUN in other.get(RULE).content.decode(), "where one began it too"
    page = other.get(GO_ON).content.decode()
    assert "Tea for &lt;two&gt;" in page and 'value="17"' in page and "zebra" not in page
    assert f'name="begun" value="{BEGUN}"' in page, "it goes on as the same"
    assert not offers.visible(SYSTEM).filter(code="tea-12").exists()


def test_nobody_else_is_shown_it(at, cast):
    """Neither a colleague nor another house, whatever number they ask for."""
    look(at("lin"))
    look(at("ye"), owner="willow")
    lin = Unfinished.objects.get(person__code="lin")
    for person in ("root-operator", "ye"):
        other = at(person) if person == "ye" else colleague(cast)
        assert "lantern" not in other.get(GO_ON).content.decode()
        other.post(f"/unfinished/{BEGUN}/drop/")
        assert Unfinished.objects.filter(pk=lin.pk).exists()
        assert waiting(at("lin"))
    assert not Unfinished.objects.filter(person__code="ye").exists(), "her own is gone"


def colleague(cast):
    from festoon.base.words import Words
    from festoon.catalog.colleagues import add_person

    add_person("su", merchant="lantern", name=Words("Su", "苏"), roles=["operator"], by=SYSTEM, now=cast.now)
    client = Client()
    client.get(one_time_path("su"))
    assert not waiting(client)
    assert client.get(GO_ON).status_code == 404
    return client


def test_saved_it_is_gone_and_a_late_look_does_not_bring_it_back(at):
    client = at("lin")
    look(client)
    assert client.post(RULE, typed(do="save", begun=BEGUN, **{"name.en": ""})).status_code == 422
    assert waiting(client), "what could not be saved is still there"
    assert client.post(RULE, typed(do="save", begun=BEGUN)).status_code == 302
    assert not waiting(client)
    look(client)
    assert not waiting(client)


def test_a_draft_that_cannot_be_submitted_is_kept_and_gone_on_with(at, cast):
    """A new offer in a campaign that was recalled: what is sent after that edits and submits the draft that is there."""
    theme, client = campaigns.campaign(SYSTEM, "double-12"), at("lin")
    composition.recall(theme, outstanding="honour", why="rain", by=cast.person("chen"), now=cast.now, key="rain")
    look(client)
    told = client.post(RULE, typed(do="submit", begun=BEGUN, campaign="double-12", **{"name.en": "Tea for two"}))
    page = told.content.decode()
    assert told.status_code == 422 and not waiting(client)
    assert "The draft is kept" in page and "nothing was kept" not in page and "Tea for two" in page
    assert page.count('href="#f-campaign"') == 1 and 'id="f-campaign-error"' in page
    (there,) = set(re.findall(r'(?:hx-post|action)="(/offers/(?:new|tea-12/edit)/[^"]*)"', page))
    assert there == "/offers/tea-12/edit/" and "%2Foffers%2Fnew" not in page
    again = client.post(there, typed(do="submit", campaign="double-12"))
    assert again.status_code == 422 and "The draft is kept" in again.content.decode()
    assert client.post(there, typed(do="submit"))["Location"] == "/offers/tea-12/"
    assert offers.offer(SYSTEM, "tea-12").state == "in_review"


def test_discarded_it_is_gone(at):
    client = at("lin")
    look(client)
    for _twice in range(2):
        assert client.post(f"/unfinished/{BEGUN}/drop/").status_code == 302
    assert not waiting(client)
    assert client.get(GO_ON).status_code == 404


def test_it_ends_by_itself_and_stays_small(at):
    client = at("lin")
    look(client)
    Unfinished.objects.update(touched_at=timezone.now() - unfinished.LASTS - timedelta(minutes=1))
    assert not waiting(client) and client.get(GO_ON).status_code == 404
    look(client, begun="cd" * 16)
    assert [row.begun for row in Unfinished.objects.all()] == ["cd" * 16], "whoever writes next clears away"
    look(client, begun="ef" * 16, **{"name.en": "x" * unfinished.LARGEST})
    look(client, begun="no number")
    for number in range(unfinished.MOST + 1):
        look(client, begun=f"{number:032x}")
    assert Unfinished.objects.count() == unfinished.MOST
    assert not Unfinished.objects.filter(begun__in=["ef" * 16, "no number", f"{0:032x}"]).exists()


def test_a_code_that_an_older_offer_has_does_not_keep_it_from_being_kept(at):
    client = at("lin")
    offers.visible(SYSTEM).filter(code="d12-oolong-15").update(created_at=timezone.now() - timedelta(days=1))
    assert client.post(RULE, typed("d12-oolong-15", do="save", begun=BEGUN)).status_code == 422
    look(client, code="d12-oolong-15")
    assert waiting(client)
    look(client, code="tea-12")
    assert client.post(RULE, typed(do="save", begun="cd" * 16)).status_code == 302
    look(client, code="tea-12", **{"name.en": "Late"})
    assert Unfinished.objects.get(begun=BEGUN).name.startswith("Tea days")


def test_what_is_there_already_keeps_nothing(at):
    client = at("lin")
    client.post("/offers/d12-oolong-15/edit/", typed("d12-oolong-15", do="look", begun=BEGUN))
    assert not Unfinished.objects.exists()
