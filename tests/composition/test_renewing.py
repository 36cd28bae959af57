"""Offers taken to the newest version of their preset: what the preset says changes, and nothing else."""

import threading
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from festoon.composition import actions as composition
from festoon.composition.renewing import NOT_NOW, behind, renew, renewals
from festoon.console.queries import came_back
from festoon.offers import desk
from festoon.offers import queries as offers
from festoon.offers.released import is_out
from festoon.presets import actions as presets
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import machine
from tests.desk import CHEN, HE, LATER, LIN, NOW
from tests.presets.test_presets import VIP, offer
from tests.racing import race, until_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vip(theme):
    """An offer of version 1 of a preset; the preset is released by rule."""
    presets.submit(presets.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    return promotions.create(offer("vip-tea", percent=1000), by=LIN, now=NOW)


def release(change):
    """The next version of the preset."""
    data = deepcopy(VIP)
    change(data)
    row = presets.edit(presets.queries.preset(LIN, "vip-tea"), data, by=LIN, now=LATER)
    presets.submit(row, by=LIN, now=LATER)


def first(data):
    data["rules"]["priority"] = 5


def take(code="gold-tea", was=1, version=2, submit=False, by=LIN):
    return renew(code, was=was, version=version, submit=submit, by=by, now=LATER)


def test_only_what_the_preset_says_changes(vip):
    before = deepcopy(vip.draft)
    assert not behind(LIN, offers.own(LIN))
    release(first)
    (found,) = renewals(LIN, behind(LIN, offers.own(LIN)), now=LATER)
    assert (found.entry.version, found.lost, found.yielded, found.refusal) == (2, [], [], None)
    assert offers.offer(SYSTEM, "gold-tea").draft == before, "looked at, nothing is kept"
    kept = take()
    assert kept.draft.pop("preset")["version"] == 2
    assert kept.draft == {**{name: value for name, value in before.items() if name != "preset"}, "priority": 5}
    assert kept.state == "draft"
    with pytest.raises(Conflict, match="newest"):
        take()


def test_what_is_live_stays_until_the_new_one_is_agreed_on(vip):
    promotions.approve(promotions.submit(vip, by=LIN, now=NOW), by=CHEN, now=NOW)
    release(first)
    assert take(submit=True).state == "in_review"
    assert is_out(SYSTEM, "gold-tea")
    assert "priority" not in offers.live_of(SYSTEM, "offer", "gold-tea").release.data
    promotions.approve(offers.offer(SYSTEM, "gold-tea"), by=CHEN, now=LATER)
    assert offers.live_of(SYSTEM, "offer", "gold-tea").release.data["priority"] == 5


def test_what_moved_on_meanwhile_is_looked_at_again(vip):
    release(first)
    release(lambda data: data["rules"].update(priority=7))
    with pytest.raises(Conflict, match="changed"):
        take(version=2)
    assert offers.offer(SYSTEM, "gold-tea").draft["preset"]["version"] == 1


@pytest.mark.parametrize("state", NOT_NOW)
def test_why_an_offer_stays_is_said_by_its_own_state(vip, state):
    release(first)
    vip.state = state
    vip.save()
    (found,) = renewals(LIN, [vip], now=LATER)
    assert (found.refusal.words, found.refusal.detail) == (NOT_NOW[state], {"state": state})
    assert set(NOT_NOW) == {each for each in machine.STATES if not machine.editable(each)}


def test_what_cannot_come_along_is_named(vip):
    def asks_more(data):
        data["rules"]["priority"] = "$rank"
        data["open"].append({"name": "rank", "kind": "count", "label": {"en": "Rank", "zh": "次序"}, "example": 3})

    release(asks_more)
    (found,) = renewals(LIN, [vip], now=LATER)
    assert found.made is None and found.refusal.field == "preset.values.rank"
    with pytest.raises(Invalid, match="missing"):
        take()

    def asks_less(data):
        fixed = next(each for each in data["open"] if each["name"] == "percent")
        data["open"].remove(fixed)
        data["rules"] = filled_in(data["rules"], fixed)

    release(asks_less)
    (found,) = renewals(LIN, [vip], now=LATER)
    assert [words.en for words in found.lost] == [
        each["label"]["en"] for each in VIP["open"] if each["name"] == "percent"
    ]
    assert take(version=3).draft["preset"]["values"] == {}


def filled_in(rules, fixed):
    if isinstance(rules, dict):
        return {name: filled_in(value, fixed) for name, value in rules.items()}
    return fixed["example"] if rules == f"${fixed['name']}" else rules


def test_a_value_of_another_kind_is_not_read_as_the_new_one(vip):
    """1000 that meant 10 % would be 10.00 of money, or the other way round."""

    def becomes_money(data):
        asked = next(each for each in data["open"] if each["name"] == "percent")
        asked.update(kind="money")

    release(becomes_money)
    (found,) = renewals(LIN, [vip], now=LATER)
    assert found.made is None and found.refusal.field == "preset.values.percent"
    assert [words.en for words in found.lost] == [
        each["label"]["en"] for each in VIP["open"] if each["name"] == "percent"
    ]


@pytest.mark.parametrize("submit", [True, False])
def test_it_stays_its_authors_and_neither_of_both_decides(vip, submit):
    """Who takes it along is not its author, and decides on it no more than the author does."""
    release(first)
    both = replace(CHEN, rights=CHEN.rights | LIN.rights)
    assert take(submit=submit, by=both).author == LIN.name
    if not submit:
        promotions.submit(offers.offer(SYSTEM, "gold-tea"), by=LIN, now=LATER)
    for one in (both, replace(LIN, rights=both.rights)):
        with pytest.raises(Conflict, match="own_submission"):
            promotions.approve(offers.offer(SYSTEM, "gold-tea"), by=one, now=LATER)
    other = replace(CHEN, name="person:wu")
    promotions.send_back(offers.offer(SYSTEM, "gold-tea"), by=other, now=LATER, comment="no")
    assert came_back(LIN, NOW), "it came back to its author"
    kept = promotions.edit(vip, offer("vip-tea", percent=1500), by=LIN, now=LATER + timedelta(hours=1))
    promotions.submit(kept, by=LIN, now=LATER)
    promotions.approve(kept, by=both, now=LATER)


def test_an_own_rule_gives_way_and_is_named(theme):
    presets.submit(presets.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    made = promotions.create({**offer("vip-tea", percent=1000), "priority": 50}, by=LIN, now=NOW)
    release(first)
    (found,) = renewals(LIN, [made], now=LATER)
    assert found.yielded == ["priority"]
    assert take().draft["priority"] == 5


def test_in_review_it_stays_and_says_so(vip):
    promotions.submit(vip, by=LIN, now=NOW)
    release(first)
    (found,) = renewals(LIN, [offers.offer(SYSTEM, "gold-tea")], now=LATER)
    assert found.refusal.code == "in_review"
    with pytest.raises(Conflict, match="in_review"):
        take()


def test_nobody_takes_anothers(vip, ye):
    release(first)
    with pytest.raises(NotFound):
        take(by=ye)
    assert list(offers.own(ye)) == []


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_who_takes_an_offer_along_and_who_recalls_its_campaign_do_not_wait_for_each_other(theme, vip, monkeypatch):
    """The one has the offer and asks for its campaign, the other has the campaign and asks for the offer."""
    composition.submit(theme, by=LIN, now=NOW)
    for reviewer in (CHEN, HE):
        composition.approve(theme, by=reviewer, now=NOW)
    release(first)
    told, edit = [], desk.edit
    why = {"outstanding": "void", "why": "a test", "by": CHEN, "now": LATER, "key": "r"}
    recaller = threading.Thread(target=lambda: told.extend(race(1, lambda _: composition.recall(theme, **why))))

    def meanwhile(*given, **named):
        recaller.start()
        until_it_waits(recaller)
        return edit(*given, **named)

    monkeypatch.setattr(desk, "edit", meanwhile)
    assert take(submit=True).state == "in_review"
    recaller.join()
    assert told == [None]
    assert offers.offer(SYSTEM, "gold-tea").state == "recalled"
