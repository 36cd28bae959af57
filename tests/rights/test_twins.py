"""Two merchants who are twins: whatever one asks, in whatever way, it hears nothing of the other and moves nothing there."""

import re
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.catalog.roles import permissions
from festoon.coupons.models import WrongTry
from festoon.offers.version import watch
from festoon.records.viewer import SYSTEM
from tests.rights.asking import answer, questions, rows, text, ways, without
from tests.rights.doors import SCREENS, VERBS
from tests.rights.world import NOW, A, B, P, more_of

pytestmark = pytest.mark.django_db
QUESTIONS = questions()
OF_EVERYBODY = {
    "offers.queries.taken": "codes are unique in the house: who takes one hears that it is taken, and nothing else",
    "presets.queries.taken": "as above",
    "campaigns.queries.open_to": "a campaign of the platform one may take part in, for verbs that are told its code",
    "campaigns.queries.unapproved": "what waits in the book; asked by the system alone",
}  # fmt: skip
"""What tells more than a merchant's own, and why."""
HANDED_IN = {
    "campaigns.queries.content", "composition.paper.offer_form", "offers.released.as_seen", "offers.released.released",
    "storefront.page.page",
}  # fmt: skip
"""They say again what they are given: who has the thing in hand was let through by another question."""
PLUMBING = {"webhooks.queries.advance", "analytics.lake.queries.advance", "webhooks.queries.lease"}
"""They write; the couriers' own."""


def asked(name, viewer, house):
    """Each answer to the question with its arguments, about this house's things; what cannot be asked so is left."""
    question = QUESTIONS[name]
    for given in ways(question, house):
        try:
            with transaction.atomic():  # some lock what they find
                said = answer(lambda given=given: question(viewer, **given))[0]
        except (AttributeError, TypeError, ValueError):
            continue
        yield given, said


def test_no_question_tells_of_another(twins):
    a, b = twins
    leaks, reached = [], set()
    for name in QUESTIONS:
        if name in OF_EVERYBODY or name in PLUMBING | HANDED_IN or name.startswith("console.offer_form."):
            continue
        for given, said in asked(name, a.person, b):
            reached.add(name)
            if B in without(said, given) or P in without(said, given):
                leaks.append(f"{name}({text(given)[:80]}): …{without(said, given)[:4000]}")
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(leaks)
    assert len(reached) > 100, sorted(set(QUESTIONS) - reached)


def test_the_twin_itself_hears(twins):
    """What is shown above is not that nobody hears anything."""
    _, b = twins
    heard = {
        name for name in QUESTIONS if any(B in said for _, said in asked(name, b.person, b)) and name not in PLUMBING
    }
    assert len(heard) > 80


ALREADY = {"checkout.auditing.ask", "records.jobs.enqueue", "coupons.pools.make_codes"}
NOT_ABOUT_A_THING = {
    "distribution.claims.begin",  # the first half of a claim
    "checkout.on_behalf.hindrances",  # it answers for each what `give` beside it is refused with
    "review.actions.open_all", "webhooks.actions.subscribe",
    "campaigns.actions.create", "promotions.actions.create", "coupons.actions.create", "distribution.actions.create",
    "presets.actions.create", "catalog.colleagues.add_person", "catalog.machines.actions.make_key",
}  # fmt: skip


@pytest.fixture
def at_one_moment(monkeypatch):
    """What is in memory grows no older between two who are compared."""
    now = time.monotonic()
    monkeypatch.setattr(watch, "_clock", lambda: now)


