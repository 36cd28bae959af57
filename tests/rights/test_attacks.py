"""Attacks by list: scripts in every text, forms of a foreign page, formulas in files, ways round a review. Nothing comes of any."""

import csv
import io
from html.parser import HTMLParser

import pytest
from django.test import Client

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.catalog import colleagues
from festoon.composition.applying import apply
from festoon.console.export import harmless
from festoon.offers import queries as offers
from festoon.offers.actions import recall
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows, remarks
from festoon.review import queries as reviews
from festoon.review.levels import Step
from festoon.webhooks import actions as webhooks
from tests.rights.payloads import CALLS, CANARY, PAYLOADS
from tests.rights.test_twins import addresses
from tests.rights.world import NOW, WINDOW, A, offer

pytestmark = pytest.mark.django_db

# -- A-1: formulas ----------------------------------------------------------------------------------------------------

BEGIN = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("begin", BEGIN, ids=repr)
def test_no_cell_of_a_file_is_a_formula(begin, twins):
    a, _ = twins
    told = f"{begin}HYPERLINK(1)"
    assert harmless(told) == f"'{told}"
    assert harmless(-7) == -7, "a number stays a number"
    if begin.isprintable():
        name = {"en": told, "zh": told}
        promotions.create({**offer(a, "formula", "percent", {"basis_points": 500}), "name": name}, by=a.person, now=NOW)
        file = signed_in(a).get("/offers/?export=csv")
        cells = [
            cell
            for row in csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
            for cell in row
        ]
        assert f"'{told}" in cells
        assert not [
            cell for cell in cells if cell.startswith(tuple(BEGIN)) and not cell.lstrip("-").replace(".", "").isdigit()
        ]


def signed_in(house):
    from festoon.catalog import queries

    client = Client()
    client.force_login(queries.colleague(SYSTEM, f"{house.mark}-boss").user)
    return client


# -- A-2: scripts -------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a browser would make of a page: nothing that was stored may become a tag, an attribute's name, or a script."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.script = False

    def handle_starttag(self, tag, attributes):
        self.script = tag in {"script", "style"}
        for name, value in attributes:
            address = name in {"href", "src", "action", "formaction", "data"}
            if (
                name.startswith("on")
                or CANARY in name
                or (address and (value or "").strip().lower().startswith("javascript:"))
            ):
                self.made.append(f"<{tag} {name}={value!r}")
        if tag in {"math", "marquee", "embed", "object", "base", "video", "x"}:
            self.made.append(f"<{tag}>")

    def handle_endtag(self, tag):
        self.script = False

    def handle_data(self, data):
        if self.script and CANARY in data and not data.lstrip().startswith(("{", "[", '"')):
            self.made.append(data[:80])


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader.made


@pytest.mark.once("second")
def test_no_text_that_was_stored_becomes_a_script(twins):
    a, _ = twins
    assert len(PAYLOADS) >= 200
    assert sum(bool(read(payload)) for payload in PAYLOADS) > 100, "the reader sees what a browser would run"
    how = {"by": a.person, "now": NOW}
    for place in range(0, len(PAYLOADS), 40):
        some = " ".join(PAYLOADS[place : place + 40])
        remarks.say("promotion", f"{A}-waits", some[:4000].replace("\0", ""), merchant_id=a.person.merchant_id, **how)
    client, made = signed_in(a), []
    for number, payload in enumerate(PAYLOADS[:: len(CALLS)]):
        told = payload.replace("\0", "")[:100]
        named = {"en": told, "zh": told}
        promotions.create({**offer(a, f"x{number}", "percent", {"basis_points": 500}), "name": named}, **how)
        if number % 8 == 0:
            campaigns.create(
                {"code": f"{A}-x{number}", "name": named, "reason": {"en": told, "zh": told}, **WINDOW}, **how
            )
            webhooks.subscribe(told[:60], f"https://{A}.example.com/{number}", [], **how)
    stored = [place for _, place in addresses(a)] + [f"/offers/{A}-x{n}/" for n in range(0, 44, 7)]
    reflected = [f"/offers/?q={p}" for p in PAYLOADS[::9]] + [f"/try/?n.{p}=1&shopper={p}" for p in PAYLOADS[::40]]
    reflected += [
        f"/sign-in/?next={PAYLOADS[0]}",
        f"/offers/?state={PAYLOADS[5]}&campaign={PAYLOADS[7]}",
        f"/service/?q={PAYLOADS[6]}",
    ]
    seen = 0
    for path in stored + reflected:
        answer = client.get(path)
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        seen += CANARY in answer.content.decode()
        made += [f"{path}: {each}" for each in read(answer.content.decode())]
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    assert not made
    assert seen > 30, "the texts are on the pages, as texts"


