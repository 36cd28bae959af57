"""What keeps the door: each guard is taken away, and somebody comes in who should not."""

import pytest
from django.core.cache import cache
from django.test import Client

from festoon.catalog import colleagues, queries, sign_in, signed_in, single_sign_on
from festoon.catalog.models import UsedCode
from festoon.catalog.sign_in import one_time_path
from festoon.console import screen
from festoon.console import single_sign_on as protocol
from festoon.console.views import sign
from festoon.records.viewer import SYSTEM
from tests.cast import PASSWORD
from tests.checkout.unguarded import without_constraint, without_words
from tests.rights import people
from tests.rights.test_second_factor import CODE, comes, inside, lin, set_password
from tests.rights.test_single_sign_on import MAIL, inside_after, running, service
from tests.rights.test_single_sign_on import comes as vouched

pytestmark = pytest.mark.django_db
__all__ = ["lin", "running", "service"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sign_in, "evenly", lambda *_, milliseconds: None)
    cache.clear()


def tries(password):
    return Client().post("/sign-in/", {"username": "lin", "password": password}).status_code


def test_nobody_tries_many_passwords(cast, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST", {"name": 2, "address": 50, "code": 30})
    assert [tries("wrong") for _ in range(3)] == [401, 401, 429]
    without_words(monkeypatch, sign_in._write_down, ">= MOST[kind]", ">= 10**9")
    assert [tries("wrong"), tries(PASSWORD)] == [401, 302]


def test_a_code_is_taken_once(lin, monkeypatch):
    with without_constraint(UsedCode, "used_code_once"):
        code, seen = lin.phone.shows(), []
        for _ in range(2):
            cache.clear()  # django-allauth's own guard is of one process
            client = comes()
            client.post(CODE, {"code": code})
            seen.append(inside(client))
        assert seen == [True, True]


def test_whoevers_rights_change_is_out(cast, monkeypatch):
    client = Client()
    client.get(one_time_path("lin"))
    without_words(monkeypatch, signed_in.end, "session.delete()", "pass")
    colleagues.set_roles("lin", ["reviewer"], by=SYSTEM, now=cast.now)
    assert inside(client), "a window stays open that was opened with other rights"


def test_who_needs_a_second_factor_does_nothing_without(cast, monkeypatch):
    people.take_on(cast.now)
    admin = Client()
    admin.force_login(people.user("admin", "platform"))
    admin.post("/people/second-factor/", {"asked": ""})
    client = comes()
    assert client.get("/offers/").status_code == 302
    without_words(monkeypatch, screen._waits, "bool(request.session.get(FACTOR_DUE))", "False")
    assert client.get("/offers/").status_code == 200


def test_half_way_in_ends_with_the_password(lin, monkeypatch):
    client = comes()
    set_password("lin")
    without_words(
        monkeypatch, sign._halfway, 'constant_time_compare(told["seal"], person.user.get_session_auth_hash())', "True"
    )
    client.post(CODE, {"code": lin.phone.shows()})
    assert inside(client), "who knew the old password comes in"


def test_a_token_answers_the_question_that_was_asked(service, monkeypatch):
    service.lie = {"nonce": "0" * 64}
    without_words(monkeypatch, protocol.Asking._claims, "not constant_time_compare(", "None and (")
    assert inside_after(vouched), "a token of another sign-in is as good"


def test_a_token_is_signed_by_the_house(service, monkeypatch):
    service.key = "another"
    assert not inside_after(vouched)
    without_words(
        monkeypatch, protocol.Asking._decode_id_token, '{"require": ["sub", "exp", "iat"]}', '{"verify_signature": False}'
    )  # fmt: skip
    assert inside_after(vouched), "anybody's token is as good"


def test_only_an_e_mail_that_was_verified_says_who_somebody_is(service, monkeypatch):
    service.claims["email_verified"] = False
    without_words(monkeypatch, single_sign_on._email, 'claims.get("email_verified") is True', "True")
    assert inside_after(vouched), "who types Lin's e-mail there is Lin here"
    assert queries.colleague(SYSTEM, "lin").email == MAIL


def test_what_was_vouched_for_is_nobody_elses(service, monkeypatch):
    assert inside_after(vouched)
    service.claims["sub"] = "another"
    assert not inside_after(vouched)
    without_words(monkeypatch, single_sign_on.person_of, " or queries.is_vouched(SYSTEM, person)", "")
    assert inside_after(vouched), "whoever gets her e-mail at the other house becomes her"
