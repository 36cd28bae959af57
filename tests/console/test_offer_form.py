"""The form of an offer, without a browser: whatever the shelf holds goes into it and comes out as it was."""

from pathlib import Path

import pytest

from festoon.base.money import zhe_text
from festoon.console.offer_desk import every, sections
from festoon.console.offer_form import figures
from festoon.console.offer_form.figures import Unread
from festoon.console.offer_form.form import BENEFIT, PRESET, TYPE, Form, Rule, Terms
from festoon.console.offer_form.raw import flat, tree
from festoon.console.wall import EXAMPLES, example
from festoon.presets import library
from festoon.presets.form import examples, filled
from festoon.records.located import read_located
from festoon.rulebook import benefits, conditions, promotion_types
from festoon.rulebook.release import check_release

CASES = Path(__file__).parents[1] / "cases"
NAME = {"en": "A name", "zh": "名称"}
WHOLE = {
    "stage": "platform", "priority": 7, "group": "g", "threshold_basis": "list", "percent_basis": "entry",
    "window": {"start": "2026-12-10T00:00", "end": "2026-12-15T00:00", "zone": "Asia/Shanghai"},
    "payers": [{"payer": "platform", "basis_points": 6000}, {"payer": "merchant:willow", "basis_points": 4000}],
    "rounding": {"mode": "floor", "of": "price", "per": "order"}, "weights": "even", "spill": "lost",
    "exclusive": True, "campaign": "double-12", "owner": "lantern", "budget": {"short": "refuse"},
    "scope": {"brand": ["willow"], "except": {"sku": ["t-9"]}, "list_price": {"from": 100, "to": 990}, "not_discounted": True},
    "refund": {"keep": {"keeps_gifts": True}}, "state": "live",
}  # fmt: skip


def offers_of(folder):
    for file in sorted((CASES / folder).glob("*.yaml")):
        for case in read_located(str(file)).data:
            for offer in case.get("offers") or [case.get("offer") or {}]:
                data = {"code": "c", "kind": "promotion", "name": NAME, **offer}
                if offer and not check_release(data):
                    yield f"{file.stem}: {case['case']}", data


def rule_of(data):
    if "type" in data:
        return Rule(TYPE, data["type"], data["kind"])
    return Rule(BENEFIT, next(iter(data["benefit"])), data["kind"])


def through_the_form(rule, data, *, zhe):
    """The data, written into a form, posted, and read again."""
    drawn = Form.of(rule, data, Terms("CNY", zhe=zhe))
    posted = Form(rule, tree(flat(drawn.raw)), Terms("CNY", zhe=zhe), data)
    posted.own(), posted.conditions(), posted.refund(), posted.room()
    back = posted.data()
    assert posted.terms.problems.found == []
    return back


@pytest.mark.parametrize("zhe", [False, True], ids=["per cent", "折"])
@pytest.mark.parametrize("folder", ["promotion_types", "benefits", "conditions", "refunds"])
def test_every_case_of_a_shelf_comes_back_as_it_was(folder, zhe):
    tried = {name: (data, through_the_form(rule_of(data), data, zhe=zhe)) for name, data in offers_of(folder)}
    assert len(tried) > 3
    assert not {name for name, (data, back) in tried.items() if data != back}


def test_nothing_of_a_shelf_is_left_out():
    told = [data for folder in ("promotion_types", "benefits", "conditions") for _, data in offers_of(folder)]
    assert {data.get("type") for data in told} >= set(promotion_types.shelf)
    assert {next(iter(data.get("benefit") or [""])) for data in told} >= set(benefits.shelf) - UNTOLD
    assert {code for data in told for one in data.get("when") or () for code in one} >= set(conditions.shelf)


UNTOLD = {"amount_by_quantity", "value_unknown"}
"""Benefits whose own cases are told by their types, or price nothing."""


