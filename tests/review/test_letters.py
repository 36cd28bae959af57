"""Who is asked is written to: once when it waits, once when it is nearly due, in their language, if they want it."""

from datetime import timedelta
from traceback import format_exception

import pytest
from django.core import mail as post
from django.db import connection
from django.test.utils import CaptureQueriesContext

from festoon.base.words import Words
from festoon.catalog import colleagues
from festoon.config.letters import addresses
from festoon.config.mail import read
from festoon.coupons import actions as coupons
from festoon.promotions import actions as promotions
from festoon.records.refusal import Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, letter_wishes, letters, mailing, queries
from festoon.review.actions import Said
from festoon.review.letter_text import LONG
from festoon.review.letters import GATHER
from festoon.review.levels import Step
from festoon.review.models import Letter
from tests.desk import CHEN, HE, LIN, NOW, coupon, person, spend_and_save
from tests.review.mailbox import mail_server

pytestmark = pytest.mark.django_db(transaction=True)
TEN_HOURS = Step(Words(en="Reviewer", zh="审核人"), ["role:reviewer"], hours=10)
THEN = NOW + GATHER


@pytest.fixture
def desk(shop, settings):
    """Chen and a second reviewer have addresses; He's place is asked after theirs."""
    settings.FESTOON_MAIL = read("console", "Festoon <promo@example.com>", "https://promo.example.com")
    addresses.cache_clear()
    for code, roles in (("chen", ["reviewer"]), ("mo", ["reviewer"]), ("he", ["finance"]), ("lin", ["operator"])):
        email = "" if code == "mo" else f"{code}@example.com"
        name = Words(code.title(), code)
        colleagues.add_person(code, merchant="lantern", name=name, roles=roles, email=email, by=SYSTEM, now=NOW)
    flows.set_flow("campaign", [TEN_HOURS, Step(Words(en="Finance", zh="财务"), ["role:finance"])], by=SYSTEM, now=NOW)
    yield
    addresses.cache_clear()


def submitted(subject="x", name=None, by=LIN, merchant=1):
    content = {"name": name} if name else {}
    (made,) = review.open_all([review.Submission("campaign", subject, content, merchant)], by=by, now=NOW)
    return made


def sent(now=NOW):
    """The letters that are written at a moment and leave five minutes later: to, subject and body."""
    post.outbox.clear()
    letters.write(by=SYSTEM, now=now)
    while mailing.send(by=SYSTEM, now=now + GATHER, addresses=addresses()):
        pass
    return [(letter.to[0], letter.subject, letter.body) for letter in post.outbox]


def states():
    return {each.person: each.state for each in Letter.objects.all()}


def test_who_is_asked_gets_one_letter_for_all_that_came_within_minutes(desk):
    first, _ = (
        submitted("x", {"en": "Double 12", "zh": "双十二"}),
        submitted("y", {"en": "Women's Day", "zh": "女神节"}),
    )
    letters.write(by=SYSTEM, now=NOW)
    assert not mailing.send(by=SYSTEM, now=NOW, addresses=addresses()), "it waits for what else comes"
    submitted("z")
    ((to, subject, body),) = sent()
    assert (to, subject) == (
        "chen@example.com",
        "Waits for your review: Double 12 and 2 more · 待您审核：双十二等 3 项",
    )
    assert f"https://promo.example.com/reviews/{first.pk}/" in body
    assert "Double 12 · level “Reviewer”, until Dec 10, 22:00, China Standard Time (Shanghai)" in body
    assert "“审核人”级，截止 12月10日 22:00，中国标准时间（上海）" in body
    assert "https://promo.example.com/account/" in body
    assert sent(NOW + timedelta(hours=1)) == [], "nobody is told twice"


def test_the_next_level_is_told_when_it_is_reached_and_again_when_it_came_back(desk):
    made = submitted()
    assert [to for to, *_ in sent()] == ["chen@example.com"]
    review.decide(made, "approve", by=CHEN, now=NOW)
    assert [to for to, *_ in sent()] == ["he@example.com"]
    review.decide_all([made], Said("return", "look again", to=1), by=HE, now=NOW)
    assert [to for to, *_ in sent()] == ["chen@example.com"], "another round is another letter"


def test_who_has_not_spoken_is_told_once_more_when_a_fourth_of_the_time_is_left(desk):
    made = submitted("x", {"en": "Double 12", "zh": "双十二"})
    sent()
    assert sent(NOW + timedelta(hours=7)) == []
    ((to, subject, _),) = sent(NOW + timedelta(hours=7.5))
    assert (to, subject.startswith("Nearly due")) == ("chen@example.com", True)
    assert sent(NOW + timedelta(hours=9)) == []
    review.decide(made, "approve", by=CHEN, now=NOW)
    assert [to for to, *_ in sent(NOW + timedelta(hours=9))] == ["he@example.com"], "no time was set there"


