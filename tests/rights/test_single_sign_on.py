"""Coming in because another house vouches: a real OpenID Connect service beside us, which is right once and lies in every way."""

import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from festoon.base.words import Words
from festoon.catalog import colleagues, queries
from festoon.catalog.other_house import read
from festoon.config import environment
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM
from tests.rights.phone import Phone
from tests.rights.vouching import CLIENT, SECRET, Service

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MAIL = "lin.yue@lantern.example"


@pytest.fixture(scope="module")
def running():
    service = Service()
    yield service
    service.close()


@pytest.fixture
def service(running, cast, settings):
    """The service, which knows Lin; we know her by her e-mail."""
    running.forget()
    cache.clear()
    running.claims = {"sub": "248289761001", "email": MAIL.upper(), "email_verified": True, "name": "Lin Yue"}
    settings.FESTOON_OTHER_HOUSE = read(told(running))
    colleagues.set_email("lin", MAIL, by=SYSTEM, now=cast.now)
    return running


def told(service, **more):
    name = {"en": "Lantern accounts", "zh": "灯集账号"}
    return {
        "issuer": service.issuer,
        "client": CLIENT,
        "secret": SECRET,
        "domains": ["lantern.example"],
        "name": name,
        **more,
    }


class Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def goes(client, onward=""):
    """The browser goes there and is sent back: where to."""
    there = client.post("/sign-in/with/", {"next": onward})["Location"]
    try:
        urllib.request.build_opener(Stays).open(there, timeout=5)
    except urllib.error.HTTPError as sent:
        back = urlsplit(sent.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("it did not send back")


def comes(client=None, onward=""):
    client = client or Client()
    return client.get(goes(client, onward))


def inside(client):
    return client.get("/account/").status_code == 200


def test_who_was_invited_comes_in_and_is_known_from_then_on(service, cast):
    client = Client()
    assert "Sign in with Lantern accounts" in client.get("/sign-in/").content.decode()
    assert comes(client, "/offers/?q=tea")["Location"] == "/offers/?q=tea"
    assert "Lin" in client.get("/account/").content.decode()
    account = SocialAccount.objects.get()
    assert (account.user.username, account.provider, account.extra_data) == ("lin", service.issuer, {})
    [row] = records.visible(SYSTEM).filter(verb="people.vouched")
    assert (row.subject, row.after) == ("lin", service.issuer)
    service.claims["email"] = "yue.lin@lantern.example"
    assert inside_after(comes), "the service's own number decides from then on"
    service.claims |= {"sub": "somebody-else", "email": MAIL}
    assert comes().status_code == 403, "and nobody else is her because of the e-mail"
    assert SocialAccount.objects.count() == 1


def inside_after(way):
    client = Client()
    way(client)
    return inside(client)


LIES = {
    "another nonce": {"lie": {"nonce": "0" * 64}},
    "no nonce": {"lie": {"nonce": None}},
    "for somebody else": {"lie": {"aud": "another-client"}},
    "for several, given to another": {"lie": {"aud": [CLIENT, "another"], "azp": "another"}},
    "of another issuer": {"lie": {"iss": "https://elsewhere.example"}},
    "too old": {"lie": {"exp": int(time.time()) - 60}},
    "never too old": {"lie": {"exp": None}},
    "of nobody": {"lie": {"sub": None}},
    "signed by another": {"key": "another"},
    "signed with the shared secret": {"algorithm": "HS256"},
    "not signed": {"algorithm": "none"},
    "e-mail not verified": {"lie": {"email_verified": False}},
    "e-mail said to be verified in words": {"lie": {"email_verified": "true"}},
    "e-mail of nobody here": {"lie": {"email": "nobody@lantern.example"}},
    "e-mail of another domain": {"lie": {"email": "lin.yue@lantern.example.elsewhere.example"}},
    "e-mail left to a stranger": {"lie": {"email": None}, "more": {"sub": "a-stranger", "email": MAIL, "email_verified": True}},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_nobody_comes_in_by_a_token_that_is(lie, service):
    for name, value in LIES[lie].items():
        setattr(service, name, value)
    client = Client()
    answer = comes(client)
    assert answer.status_code == 403
    assert 'id="password"' in answer.content.decode(), "the sign-in page says so"
    assert not inside(client)
    assert not SocialAccount.objects.exists()


def test_what_the_token_leaves_out_is_asked_for(service):
    service.lie, service.more = {"email": None}, {**service.claims}
    assert inside_after(comes)


def test_clocks_may_differ_a_little(service):
    service.lie = {"iat": int(time.time()) + 20}
    assert inside_after(comes)
    service.lie = {"iat": int(time.time()) + 120}
    assert not inside_after(comes)


def test_a_state_is_of_one_browser_and_serves_once(service):
    mine, other = Client(), Client()
    back = goes(mine)
    assert other.get(back).status_code == 403
    assert not inside(other), "who is sent a link with somebody's code does not become them"
    assert mine.get(back).status_code == 302
    assert Client().get("/sign-in/back/?code=x&state=y").status_code == 403
    again = goes(mine)
    forged = again.replace(parse_qs(urlsplit(again).query)["state"][0], "x" * 32)
    assert mine.get(forged).status_code == 403


def test_who_says_no_there_is_told_so(service):
    client = Client()
    state = parse_qs(urlsplit(goes(client)).query)["state"][0]
    answer = client.get(f"/sign-in/back/?error=access_denied&state={state}")
    assert "cancelled" in answer.content.decode()


@pytest.mark.parametrize("change", [
    {"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"}, {"jwks_uri": ""},
])  # fmt: skip
def test_a_service_that_is_not_what_it_says_is_not_asked(change, service):
    service.told = change
    assert Client().post("/sign-in/with/").status_code == 403


def test_suspended_is_suspended(service, cast):
    assert inside_after(comes)
    colleagues.suspend("lin", by=SYSTEM, now=cast.now)
    assert comes().status_code == 403


def test_our_second_factor_is_asked_for_here_too(service):
    client = Client()
    comes(client)
    phone = Phone.scans(client.get("/account/second-factor/").content.decode())
    client.post("/account/second-factor/", {"code": phone.shows(-1)})
    other = Client()
    assert comes(other)["Location"] == "/sign-in/code/"
    assert not inside(other)
    other.post("/sign-in/code/", {"code": phone.shows()})
    assert inside(other)


def test_where_groups_say_roles_who_was_not_invited_is_taken_on_as_that(service, settings):
    groups = {"marketing": ["operator"], "audit": ["analyst"]}
    settings.FESTOON_OTHER_HOUSE = read(told(service, groups=groups, merchant="lantern"))
    service.claims = {
        "sub": "77",
        "email": "new.one@lantern.example",
        "email_verified": True,
        "name": "New One",
        "groups": ["sports"],
    }
    assert comes().status_code == 403, "in no group that means anything here"
    service.claims["groups"] = ["marketing", "sports"]
    client = Client()
    comes(client)
    person = queries.colleague(SYSTEM, "new-one")
    assert (person.roles, person.merchant.code, person.user.has_usable_password()) == (["operator"], "lantern", False)
    service.claims["groups"] = ["audit"]
    assert inside_after(comes)
    assert queries.colleague(SYSTEM, "new-one").roles == ["analyst"]
    assert not inside(client), "whoever's roles change is out everywhere"
    service.claims["groups"] = []
    assert comes().status_code == 403
    service.claims = {"sub": "1", "email": MAIL, "email_verified": True, "groups": ["audit"]}
    assert inside_after(comes)
    assert queries.colleague(SYSTEM, "lin").roles == ["operator"], "who was invited keeps what they were given"


def test_where_nobody_vouches_nothing_of_it_is_there(cast, client):
    assert "Sign in with" not in client.get("/sign-in/").content.decode().replace("Sign in with another", "")
    assert client.post("/sign-in/with/").status_code == 404
    assert client.get("/sign-in/back/").status_code == 404


def test_the_file_is_read_and_every_mistake_in_it_told(tmp_path: Path, monkeypatch):
    path = tmp_path / "sign-in.yaml"
    monkeypatch.setenv("FESTOON_SIGN_IN", str(path))
    path.write_text("issuer: https://login.example.com/\nclient: festoon\ndomains: [Example.com]\n")
    monkeypatch.setenv("FESTOON_SIGN_IN_SECRET", "never-shown")
    found = environment.other_house()
    assert found is not None
    assert (found.issuer, found.domains, found.secret) == (
        "https://login.example.com",
        frozenset({"example.com"}),
        "never-shown",
    )
    assert "never-shown" not in repr(found)
    path.write_text("issuer: http://login.example.com\nclient: festoon\ngroups: {a: [emperor]}\nsurprise: 1\n")
    with pytest.raises(ValueError, match="FESTOON_SIGN_IN") as wrong:
        environment.other_house()
    for told_ in ("domains: is needed", "issuer: https", "emperor", "surprise", "merchant: whose"):
        assert told_ in str(wrong.value)
    monkeypatch.delenv("FESTOON_SIGN_IN")
    assert environment.other_house() is None


def test_an_e_mail_is_one_persons(cast):
    from festoon.records.refusal import Conflict, Invalid

    colleagues.set_email("lin", " Lin@Lantern.Example ", by=SYSTEM, now=cast.now)
    assert queries.colleague(SYSTEM, "lin").email == "lin@lantern.example"
    with pytest.raises(Conflict, match="email_taken"):
        colleagues.set_email("chen", "lin@lantern.example", by=SYSTEM, now=cast.now)
    with pytest.raises(Conflict, match="email_taken"):
        colleagues.add_person(
            "x",
            merchant="lantern",
            name=Words("X", "某"),
            roles=["staff"],
            email="lin@lantern.example",
            by=SYSTEM,
            now=cast.now,
        )
    with pytest.raises(Invalid, match="no_email"):
        colleagues.set_email("chen", "not an address", by=SYSTEM, now=cast.now)