def test_every_write_on_anothers_thing_is_refused_as_if_it_were_not_there(twins, at_one_moment):
    a, b = twins
    wrong, reached, before = [], set(), rows()
    for name, verb in VERBS.items():
        if name in NOT_ABOUT_A_THING or name in ALREADY:
            continue
        for given, gone in zip(ways(verb, b), ways(verb, b, nowhere=True), strict=True):
            if not any(B in text(each) or each in b.ids.values() for each in given.values()):
                continue
            try:
                said, asked_for = tried(verb, a.person, given)
                other, asked_too = tried(verb, a.person, gone)
            except (AttributeError, TypeError, ValueError, KeyError):
                continue
            reached.add(name)
            if without(said, given) != without(other, gone) or asked_for != asked_too:
                wrong.append(f"{name}({text(given)[:120]}): {said[:300]} ({asked_for}) | {other[:300]} ({asked_too})")
            if not said.startswith("refused") and said != "None":
                wrong.append(f"{name}({text(given)[:120]}) was not refused: {said[:200]}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join({each.split("(")[0]: each for each in wrong}.values())
    assert rows() == before, "and nothing moved"
    assert len(reached) > 40


def tried(verb, viewer, given):
    from inspect import signature

    takes = signature(verb).parameters
    more = {"key": "a-key"} if "key" in takes else {}
    WrongTry.objects.all().delete()
    answer(lambda: verb(**given, **more, by=viewer))  # what is kept in memory afterwards is there for both
    return answer(lambda: verb(**given, **more, by=viewer))


# -- screens --------------------------------------------------------------------------------------------------------

ROLES = sorted(role.code for role in permissions().roles.values() if "merchant" in role.of)
"""Of a merchant, together: who may most."""
CODES = ("theme", "promo", "coupon", "waits", "way", "preset")
NUMBERS = {"review": "review", "remark": "review", "decide": "review", "seen": "mention", "webhook": "hook", "webhook-act": "hook",
           "alarm-seen": "alarm", "job": "job", "coupon-void": "coupon"}  # fmt: skip
"""Of an address with a number in it: what is so numbered."""
ENDS_IT = {
    "console:sign-out",
    "console:sign-in",
    "console:language",
    "shop:language",
    "console:components",
    "console:sign-in-once",
    "console:be",
}
ASKED = [
    ("console:offers", "q=bistor"), ("console:campaigns", "q=bistor"), ("console:offers", "campaign=bistort-theme"),
    ("console:try", "n.bistort-tea-1=2&shopper=mei"), ("console:inbox", "state=open"), ("console:offers", "state=live"),
]  # fmt: skip
SAID = {
    "exclude": {"other": f"{B}-waits", "grain": "order", "why": "x"}, "decide-all": {"review": "review"},
    "watch": {"of": f"offer:{B}-coupon", "factor": "300", "minutes": "5"}, "watch-end": {"of": f"offer:{B}-coupon"},
    "halt": {"of": f"offer:{B}-coupon", "why": "x"}, "let-go": {"of": f"campaign:{B}-theme", "why": "x"},
    "exclude-pair": {"tick": [f"{B}-promo", f"{B}-other"], "grain": "line", "why": "x"},
}  # fmt: skip
"""What a form says of the other's things; every other form is sent with a reason alone."""


def signed_in():
    """A colleague of the first twin who may all that a merchant's people may."""
    made = add_person(f"{A}-all", merchant=A, name=Words("Somebody", "某人"), roles=ROLES, by=SYSTEM, now=NOW)
    client = Client(raise_request_exception=False)
    client.force_login(made.user)
    return client


def addresses(house, *, nowhere=False):
    """Every address of the console and the shop, about this house's things where it is about one: (its name, address)."""
    for name, pattern in SCREENS.items():
        wanted, short = list(pattern.pattern.converters), name.partition(":")[2]
        if name in ENDS_IT or name.startswith("shop:"):  # a shopper's pages are everybody's
            continue
        known: dict[str, Any] = {"verb": "pause", "offer": f"{'nowhere' if nowhere else house.mark}-coupon"}
        if "number" in wanted:
            known["number"] = 987654 if nowhere else house.ids[NUMBERS.get(short, "review")]
        for what in CODES if "code" in wanted else [""]:
            known["code"] = f"{'nowhere' if nowhere else house.mark}-{what}"
            yield short, reverse(name, kwargs={part: known.get(part, "1") for part in wanted})


def plain(client, answer):
    """An answer without what is new on each: its token against forgery, the key of its form, the address asked for."""
    client.cookies.pop("messages", None)
    told = "" if answer.streaming else answer.content.decode(errors="replace")
    told = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|csrf-?token[^>]*', "", told, flags=re.IGNORECASE)
    told = re.sub(r"\d+ \w+ ago", "", told)
    here = re.compile(rf"({B}|nowhere)-[\w-]+|/(\d+|[0-9a-f]{{32}})/")
    return answer.status_code, here.sub("", answer.get("Location", "")), here.sub("", told)


@pytest.mark.once("second")  # what its screens ask is asked of both databases above
def test_no_screen_tells_of_another(twins):
    _, b = twins
    client = signed_in()
    leaks, pages = [], 0
    for (_, there), (_, gone) in zip(addresses(b), addresses(b, nowhere=True), strict=True):
        found = plain(client, client.get(there))
        pages += 1
        if B in found[2] or P in found[2] or (there != gone and found != plain(client, client.get(gone))):
            leaks.append(f"{there} {found[0]}")
    for name, query in ASKED:
        said = (
            client.get(f"{reverse(name)}?{query}").content.decode().replace(f"{B}-theme", "").replace(f"{B}-tea-1", "")
        )
        if B in said or P in said:
            leaks.append(f"{name}?{query}")
    assert not leaks
    assert pages > 40


def elsewhere(value):
    """The same words about nobody's things."""
    return [elsewhere(each) for each in value] if isinstance(value, list) else value.replace(B, "nowhere")


@pytest.mark.once("second")  # as are the verbs of its forms
def test_no_form_moves_anything_of_another(twins):
    _, b = twins
    client, before, wrong, sent = signed_in(), rows(), [], 0
    before = rows()
    for (name, there), (_, gone) in zip(addresses(b), addresses(b, nowhere=True), strict=True):
        body = SAID.get(name, {"why": "x", "decision": "approve", "text": "x"})
        if there == gone and name not in SAID:
            continue  # about nothing of the other's
        body = {field: str(b.ids["review"]) if value == "review" else value for field, value in body.items()}
        found = plain(client, client.post(there, body))
        other = plain(client, client.post(gone, {field: elsewhere(value) for field, value in body.items()}))
        sent += 1
        if found != other or found[0] >= 500:
            wrong.append(f"{there} {body}: {found[:2]} {other[:2]}")
    assert not wrong, "\n".join(wrong)
    assert rows() == before, "nothing was written, not even of whoever asked"
    assert sent > 25


# -- the machines' door ---------------------------------------------------------------------------------------------


def requests(house, *, nowhere=False):
    """What a key can ask of this house's things over /v1: method, address, body."""
    mark, ids = ("nowhere" if nowhere else house.mark), house.ids
    hold, redeemed, coupon = ("0" * 32,) * 3 if nowhere else (ids["hold"], ids["redeemed"], ids["coupon"])
    line = {"id": "a", "sku": f"{mark}-tea-1", "quantity": 1, "unit_price": 20001}
    mine = {"id": "a", "sku": f"{A}-tea-1", "quantity": 3, "unit_price": 20001}
    yield "POST", "/v1/quotes", {"lines": [line]}
    yield "POST", "/v1/quotes", {"lines": [mine], "buyer": "mei", "chosen": [coupon]}
    yield "POST", "/v1/prices", {"skus": [f"{mark}-tea-1"]}
    yield "POST", "/v1/holds", {"token": "x" * 80 if nowhere else ids["token"]}
    yield "POST", f"/v1/holds/{hold}/cancel", {}
    yield "POST", "/v1/redemptions", {"hold": hold, "order": "o"}
    yield "POST", "/v1/refunds", {"redemption": redeemed, "units": {"a": 1}}
    yield "POST", "/v1/claims", {"offer": f"{mark}-coupon", "shopper": "mei"}
    yield "POST", "/v1/claims/by-code", {"code": "nowhereFLYER7788" if nowhere else ids["flyer"], "shopper": "mei"}
    yield "GET", f"/v1/campaigns/{mark}-theme", None
    hook, sent = (987654, 987654) if nowhere else (ids["hook"], ids["delivery"])
    for path, body in (("", {"kinds": []}), ("/secret", {}), ("/end", {}), ("/resend", {"delivery": str(sent)})):
        yield "POST", f"/v1/webhooks/{hook}{path}", body
    yield "GET", f"/v1/webhooks/{hook}", None
    yield "GET", f"/v1/webhooks/{hook}/deliveries", None


def test_no_endpoint_tells_of_another_or_moves_anything_there(twins):
    from litestar.testing import TestClient

    from festoon.api import gate
    from festoon.api.app import served

    a, b = twins
    before, wrong = rows(), []
    with TestClient(served(), raise_server_exceptions=False) as door:

        def said(request, key):
            method, path, body = request
            headers = {"Authorization": f"Bearer {a.key}", "Idempotency-Key": key}
            answer = door.request(method, path, headers=headers, json=body)
            told = re.sub(rf"({B}|nowhere)[\w-]*|[0-9a-f]{{32}}", "", answer.text)
            return answer.status_code, re.sub(r'"(quote|token|book|moment|valid_until)":"[^"]*"', "", told), answer.text

        for place, (there, gone) in enumerate(zip(requests(b), requests(b, nowhere=True), strict=True)):
            found, other = said(there, f"k{place}"), said(gone, f"n{place}")
            if found[:2] != other[:2]:
                wrong.append(f"{there[1]} {there[2]}: {found[0]} {found[1][:300]} | {other[0]} {other[1][:300]}")
        for path in (
            "/v1/webhooks",
            "/v1/campaigns",
            "/v1/wallets/mei",
            f"/v1/campaigns/{A}-theme",
            "/v1/campaigns/market-days",
        ):
            told = said(("GET", path, None), "g")[2]
            if B in told or P in told:
                wrong.append(f"{path}: {told[:500]}")
        for lines in ([{"id": "a", "sku": f"{A}-tea-1", "quantity": 9, "unit_price": 20001}],):
            body = {"lines": lines, "buyer": "mei", "chosen": "best", "explain": "full", "words": True, "better": True}
            told = said(("POST", "/v1/quotes", body), "q")[2]
            if B in told or P in told:
                wrong.append(f"/v1/quotes: {told[:900]}")
    gate.forget()
    assert not wrong, "\n".join(wrong)
    assert rows() == before


# -- what one does moves nothing the other is told ----------------------------------------------------------------------


def first_difference(name, one, other):
    """Where two texts part, with what stands before."""
    at = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
    return f"{name}: {one[at - 60 : at + 40]!r} | {other[at - 60 : at + 40]!r}"


@pytest.mark.once
def test_what_one_twin_does_changes_no_answer_to_the_other(twins, monkeypatch):
    """Beyond words: no count, sum or order of the other's shows anywhere, so more of it changes nothing."""
    a, b = twins
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)  # the screens' clock: minutes and hours that pass change them
    client = signed_in()

    def told():
        heard = {
            f"{name} {place}": said
            for name in QUESTIONS
            if name not in PLUMBING | set(OF_EVERYBODY) | MOVES
            for place, (_, said) in enumerate(asked(name, a.person, a))
        }
        return heard | {there: plain(client, client.get(there)) for _, there in addresses(a)}

    told()  # what is kept in memory afterwards is there both times
    before = told()
    more_of(b)
    after = told()
    changed = [
        first_difference(name, str(before[name]), str(after[name])) for name in before if before[name] != after[name]
    ]
    assert not changed, "\n".join(changed)
    assert len(before) > 300


MOVES = {"records.queries.position", "console.offer_form.opening.like"}
"""A counter of the house that moves with every row of anybody; a form that begins with a code drawn by lot."""