@pytest.mark.parametrize("kind", ["promotion", "coupon"])
def test_every_field_of_a_release_comes_back_as_it_was(kind):
    own = {"promotion": {"units": 200, "per_shopper": 2, "always": True, "tag_floor": 500, "net_floor": 400}}
    held = {"stock": 100, "per_shopper": 3, "days_from_claim": 7, "claimable": False,
            "per_period": {"most": 2, "each": "week"}, "per_device": 1, "opens_at": "2026-12-09T10:00",
            "face_value": 3000, "sessions": [{"start": "2026-12-10T10:00", "stock": 50}]}  # fmt: skip
    held["staff_may_confirm"] = True
    data = {"code": "whole", "kind": kind, "name": NAME, **example("percent", kind), **WHOLE, **own.get(kind, held)}
    drawn = {each.name.split(".")[0] for each in every(sections(Form.of(rule_of(data), data, Terms("CNY"))))}
    assert data.keys() - drawn == {"kind", "type", "state"}, "what can be said can be set on the screen"
    assert through_the_form(rule_of(data), data, zhe=True) == data


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_every_card_holds_together(code):
    for kind in promotion_types.shelf[code].kinds:
        data = {**example(code, kind), "code": "c", "name": NAME, "kind": kind}
        assert check_release(data) == []
        assert through_the_form(rule_of(data), {**data, "scope": {"all": True}}, zhe=False)["with"] == data["with"]


@pytest.mark.parametrize("code", library.house())
def test_the_open_values_of_every_preset_come_back_as_they_were(code):
    entry = library.house()[code]
    values = examples(entry.data)
    data = {"code": "c", "kind": entry.data["kind"], "name": NAME,
            "preset": {"code": code, "version": 1, "values": values}}  # fmt: skip
    back = through_the_form(Rule(PRESET, code, entry.data["kind"], entry), data, zhe=True)
    assert back["preset"]["values"] == values
    assert not check_release({"code": "c", "kind": entry.data["kind"], **filled(entry.data, back["preset"]["values"])})


@pytest.mark.parametrize(("typed", "points"), [("8.8", 1200), ("9", 1000), ("8.8折", 1200), ("0", 10000), ("9.95", 50)])
def test_zhe_says_what_is_paid(typed, points):
    assert figures.percent(typed, zhe=True) == points
    assert zhe_text(points) in ("免费", f"{typed.removesuffix('折')}折")


@pytest.mark.parametrize("typed", ["90", "88", "-1", "8.8888", "eight", "1e1", "NaN", "10.1"])
def test_ninety_is_not_nine(typed):
    with pytest.raises(Unread):
        figures.percent(typed, zhe=True)


@pytest.mark.parametrize(("typed", "minor"), [("300", 30000), ("49.90", 4990), ("1,299", 129900), ("¥5", 500)])
def test_money_is_typed_as_people_do(typed, minor):
    assert figures.money(typed, "CNY") == minor


@pytest.mark.parametrize("typed", ["1.005", "three", "", "1e3", "--5", "99999999999999999"])
def test_what_is_no_money_is_refused(typed):
    with pytest.raises(Unread):
        figures.money(typed, "CNY")


def test_a_type_that_only_this_shop_has_is_drawn_too(tmp_path, monkeypatch):
    from festoon.base.shelf import Shelf
    from festoon.rulebook.parts import PromotionType

    folder = tmp_path / "promotion_types"
    folder.mkdir()
    (folder / "moon_gate.py").write_text(
        "from dataclasses import dataclass\nfrom typing import ClassVar\nfrom festoon.base.form import money, percent\n"
        "from festoon.base.words import Words\nfrom festoon.rulebook.parts import PromotionType\n\n"
        "@dataclass(frozen=True, slots=True)\nclass MoonGate(PromotionType):\n    '''By the moon.'''\n"
        "    off: int = money('Off', '减')\n    part: int = percent('Part', '折')\n"
        "    title: ClassVar[Words] = Words('Moon gate', '月门')\n"
    )
    monkeypatch.setenv("FESTOON_SHELVES", str(tmp_path))
    house = promotion_types.shelf
    monkeypatch.setattr(promotion_types, "shelf", Shelf(house.package, house.folder, PromotionType))
    data = {"code": "c", "kind": "promotion", "name": NAME, "type": "moon_gate", "with": {"off": 500, "part": 1200}}
    assert through_the_form(rule_of(data), data, zhe=True) == data
