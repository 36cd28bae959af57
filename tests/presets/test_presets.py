"""The rule library: presets of the house and one's own, offers made from them, and what a new version would change."""

from __future__ import annotations

from copy import deepcopy

import pytest

from festoon.composition.difference import changes
from festoon.composition.paper import paper
from festoon.coupons import actions as coupons
from festoon.offers import queries as offers
from festoon.offers.from_preset import as_preset, using
from festoon.presets import actions, library
from festoon.presets.form import check_preset, check_values, examples, filled
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review.actions import Said
from festoon.rulebook.release import check_release
from festoon.rulebook.sentence import sentence
from tests.desk import CHEN, LATER, LIN, NOW, REVIEWER, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
VIP = {
    "code": "vip-tea",
    "name": {"en": "Tea for gold", "zh": "金卡茶礼"},
    "about": {"en": "A percentage off tea for gold members.", "zh": "金卡会员茶叶折扣。"},
    "kind": "promotion",
    "rules": {
        "type": "percent", "with": {"basis_points": "$percent"}, "scope": {"category": ["tea"]},
        "when": [{"segment": {"any": ["gold"]}}],
    },
    "open": [{"name": "percent", "kind": "percent", "label": {"en": "Percent", "zh": "比例"}, "example": 1000}],
}  # fmt: skip


def spoilt(change):
    made = deepcopy(VIP)
    change(made)
    return made


def offer(preset, code="gold-tea", **values):
    return {
        "code": code, "name": {"en": code, "zh": code}, "campaign": "double-12",
        "preset": {"code": preset, "values": values},
    }  # fmt: skip


@pytest.mark.parametrize("code", library.house())
def test_every_preset_of_the_house_holds_together_with_its_examples(code):
    preset = library.house()[code].data
    assert check_preset(preset) == []
    made = {"code": "x", "kind": preset["kind"], **filled(preset, examples(preset))}
    assert check_release(made) == []
    assert sentence(made, "CNY").zh
    needed = {each["name"]: each["example"] for each in preset["open"] if not each.get("optional")}
    assert check_values(preset, needed) == []
    assert check_release({"code": "x", "kind": preset["kind"], **filled(preset, needed)}) == []


def test_the_house_has_the_tools_of_the_field():
    assert len(library.house()) >= 20


def test_an_offer_is_made_from_a_preset_of_the_house(theme):
    made = promotions.create(offer("spend-and-save", spend=30000, save=5000, goods={"all": True}), by=LIN, now=NOW)
    assert (made.type, made.preset) == ("spend_and_save", "spend-and-save")
    assert made.draft["with"] == {"tiers": [{"at": 30000, "off": 5000}]}
    promotions.submit(made, by=LIN, now=NOW)
    promotions.approve(made, by=CHEN, now=NOW)
    assert [each.code for each in using(LIN, "spend-and-save")] == ["gold-tea"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda data: data["preset"].update(code="nothing"), "preset"),
        (lambda data: data["preset"]["values"].pop("save"), "preset.values.save"),
        (lambda data: data["preset"]["values"].update(colour=1), "preset.values.colour"),
        (lambda data: data["preset"]["values"].update(save=-1), "with.tiers[0].off"),
        (lambda data: data.update(type="percent"), "type"),
        (lambda data: data.update(preset="spend-and-save"), "preset"),
        (lambda data: data["preset"].update(code="coupon-from"), "preset.code"),
    ],
)
def test_what_cannot_be_filled_is_refused_by_its_field(theme, change, field):
    data = offer("spend-and-save", spend=30000, save=5000, goods={"all": True})
    change(data)
    with pytest.raises((Invalid, NotFound)) as raised:
        promotions.create(data, by=LIN, now=NOW)
    assert raised.value.field == field