def test_what_was_decided_meanwhile_and_who_wants_none_is_dropped(desk):
    made, other = submitted("x"), submitted("y")
    letters.write(by=SYSTEM, now=NOW)
    review.withdraw(made, by=LIN, now=NOW)
    ((_, subject, _),) = sent()
    assert "y" in subject
    review.decide(other, "approve", by=CHEN, now=NOW)
    letters.write(by=SYSTEM, now=NOW)
    letter_wishes.choose(wanted=False, by=HE, now=NOW)
    assert (sent(), states()["he"]) == ([], "dropped")


def test_each_is_written_to_in_the_language_they_said_and_says_so_for_oneself_alone(desk):
    letter_wishes.choose(language="zh-hans", by=CHEN, now=NOW)
    submitted("x", {"en": "Double 12", "zh": "双十二"})
    ((_, subject, body),) = sent()
    assert (subject, "Hello" in body) == ("待您审核：双十二", False)
    with pytest.raises(Invalid):
        letter_wishes.choose(language="fr", by=CHEN, now=NOW)
    with pytest.raises(NotFound):
        letter_wishes.choose(wanted=False, by=SYSTEM, now=NOW)


def test_who_stands_in_for_somebody_is_written_to(desk):
    colleagues.add_person(
        "zhou",
        merchant="lantern",
        name=Words("Zhou", "周"),
        roles=["analyst"],
        email="zhou@example.com",
        by=SYSTEM,
        now=NOW,
    )
    flows.delegate("chen", "zhou", since=NOW, until=NOW + timedelta(days=1), by=CHEN, now=NOW)
    submitted()
    assert sorted(to for to, _, _ in sent()) == ["chen@example.com", "zhou@example.com"]


def test_a_merchants_review_is_not_told_to_another_merchant(desk, ye, stranger):
    for code, merchant in (("ye", "willow"), ("kite-owner", "kite")):
        name, email = Words(code, code), f"{code}@example.com"
        colleagues.add_person(code, merchant=merchant, name=name, roles=["merchant"], email=email, by=SYSTEM, now=NOW)
    ours = Step(Words(en="The owner", zh="店主"), ["role:merchant"])
    flows.set_own_flow("campaign", [ours], by=person("boss", ye.merchant_id, "admin"), now=NOW)
    submitted(merchant=ye.merchant_id)
    assert [to for to, *_ in sent()] == ["ye@example.com"]


def test_a_name_begins_no_line_and_no_header(desk):
    letter_wishes.choose(language="en", by=CHEN, now=NOW)
    submitted("x", {"en": "Sale\nBcc: all@example.com\n" + "x" * 200, "zh": ""})
    ((_, subject, body),) = sent()
    assert subject.startswith("Waits for your review: Sale Bcc: all@example.com xx")
    assert len(subject) < LONG + 30
    assert not any(line.startswith("Bcc") for line in body.splitlines())


def test_an_exclusion_is_told_by_the_names_of_its_offers(desk, theme):
    ends = [
        promotions.create(spend_and_save(), by=LIN, now=NOW),
        coupons.create(coupon(), by=LIN, now=NOW),
    ]
    flows.set_flow("exclusion", [TEN_HOURS], by=SYSTEM, now=NOW)
    content = {"between": [each.code for each in ends]}
    review.open_all([review.Submission("exclusion", "ex-1", content, 1)], by=LIN, now=NOW)
    letter_wishes.choose(language="en", by=CHEN, now=NOW)
    ((_, subject, body),) = sent()
    said = f"{ends[0].name_en} × {ends[1].name_en}"
    assert (subject, f"{said} · level" in body) == (f"Waits for your review: {said}", True)


def test_who_is_asked_is_found_out_while_nobody_has_to_wait_for_it(desk, monkeypatch):
    made, other = submitted("x"), submitted("y")
    is_asked = queries.is_asked
    seen: list[bool] = []

    def meanwhile(viewer, one, others):
        if not seen:
            review.decide(made, "approve", by=CHEN, now=NOW)
        seen.append(connection.in_atomic_block)
        return is_asked(viewer, one, others)

    monkeypatch.setattr(letters, "AT_ONCE", 1)
    with monkeypatch.context() as judging, CaptureQueriesContext(connection) as asked:
        judging.setattr(queries, "is_asked", meanwhile)
        letters.write(by=SYSTEM, now=NOW)
    locks = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"] and "called_at" in each["sql"]]
    assert not any(seen)
    assert connection.vendor == "sqlite" or (len(locks) >= 2 and all("SKIP LOCKED" in each for each in locks[-2:]))
    assert [each.review_id for each in Letter.objects.all()] == [other.pk], "what moved on is told of where it is now"
    letters.write(by=SYSTEM, now=NOW)
    assert states() == {"chen": "waiting", "he": "waiting"}


