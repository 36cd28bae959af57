"""A second factor: set up with a phone, asked for at every door, once for each code, reset by an administrator with a reason."""

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from festoon.catalog import colleagues, queries, second_factor, sign_in
from festoon.catalog.models import SignInTry
from festoon.catalog.sign_in import one_time_path
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from tests.cast import PASSWORD
from tests.rights import people
from tests.rights.phone import Phone, codes_of

pytestmark = pytest.mark.django_db
CODE, FACTOR = "/sign-in/code/", "/account/second-factor/"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sign_in, "evenly", lambda *_, milliseconds: None)
    cache.clear()


def comes(name="lin", password=PASSWORD, client=None):
    client = client or Client()
    client.post("/sign-in/", {"username": name, "password": password})
    return client


def inside(client):
    return client.get("/account/").status_code == 200


@pytest.fixture
def lin(cast):
    """Lin with a second factor, switched on as she would: her phone, her codes for paper, the browser she did it in."""
    client = comes()
    phone = Phone.scans(client.get(FACTOR).content.decode())
    page = client.post(FACTOR, {"code": phone.shows(-1)}).content.decode()
    return SimpleNamespace(phone=phone, paper=codes_of(page), browser=client, page=page)


def test_a_phone_is_what_the_standard_says():
    rfc = Phone("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert [rfc.shows(at=at) for at in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]


def test_with_it_a_password_alone_lets_nobody_in(lin):
    client = comes()
    assert not inside(client)
    assert client.get("/offers/")["Location"].startswith("/sign-in/")
    assert client.post(CODE, {"code": "000000"}).status_code == 401
    assert client.post(CODE, {"code": lin.phone.shows(-9)}).status_code == 401, "of five minutes ago"
    assert client.post(CODE, {"code": lin.phone.shows()})["Location"] == "/"
    assert inside(client)


def test_the_page_that_was_asked_for_opens_after_both(lin):
    client = Client()
    asked = {"username": "lin", "password": PASSWORD, "next": "/offers/?q=tea"}
    assert client.post("/sign-in/", asked)["Location"] == CODE
    assert client.post(CODE, {"code": lin.phone.shows()})["Location"] == "/offers/?q=tea"


def test_every_door_asks_for_it(lin, cast):
    other = comes("chen")
    assert other.post("/be/lin/")["Location"] == CODE, "also whoever was another of the cast"
    assert not inside(other)
    user = queries.colleague(SYSTEM, "lin").user
    user.last_login = cast.now - timedelta(days=1)
    user.save()
    link = one_time_path("lin")
    client = Client()
    assert client.get(link)["Location"] == CODE
    assert not inside(client)
    client.post(CODE, {"code": lin.phone.shows()})
    assert inside(client)
    assert Client().get(link).status_code == 403, "the link is used up"


def test_a_code_counts_once_and_so_does_each_of_the_paper(lin):
    assert len(set(lin.paper)) == 10
    digits = lin.phone.shows()
    for code in (digits, lin.paper[0], lin.paper[1].replace(" ", "")):
        first, second = comes(), comes()
        assert first.post(CODE, {"code": code}).status_code == 302
        cache.clear()  # another process remembers nothing of this one
        assert second.post(CODE, {"code": code}).status_code == 401
        assert not inside(second)
    assert "8 codes left" in lin.browser.get("/account/").content.decode()


def test_the_codes_are_shown_once_and_can_be_saved(lin):
    file = unquote(re.search(r'download="festoon-codes.txt" href="data:([^"]*)"', lin.page).group(1))
    assert all(code in file for code in lin.paper)
    assert lin.page.count(lin.paper[0]) == 1
    for path in ("/account/", FACTOR):
        page = lin.browser.get(path)
        assert not codes_of(page.content.decode())
        assert lin.phone.letters not in page.content.decode().replace(" ", "")
    assert "no-store" in lin.browser.get(FACTOR)["Cache-Control"]


def test_the_secret_is_readable_nowhere(lin, cast):
    """Not in any table: neither the secret nor a code that was not used yet."""
    from django.apps import apps

    Client().get(FACTOR)
    waiting = comes("chen")
    phone = Phone.scans(waiting.get(FACTOR).content.decode())  # lies in a session, not confirmed yet
    stored = " ".join(str(row) for model in apps.get_models() for row in model._default_manager.values_list())
    from django.contrib.sessions.models import Session

    stored += " ".join(str(each.get_decoded()) for each in Session.objects.all())
    assert "festoon.secret" in stored
    for secret in (lin.phone.letters, phone.letters, *lin.paper, *(code.replace(" ", "") for code in lin.paper)):
        assert secret not in stored
    told = " ".join(str(vars(row)) for row in records.visible(SYSTEM).filter(subject="lin"))
    assert "second_factor_on" in told
    assert lin.phone.letters not in told


def test_another_secret_of_the_installation_is_told_not_guessed(lin, settings):
    settings.SECRET_KEY, old = "another-secret-of-this-installation", settings.SECRET_KEY
    client = comes()
    answer = client.post(CODE, {"code": lin.phone.shows()})
    assert (answer.status_code, "reset" in answer.content.decode()) == (409, True)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert client.post(CODE, {"code": lin.phone.shows(1)}).status_code == 302


def test_codes_and_passwords_are_counted_together(lin, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST", {"name": 3, "address": 50, "code": 4})
    client = comes()
    assert [client.post(CODE, {"code": "000000"}).status_code for _ in range(3)] == [401] * 3
    assert client.post(CODE, {"code": lin.phone.shows()}).status_code == 429
    assert Client().post("/sign-in/", {"username": "lin", "password": PASSWORD}).status_code == 429
    SignInTry.objects.filter(of="name:lin").delete()  # five minutes later
    client = comes()
    assert client.post(CODE, {"code": "000000"}).status_code == 401
    assert client.post(CODE, {"code": lin.phone.shows()}).status_code == 429, "of codes a day's tries are counted"


@pytest.mark.parametrize("change", [
    lambda now: colleagues.suspend("lin", by=SYSTEM, now=now),
    lambda now: set_password("lin"),
])  # fmt: skip
def test_half_way_in_is_not_in_and_ends(lin, cast, change):
    client = comes()
    change(cast.now)
    assert client.post(CODE, {"code": lin.phone.shows()})["Location"] == "/sign-in/"
    assert not inside(client)


def set_password(name):
    user = queries.colleague(SYSTEM, name).user
    user.set_password("quite another one, also made up")
    user.save()


def test_half_way_in_waits_ten_minutes(lin):
    client = comes()
    session = client.session
    session["festoon.halfway"] = {**session["festoon.halfway"], "at": session["festoon.halfway"]["at"] - 601}
    session.save()
    assert client.get(CODE)["Location"] == "/sign-in/"
    assert Client().get(CODE)["Location"] == "/sign-in/", "and nobody begins here"


def test_it_is_switched_off_with_password_and_code(lin):
    off = {"verb": "off", "password": PASSWORD, "code": lin.phone.shows()}
    assert lin.browser.post(FACTOR, {**off, "password": "wrong"}).status_code == 422
    assert lin.browser.post(FACTOR, {**off, "code": "000000"}).status_code == 422
    assert Authenticator.objects.count() == 2
    other = comes()
    other.post(CODE, {"code": lin.paper[0]})
    assert lin.browser.post(FACTOR, off)["Location"] == "/account/"
    assert not Authenticator.objects.exists()
    assert inside(lin.browser)
    assert not inside(other), "elsewhere she is out"
    assert inside(comes())


def test_new_codes_make_the_old_ones_void(lin):
    asked = {"verb": "codes", "password": PASSWORD, "code": lin.paper[0]}
    made = codes_of(lin.browser.post(FACTOR, asked).content.decode())
    assert len(made) == 10
    assert not set(made) & set(lin.paper)
    client = comes()
    assert client.post(CODE, {"code": lin.paper[1]}).status_code == 401
    assert client.post(CODE, {"code": made[0]}).status_code == 302


def test_a_wrong_first_code_switches_nothing_on(cast):
    client = comes()
    phone = Phone.scans(client.get(FACTOR).content.decode())
    assert client.post(FACTOR, {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()
    assert Phone.scans(client.get(FACTOR).content.decode()) == phone, "the same square: the phone has it already"
    assert inside(comes())


def test_switching_on_ends_what_is_open_elsewhere(cast):
    here, there = comes(), comes()
    phone = Phone.scans(here.get(FACTOR).content.decode())
    here.post(FACTOR, {"code": phone.shows()})
    assert [inside(here), inside(there)] == [True, False]


# -- what an administrator asks and resets --------------------------------------------------------------------------


@pytest.fixture
def admin(cast):
    people.take_on(cast.now)
    client = Client()
    client.force_login(people.user("admin", "platform"))
    return client


@pytest.mark.parametrize("asked", ["operator", ""])
def test_who_needs_one_sets_it_up_before_anything_else(cast, admin, asked):
    before = comes()
    assert admin.post("/people/second-factor/", {"asked": asked})["Location"] == "/people/"
    assert not inside(before), "whoever has none is out"
    client = comes()
    for path in ("/", "/offers/", "/people/lin/"):
        assert client.get(path)["Location"] == FACTOR
    assert client.post("/offers/d12-gold-12/stop/", {"why": "x"})["Location"] == FACTOR
    phone = Phone.scans(client.get(FACTOR).content.decode())
    client.post(FACTOR, {"code": phone.shows()})
    assert client.get("/offers/").status_code == 200
    off = {"verb": "off", "password": PASSWORD, "code": phone.shows(1)}
    assert client.post(FACTOR, off).status_code == 422, "while it is asked for"
    assert comes("ye").get("/offers/").status_code == 200, "each company asks its own people"
    if asked:
        assert comes("chen").get("/offers/").status_code == 200
    [row] = records.visible(SYSTEM).filter(verb="people.require_second_factor")
    assert row.rows == {"before": [], "roles": [asked]}


def test_an_administrator_resets_it_with_a_reason(lin, cast, admin):
    assert admin.get("/people/lin/").status_code == 200
    admin.post("/people/lin/", {"verb": "reset", "why": " "})
    assert Authenticator.objects.exists()
    assert admin.post("/people/lin/", {"verb": "reset", "why": "lost it, showed her badge"}).status_code == 302
    assert not inside(lin.browser)
    assert inside(comes())
    [row] = records.visible(SYSTEM).filter(verb="people.second_factor_reset")
    assert (row.subject, row.why) == ("lin", "lost it, showed her badge")


def test_nobody_else_resets_it(lin, cast):
    people.take_on(cast.now)
    how = {"why": "x", "now": cast.now}
    with pytest.raises(Forbidden):
        second_factor.reset("lin", by=cast.person("chen"), **how)
    with pytest.raises(NotFound):
        second_factor.reset("lin", by=people.viewer("admin", "merchant"), **how)
    with pytest.raises(Conflict, match="own_rights"):
        second_factor.reset("admin-platform", by=people.viewer("admin", "platform"), **how)
    with pytest.raises(Conflict, match="no_factor"):
        second_factor.reset("chen", by=people.viewer("admin", "platform"), **how)
    with pytest.raises(Invalid, match="unknown_role"):
        second_factor.require_of(["emperor"], by=people.viewer("admin", "platform"), now=cast.now)


def test_where_no_administrator_is_left_the_machine_resets_it(lin, capsys):
    from festoon.cli.main import main

    assert main(["people", "reset", "lin", "--why", "the last administrator lost it"]) == 0
    assert inside(comes())
    assert main(["people", "reset", "lin", "--why", "again"]) == 1
    assert "no second factor" in capsys.readouterr().err