def test_ones_own_preset_is_in_the_library_when_it_was_agreed_on(theme):
    flows.set_flow("preset", [REVIEWER], by=SYSTEM, now=NOW)
    made = actions.submit(actions.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    with pytest.raises(NotFound):
        library.entry(LIN, "vip-tea")
    with pytest.raises(Conflict, match="own_submission"):
        actions.approve(made, by=LIN, now=NOW)
    actions.approve(made, by=CHEN, now=NOW)
    assert (library.entry(LIN, "vip-tea").version, library.library(LIN)[0].code) == (1, "vip-tea")


def test_a_new_version_changes_no_offer(theme):
    actions.submit(actions.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    made = promotions.create(offer("vip-tea", percent=1000), by=LIN, now=NOW)
    deeper = spoilt(lambda preset: preset["rules"].update(priority=5))
    preset = actions.edit(actions.queries.preset(LIN, "vip-tea"), deeper, by=LIN, now=LATER)
    actions.submit(preset, by=LIN, now=LATER)
    assert offers.offer(LIN, made.code).draft["preset"]["version"] == 1


def test_recalled_it_makes_no_new_offer_and_leaves_those_there_are(theme):
    preset = actions.submit(actions.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    promotions.create(offer("vip-tea", percent=1000), by=LIN, now=NOW)
    actions.recall(preset, why="too dear", by=LIN, now=LATER)
    with pytest.raises(NotFound):
        promotions.create(offer("vip-tea", "another", percent=1000), by=LIN, now=LATER)
    assert [each.code for each in using(LIN, "vip-tea")] == ["gold-tea"]


def test_recalled_it_comes_back_only_by_a_new_review(theme):
    flows.set_flow("preset", [REVIEWER], by=SYSTEM, now=NOW)
    preset = actions.submit(actions.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    actions.approve(preset, by=CHEN, now=NOW)
    actions.recall(preset, why="too dear", by=LIN, now=LATER)
    with pytest.raises(Conflict, match="cannot_recall"):
        actions.recall(preset, why="twice", by=LIN, now=LATER)
    preset = actions.submit(actions.reopen(preset, by=LIN, now=LATER), by=LIN, now=LATER)
    assert not in_library("vip-tea")
    actions.decide(preset, Said("reject", "still too dear"), by=CHEN, now=LATER)
    assert not in_library("vip-tea")
    preset = actions.submit(actions.reopen(preset, by=LIN, now=LATER), by=LIN, now=LATER)
    actions.approve(preset, by=CHEN, now=LATER)
    assert library.entry(LIN, "vip-tea").version == 2


@pytest.mark.parametrize("state", ["draft", "in_review", "sent_back", "rejected"])
def test_it_is_recalled_whatever_becomes_of_its_next_version(theme, state):
    preset = actions.submit(actions.create(VIP, by=LIN, now=NOW), by=LIN, now=NOW)
    flows.set_flow("preset", [REVIEWER], by=SYSTEM, now=NOW)
    preset = actions.edit(preset, spoilt(lambda data: data["rules"].update(priority=5)), by=LIN, now=LATER)
    if state != "draft":
        actions.submit(preset, by=LIN, now=LATER)
    if state in ("sent_back", "rejected"):
        actions.decide(preset, Said({"sent_back": "send_back"}.get(state, "reject"), "not yet"), by=CHEN, now=LATER)
    assert (actions.queries.preset(LIN, "vip-tea").state, in_library("vip-tea")) == (state, True)
    actions.recall(preset, why="too dear", by=LIN, now=LATER)
    assert (actions.queries.preset(LIN, "vip-tea").state, in_library("vip-tea")) == ("recalled", False)
    with pytest.raises(Conflict, match="already_"):
        actions.approve(preset, by=CHEN, now=LATER)


def in_library(code):
    return code in {entry.code for entry in library.library(LIN)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda p: p["name"].pop("zh"), "name"),
        (lambda p: p.update(kind="prize"), "kind"),
        (lambda p: p["rules"].update(window={}), "rules.window"),
        (lambda p: p["open"][0].update(example=99999), "rules.with.basis_points"),
        (lambda p: p["rules"].update(scope="$goods"), "rules"),
        (lambda p: p["open"].append({**p["open"][0], "name": "unused"}), "open"),
        (lambda p: p["open"].append(p["open"][0]), "open[1].name"),
        (lambda p: p["open"][0].update(kind="colour"), "open[0].kind"),
        (lambda p: p["open"][0].pop("example"), "open[0].example"),
        (lambda p: p["open"][0].pop("label"), "open[0].label"),
        (lambda p: p.update(open="all"), "open"),
        (lambda p: p.update(code=""), "code"),
    ],
)
def test_a_preset_that_does_not_hold_together_is_refused_by_its_field(shop, change, field):
    with pytest.raises(Invalid) as raised:
        actions.create(spoilt(change), by=LIN, now=NOW)
    assert raised.value.field == field


def test_a_code_is_used_once_and_never_one_of_the_houses(shop, ye):
    actions.create(VIP, by=LIN, now=NOW)
    for by in (LIN, ye):
        with pytest.raises(Conflict, match="taken"):
            actions.create(VIP, by=by, now=NOW)
    with pytest.raises(Conflict, match="taken"):
        actions.create({**VIP, "code": "gift-with-purchase"}, by=LIN, now=NOW)
    with pytest.raises(Forbidden):
        actions.create({**VIP, "code": "y"}, by=CHEN, now=NOW)


def test_a_merchants_preset_is_its_own(shop, ye, stranger):
    actions.submit(actions.create(VIP, by=ye, now=NOW), by=ye, now=NOW)
    assert library.entry(ye, "vip-tea").owner == "willow"
    with pytest.raises(NotFound):
        library.entry(stranger, "vip-tea")


def test_any_offer_becomes_a_preset_to_be_opened(theme):
    made = promotions.create(spend_and_save(), by=LIN, now=NOW)
    data = as_preset(made) | {"code": "own", "about": {"en": "As in Double 12.", "zh": "同双十二。"}}
    assert data["rules"]["type"] == "spend_and_save"
    assert not {"code", "window", "campaign", "owner", "terms"} & data["rules"].keys()
    data["rules"]["with"] = {"tiers": [{"at": "$spend", "off": 5000}]}
    data["open"] = [{"name": "spend", "kind": "money", "label": {"en": "Spend", "zh": "满"}, "example": 30000}]
    actions.submit(actions.create(data, by=LIN, now=NOW), by=LIN, now=NOW)
    again = promotions.create(offer("own", spend=40000), by=LIN, now=NOW)
    assert again.draft["with"]["tiers"][0]["at"] == 40000


def test_a_paper_names_the_preset_and_its_values(theme):
    data = offer("coupon-from", less=3000, spend=20000, goods={"all": True}) | {"stock": 10}
    coupons.create(data, by=LIN, now=NOW)
    written = paper(LIN, theme)
    assert written["offers"][0]["preset"]["values"] == {"less": 3000, "spend": 20000, "goods": {"all": True}}
    assert "type" not in written["offers"][0]
    assert changes(LIN, written, now=NOW) == []
