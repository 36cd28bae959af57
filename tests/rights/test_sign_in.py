"""Coming in: nobody tries many passwords, and whoever's rights change is out at once, everywhere."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from festoon.catalog import colleagues, queries, sign_in
from festoon.catalog.sign_in import one_time_path
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from tests.cast import PASSWORD
from tests.rights import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(monkeypatch):
    """Failures are answered evenly, half a second each: not waited for here."""
    monkeypatch.setattr(sign_in, "evenly", lambda *_, milliseconds: None)
    assert sign_in.MOST == {"name": 10, "address": 50, "code": 30}
    monkeypatch.setattr(sign_in, "MOST", {"name": 2, "address": 4, "code": 3})


def tries(client, name, password="wrong", **more):
    return client.post("/sign-in/", {"username": name, "password": password}, **more)


def test_after_so_many_failures_even_the_right_password_waits(cast, client, quick):
    assert [tries(client, "lin").status_code for _ in range(2)] == [401] * 2
    assert tries(client, "lin", PASSWORD).status_code == 429
    assert tries(client, "LIN", PASSWORD).status_code == 429, "however it is written"
    assert tries(client, "chen", PASSWORD).status_code == 302, "a colleague at the same address comes in"


def test_an_address_that_tries_many_names_is_stopped(cast, client, quick):
    for place in range(4):
        assert tries(client, f"nobody-{place}").status_code == 401
    assert tries(client, "chen", PASSWORD).status_code == 429
    assert tries(Client(REMOTE_ADDR="10.1.2.3"), "chen", PASSWORD).status_code == 302


def test_a_failure_says_nothing_of_what_was_wrong(cast, client, quick):
    lin = queries.colleague(SYSTEM, "lin").user
    answers = [tries(client, "lin"), tries(client, "nobody-at-all")]
    lin.is_active = False
    lin.save()
    answers.append(tries(client, "lin", PASSWORD))
    assert {answer.status_code for answer in answers} == {401}
    told = {
        re.sub(r'value="[^"]*"|csrf-?token[^>]*', "", answer.content.decode(), flags=re.IGNORECASE)
        for answer in answers
    }
    assert len(told) == 1


def test_a_right_password_counts_as_no_failure(cast, client, quick):
    for _ in range(3):
        assert tries(client, "lin", PASSWORD).status_code == 302
    assert not queries.failed_tries(SYSTEM).exists()


@pytest.mark.parametrize("verb", [
    lambda by, now: colleagues.set_roles("lin", ["analyst"], by=by, now=now),
    lambda by, now: colleagues.suspend("lin", by=by, now=now),
])  # fmt: skip
def test_whoevers_rights_change_is_out_everywhere_at_once(cast, verb):
    people.take_on(cast.now)
    here, there, other = Client(), Client(), Client()
    for browser, who in ((here, "lin"), (there, "lin"), (other, "chen")):
        assert browser.get(one_time_path(who)).status_code == 302
    verb(people.viewer("admin", "platform"), cast.now)
    assert [browser.get("/offers/").status_code for browser in (here, there, other)] == [302, 302, 200]


def test_one_signs_out_everywhere(cast, client):
    other = Client()
    for browser in (client, other):
        browser.get(one_time_path("lin"))
    assert client.post("/sign-out/everywhere/").status_code == 302
    assert other.get("/").status_code == 302


def test_nobody_gives_themselves_rights_nor_a_merchant_those_of_the_platform(cast):
    people.take_on(cast.now)
    how = {"now": cast.now}
    admin, chief = people.viewer("admin", "platform"), people.viewer("admin", "merchant")
    with pytest.raises(Conflict, match="own_rights"):
        colleagues.set_roles("admin-platform", ["admin", "operator"], by=admin, **how)
    with pytest.raises(Invalid, match="role_of_others"):
        colleagues.set_roles("ye", ["reviewer"], by=chief, **how)
    with pytest.raises(NotFound):
        colleagues.set_roles("lin", ["staff"], by=chief, **how)
    with pytest.raises(NotFound):
        colleagues.suspend("lin", by=chief, **how)
    with pytest.raises(Forbidden):
        colleagues.suspend("chen", by=cast.person("lin"), **how)
    assert records.visible(SYSTEM).filter(verb__startswith="people.", by=chief.name).count() == 0


def test_an_administrator_invites_changes_and_suspends_on_the_screen(cast, client):
    people.take_on(cast.now)
    client.force_login(people.user("admin", "platform"))
    assert client.get("/people/").status_code == 200
    invited = {"code": "wu", "name_en": "Wu Fan", "name_zh": "吴帆", "merchant": "willow", "roles": ["staff"]}
    answer = client.post("/people/", invited, follow=True)
    link = answer.content.decode().split("testserver")[1].split("<")[0].strip()
    assert Client().get(link).status_code == 302
    assert client.post("/people/", {**invited, "code": "x", "roles": ["nobody"]}).status_code == 422
    assert client.post("/people/wu/", {"verb": "roles", "roles": ["merchant", "staff"]}).status_code == 302
    assert client.post("/people/wu/", {"verb": "suspend"}).status_code == 302
    found = queries.colleague(SYSTEM, "wu")
    assert (found.roles, found.user.is_active) == (["merchant", "staff"], False)
    assert client.post("/people/wu/", {"verb": "restore"}).status_code == 302
    done = (
        records.visible(SYSTEM)
        .filter(subject_kind="person", subject="wu")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert list(done) == ["people.add", "people.set_roles", "people.suspend", "people.restore"]


def test_the_first_administrator_is_let_in_by_a_command(cast, client, capsys):
    from festoon.cli.main import main

    invite = ["people", "invite", "root", "--merchant", "lantern", "--name", "Root", "--roles", "admin"]
    assert main(invite) == 0
    assert client.get(capsys.readouterr().out.strip()).status_code == 302
    assert client.get("/people/").status_code == 200
    assert main(invite) == 1
    assert "Somebody has this code" in capsys.readouterr().err
    assert main(["people", "link", "nobody-such"]) == 1


def test_a_screen_reads_who_signed_in_by_one_question(cast, client):
    client.force_login(lin := queries.colleague(SYSTEM, "lin").user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/offers/").status_code == 200
    by_number = (f'"auth_user"."id" = {lin.pk}', f'"catalog_person"."user_id" = {lin.pk}')
    assert [sum(number in each["sql"] for each in asked) for number in by_number] == [1, 0]


def test_who_may_no_longer_sign_in_is_nobody_at_the_next_screen(cast, client):
    lin = queries.colleague(SYSTEM, "lin").user
    client.force_login(lin)
    lin.is_active = False
    lin.save()
    assert client.get("/account/").status_code == 302