# -- A-10: ways round a review ------------------------------------------------------------------------------------------


@pytest.fixture
def waits(twins):
    """A promotion of the platform that a reviewer has to agree to, submitted by one who is both."""
    flows.set_flow("promotion", [Step(Words("Reviewer", "审核人"), ["role:reviewer"])], by=SYSTEM, now=NOW)
    both = frozenset(
        {"offers.edit", "offers.stop", "review.decide:reviewer", "quotes.write", "offers.read", "catalog.read"}
    )
    author = Viewer("person:chief", 1, both, roles=frozenset({"operator", "reviewer"}))
    data = {
        "code": "deep", "name": {"en": "Deep", "zh": "深"}, "type": "percent", "with": {"basis_points": 500}, "scope": {"all": True},
        "payers": [{"payer": "platform", "basis_points": 10000}], "campaign": "market-days",
    }  # fmt: skip
    made = promotions.submit(promotions.create(data, by=author, now=NOW), by=author, now=NOW)
    return made, data, author


REVIEWER = Viewer(
    "person:rev", 1, frozenset({"review.decide:reviewer", "offers.read", "catalog.read"}), roles=frozenset({"reviewer"})
)


def is_live():
    return offers.live_releases(SYSTEM, "offer").filter(code="deep").exists()


def test_nobody_comes_round_a_review(waits, twins):
    made, data, author = waits
    a, _ = twins
    boss = Viewer(a.person.name, a.person.merchant_id, a.person.rights, roles=frozenset({"admin"}))
    operator = Viewer(
        "person:op",
        1,
        frozenset({"offers.edit", "campaigns.edit", "campaigns.read", "offers.read", "catalog.read", "quotes.write"}),
    )
    attacks = {
        "one's own": lambda: promotions.approve(made, by=author, now=NOW),
        "without the role": lambda: promotions.approve(made, by=operator, now=NOW),
        "a merchant with every right": lambda: promotions.approve(made, by=boss, now=NOW),
        "straight at the review": lambda: reviews_decide(made, operator),
        "an edit while it is read": lambda: promotions.edit(made, {**data, "with": {"basis_points": 9900}}, by=author, now=NOW),
        "submitted again": lambda: promotions.submit(made, by=author, now=NOW),
        "a state in the draft": lambda: promotions.create({**data, "code": "deep-2", "state": "released"}, by=author, now=NOW),
        "an import": lambda: apply({"festoon": 1, "campaign": {"code": "market-days"}, "offers": [{**data, "state": "live"}]}, by=operator, now=NOW),
        "opened again": lambda: promotions.reopen(made, by=author, now=NOW),
    }  # fmt: skip
    for name, attack in attacks.items():
        with pytest.raises(Refusal):
            attack()
        assert not is_live(), name


def reviews_decide(made, by):
    from festoon.review import actions

    review = reviews.latest(SYSTEM, "promotion", made.code)
    assert review is not None
    return actions.decide(review, "approve", by=by, now=NOW)


def test_what_was_agreed_on_is_what_is_sold_whatever_is_written_afterwards(waits):
    made, data, author = waits
    promotions.approve(made, by=REVIEWER, now=NOW)
    assert is_live()
    promotions.edit(made, {**data, "with": {"basis_points": 9900}}, by=author, now=NOW)
    [sold] = offers.live_releases(SYSTEM, "offer").filter(code="deep")
    assert sold.data["with"] == {"basis_points": 500}
    with pytest.raises(Conflict):
        promotions.approve(made, by=REVIEWER, now=NOW)
    recall("offer", "deep", why="over", by=author, now=NOW)
    with pytest.raises(Refusal):
        promotions.approve(made, by=REVIEWER, now=NOW)
    assert not is_live()


def test_who_lost_the_role_decides_nothing_in_a_window_that_was_open(waits, twins):
    assert not is_live()
    from festoon.catalog.colleagues import add_person

    add_person("rev", merchant="lantern", name=Words("Rev", "审"), roles=["reviewer"], by=SYSTEM, now=NOW)
    review = reviews.latest(SYSTEM, "promotion", "deep")
    from festoon.catalog import queries

    client = Client()
    client.force_login(queries.colleague(SYSTEM, "rev").user)
    assert client.get(f"/reviews/{review.pk}/").status_code == 200
    colleagues.set_roles("rev", ["analyst"], by=SYSTEM, now=NOW)
    assert client.post(f"/reviews/{review.pk}/decide/", {"decision": "approve"})["Location"].startswith("/sign-in/")
    client.force_login(queries.colleague(SYSTEM, "rev").user)
    client.post(f"/reviews/{review.pk}/decide/", {"decision": "approve"})
    assert not is_live()