def test_what_was_taken_by_one_who_died_is_not_sent_again(desk, monkeypatch):
    """It may have arrived: rather no letter than two. What waits is in the inbox in any case."""
    submitted()
    letters.write(by=SYSTEM, now=NOW)

    class Killed(BaseException):
        """The process is gone: nothing after this line runs."""

    with monkeypatch.context() as dies:
        dies.setattr(mailing.EmailMessage, "send", lambda _: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            mailing.send(by=SYSTEM, now=THEN, addresses=addresses())
    assert (states(), sent(NOW + timedelta(hours=1))) == ({"chen": "taken"}, [])


def hindered(since=NOW):
    """What kept letters from leaving: to whom, how they stand, how many."""
    return [(each["person"], each["state"], each["n"]) for each in queries.stuck_letters(SYSTEM, since)]


@pytest.fixture
def server(desk, settings):
    """Letters go to a real mail server on this machine; Chen reads Chinese."""
    letter_wishes.choose(language="zh-hans", by=CHEN, now=NOW)
    with mail_server() as found:
        at = f"smtp://127.0.0.1:{found.server_address[1]}"
        for name, value in read(at, "Festoon <promo@example.com>", "https://promo.example.com").settings.items():
            setattr(settings, name, value)
        yield found


def test_it_really_leaves_and_what_is_refused_is_tried_again(server):
    made, server.refuses = submitted("x", {"en": "Double 12", "zh": "双十二"}), True
    sent()
    assert (server.came, states(), hindered()) == ([], {"chen": "waiting"}, [("chen", "waiting", 1)])
    server.refuses = False
    assert not mailing.send(by=SYSTEM, now=THEN, addresses=addresses()), "not at once"
    sent(NOW + timedelta(minutes=1))
    ((to, letter),) = server.came
    told = [letter[name] for name in ("From", "Subject", "Auto-Submitted")]
    assert (to, told) == (
        ["chen@example.com"],
        ["Festoon <promo@example.com>", "待您审核：双十二", "auto-generated"],
    )
    assert f"https://promo.example.com/reviews/{made.pk}/" in letter.get_content()
    assert (states(), hindered()) == ({"chen": "sent"}, []), "it arrived in the end"


def test_what_the_server_had_and_said_nothing_of_is_not_sent_again(server):
    server.cuts = True
    submitted()
    sent()
    server.cuts = False
    for days in range(3):
        sent(NOW + timedelta(days=days))
    asked = Letter.objects.get(kind="asked")
    assert (asked.state, asked.error[:22]) == ("taken", "SMTPServerDisconnected")
    assert hindered() == [("chen", "taken", 1)]
    assert len([letter for _, letter in server.came if "即将" not in letter["Subject"]]) == 1


def test_what_could_not_even_be_said_to_the_server_waits_for_its_next_try(server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "festoon", "päss"
    submitted()
    sent()
    (asked,) = Letter.objects.all()
    assert (asked.state, asked.attempts, asked.error) == ("waiting", 1, "UnicodeEncodeError"), "no sign of the password"
    settings.EMAIL_HOST_PASSWORD = "pass"
    sent(NOW + timedelta(minutes=1))
    assert (len(server.came), states()) == (1, {"chen": "sent"})


def test_after_the_last_try_it_is_given_up(desk, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    submitted()
    for days in range(len(mailing.PAUSES) + 1):
        sent(NOW + timedelta(days=days))
    given_up = Letter.objects.get(kind="asked")
    assert (given_up.state, given_up.error[:22]) == ("failed", "ConnectionRefusedError")
    assert hindered() == [("chen", "waiting", 1), ("chen", "failed", 1)], "the second letter, and the first"
    assert hindered(since=NOW + timedelta(days=30)) == [], "long ago"
    assert not queries.stuck_letters(person("ye", 2, "merchant"), NOW).exists(), "the platform's to see"


@pytest.mark.parametrize(
    ("way", "sender", "address", "named"),
    [
        ("smtp://mail.example.com", "a@b.c", "promo.example.com", "FESTOON_ADDRESS"),
        ("console", "Festoon", "https://promo.example.com", "FESTOON_MAIL_FROM"),
        ("mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:"),
        ("smtp://me:secret@mail.example.com", "a@b.c", "https://promo.example.com", "a password goes by"),
        ("smtps://me:secret#1@mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*%23"),
        ("smtps://me:1234#secret@mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*%23"),
        ("smtps://me:secret/1@mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*%2F"),
        ("smtps://me:secret[@mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*%5B"),
        ("smtps://me:secret@mail.example.com:99999", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*65535"),
        ("smtps://me:secret%C3%BC@mail.example.com", "a@b.c", "https://promo.example.com", "FESTOON_MAIL:.*ASCII"),
        ("console", "a@b.c", "https://promo.example.com:port", "FESTOON_ADDRESS"),
    ],
)
def test_what_is_wrong_with_the_settings_is_named_without_the_password(way, sender, address, named):
    with pytest.raises(ValueError, match=named) as raised:
        read(way, sender, address)
    assert "secret" not in "".join(format_exception(raised.value))


def test_without_a_way_nothing_leaves():
    told = read("", "", "")
    assert (told.on, told.settings["EMAIL_BACKEND"]) == (False, "django.core.mail.backends.dummy.EmailBackend")
    secure = read("smtp+tls://me:p%40ss@mail.example.com", "a@b.c", "https://x.example/").settings
    assert (secure["EMAIL_USE_TLS"], secure["EMAIL_PORT"], secure["EMAIL_HOST_PASSWORD"]) == (True, 587, "p@ss")
