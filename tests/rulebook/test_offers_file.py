"""A bad offers file is told everything that is wrong with it, each with its place."""

import pytest

from festoon.base.problems import Problem
from festoon.base.words import Words
from festoon.records.located import Unreadable, read_located, read_text
from festoon.rulebook.book import BookErrors, read_book, version_of
from festoon.rulebook.facts import read_facts
from festoon.rulebook.release import check_release
from festoon.rulebook.sentence import sentence

GOOD = {"code": "ten", "type": "percent", "with": {"basis_points": 1000}}


def book(*offers: dict, **more) -> dict:
    return {"festoon": 1, "currency": "CNY", "offers": list(offers), **more}


def faults(data) -> dict[str, str]:
    try:
        read_book(data)
    except BookErrors as found:
        return {problem.field: problem.code for problem in found.problems}
    return {}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": ""}, "offers[0].code", "text"),
        ({"kind": "sale"}, "offers[0].kind", "choice"),
        ({"typ": "percent"}, "offers[0].typ", "unknown"),
        ({"type": "percnt"}, "offers[0].type", "unknown"),
        ({"type": None}, "offers[0].type", "unknown"),
        ({"with": {"basis_points": 90_000}}, "offers[0].with.basis_points", "range"),
        ({"with": {"basis_points": 0}}, "offers[0].with.basis_points", "range"),
        ({"with": {"basis_points": 10.5}}, "offers[0].with.basis_points", "whole"),
        ({"with": {"basis_points": True}}, "offers[0].with.basis_points", "whole"),
        ({"with": {"basis_points": 1000, "cap": -5}}, "offers[0].with.cap", "range"),
        ({"with": {}}, "offers[0].with.basis_points", "missing"),
        ({"with": 7}, "offers[0].with", "mapping"),
        ({"benefit": {"percent_off": {"basis_points": 1}}}, "offers[0].type", "one_of"),
        ({"scope": {}}, "offers[0].scope", "empty"),
        ({"scope": {"sku": []}}, "offers[0].scope.sku", "empty"),
        ({"scope": {"colour": ["red"]}}, "offers[0].scope.colour", "unknown"),
        ({"scope": {"all": True, "sku": ["a"]}}, "offers[0].scope.all", "all"),
        ({"scope": {"list_price": {"from": 5, "to": 4}}}, "offers[0].scope.list_price.to", "order"),
        ({"scope": {"list_price": {"least": 5}}}, "offers[0].scope.list_price", "range"),
        ({"scope": {"list_price": {"from": -1}}}, "offers[0].scope.list_price.from", "whole"),
        ({"scope": {"not_discounted": 1}}, "offers[0].scope.not_discounted", "flag"),
        ({"when": [{"basket_contains": {"goods": {"line": ["l1"]}}}]}, "offers[0].when[0].basket_contains.goods", "line"),
        ({"when": [{"basket_contains": {"goods": {}}}]}, "offers[0].when[0].basket_contains.goods", "empty"),
        ({"when": [{"least_spend": {"amount": 1, "of": "order", "goods": {"sku": ["a"]}}}]}, "offers[0].when[0].least_spend.goods", "one_of"),
        ({"when": [{"hours": {"days": ["monday"]}}]}, "offers[0].when[0].hours.days", "choice"),
        ({"when": [{"hours": {"start": "25:00"}}]}, "offers[0].when[0].hours.start", "clock"),
        ({"when": [{"nth_order": {"least": 3, "most": 2}}]}, "offers[0].when[0].nth_order.most", "order"),
        ({"with": {"basis_points": 1, "groups_of": 3, "units": 2}}, "offers[0].with.units", "range"),
        ({"type": "buy_x_get_y", "with": {"buy": 1, "off": 1, "basis_points": 5}}, "offers[0].with.off", "one_of"),
        ({"type": "buy_x_get_y", "with": {"buy": 1, "off": 1, "price": 5}}, "offers[0].with.price", "one_of"),
        ({"type": "buy_x_get_y", "with": {"buy": 1, "basis_points": 1, "price": 5}}, "offers[0].with.price", "one_of"),
        ({"type": "nth_item", "with": {"nth": 2}}, "offers[0].with.basis_points", "one_of"),
        ({"type": "nth_item", "with": {"nth": 2, "basis_points": 1, "price": 5}}, "offers[0].with.price", "one_of"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2, "off": 5, "cap": 6}]}}, "offers[0].with.steps[0].cap", "percent"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2, "basis_points": 5}, {"units": 3, "basis_points": 6, "cap": 6}]}}, "offers[0].with.steps", "order"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 9, "basis_points": 5, "cap": 6}, {"at": 10, "basis_points": 6, "cap": 5}]}}, "offers[0].with.tiers", "order"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 9, "off": 5, "cap": 6}]}}, "offers[0].with.tiers[0].cap", "percent"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2, "off": 5}, {"units": 2, "off": 6}]}}, "offers[0].with.steps", "order"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2}]}}, "offers[0].with.steps[0].off", "one_of"),
        ({"type": "bundle", "with": {"pieces": [{"goods": {"colour": ["x"]}}], "price": 1}}, "offers[0].with.pieces[0].goods.colour", "unknown"),
        ({"type": "add_on", "with": {"goods": {"sku": ["a"]}, "price": 1, "repeat": True}}, "offers[0].with.repeat", "at"),
        ({"type": "member_price", "with": {"levels": [{"level": "gold"}]}}, "offers[0].with.levels[0].price", "one_of"),
        ({"type": "gift", "with": {"sku": "a", "every": 1, "every_units": 1}}, "offers[0].with.every_units", "one_of"),
        ({"type": "shipping_off", "with": {}}, "offers[0].with.off", "one_of"),
        ({"type": "deposit", "with": {"deposit": 5, "counts": 5}}, "offers[0].with.counts", "range"),
        ({"type": "red_envelope", "kind": "coupon", "with": {"amount": 5, "shipping": True}}, "offers[0].with.shipping", "divisible"),
        ({"scope": {"all": False}}, "offers[0].scope.all", "all"),
        ({"scope": {"sku": ["a"], "except": {"sku": "b"}}}, "offers[0].scope.except.sku", "codes"),
        ({"scope": {"sku": ["t-9", 1001]}}, "offers[0].scope.sku[1]", "codes"),
        ({"when": [{"segment": {"any": ["gold", None]}}]}, "offers[0].when[0].segment.any[1]", "codes"),
        ({"when": {"least_spend": {}}}, "offers[0].when", "rows"),
        ({"when": [{"least_spend": {}}]}, "offers[0].when[0].least_spend.amount", "missing"),
        ({"when": [{"least_spnd": {"amount": 1}}]}, "offers[0].when[0]", "unknown"),
        ({"when": [{"segment": {}}]}, "offers[0].when[0].segment.any", "empty"),
        ({"stage": "checkout"}, "offers[0].stage", "choice"),
        ({"type": "free_shipping", "with": {}, "stage": "item"}, "offers[0].stage", "stage"),
        ({"type": "red_envelope", "with": {"amount": 5}}, "offers[0].type", "kind"),
        ({"window": {"start": "soon"}}, "offers[0].window.start", "moment"),
        ({"window": {"start": "2026-12-10", "end": "2026-12-10"}}, "offers[0].window.end", "order"),
        ({"window": {"start": "2026-12-10", "zone": "Moon/Base"}}, "offers[0].window.zone", "zone"),
        ({"payers": []}, "offers[0].payers", "rows"),
        ({"payers": [{"payer": "platform", "basis_points": 9_999}]}, "offers[0].payers", "sum"),
        ({"payers": [{"payer": "a", "basis_points": 5000}, {"payer": "a", "basis_points": 5000}]}, "offers[0].payers", "twice"),
        ({"name": {"en": "Ten"}}, "offers[0].name", "words"),
        ({"priority": 1.5}, "offers[0].priority", "whole"),
        ({"kind": "coupon", "always": True}, "offers[0].always", "kind"),
        ({"kind": "coupon", "net_floor": 5}, "offers[0].net_floor", "kind"),
        ({"tag_floor": -1}, "offers[0].tag_floor", "range"),
        ({"always": True, "steps_aside": True}, "offers[0].steps_aside", "always"),
        ({"rounding": {"mode": "up"}}, "offers[0].rounding.mode", "choice"),
        ({"type": "spend_and_save", "with": {"tiers": []}}, "offers[0].with.tiers", "rows"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 1, "off": 5}]}}, "offers[0].with.tiers[0].off", "range"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 9, "off": 5}, {"at": 8, "off": 6}]}}, "offers[0].with.tiers", "order"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 9, "off": 5}, {"at": 19, "basis_points": 2000}]}}, "offers[0].with.tiers", "mixed"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2, "off": 5}, {"units": 3, "basis_points": 2000}]}}, "offers[0].with.steps", "mixed"),
        ({"type": "spend_and_save", "with": {"tiers": [{"at": 9, "off": 5}], "times": 2}}, "offers[0].with.times", "repeat"),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_is(change, field, code):
    found = faults(book({**GOOD, **change}))
    assert found.get(field) == code


def test_every_fault_is_told_not_only_the_first():
    data = book(
        {**GOOD, "scope": {}, "with": {"basis_points": -1}},
        GOOD,
        {"code": "b"},
        currency="yuan",
        exclusions=[{"code": "x", "between": ["ten", "gone"]}, {"code": "x", "between": ["ten"]}],
        distributions=[{"code": "d", "offers": ["gone"]}, {"code": "e"}],
        more=1,
    )
    assert faults(data) == {
        "currency": "currency",
        "more": "unknown",
        "offers[0].scope": "empty",
        "offers[0].with.basis_points": "range",
        "offers[1].code": "twice",
        "offers[2].type": "one_of",
        "exclusions[0].between[1]": "unknown",
        "exclusions[1].between": "few",
        "distributions[0].offers[0]": "unknown",
        "distributions[1].campaign": "missing",
    }


def test_every_element_that_is_no_code_says_what_to_write():
    said = [
        (p.field, p.words.en) for p in check_release({**GOOD, "scope": {"sku": [1001, "t-9", True, None, 1.5, {}]}})
    ]
    assert said == [
        ("scope.sku[0]", 'is a number; write it in quotes: "1001"'),
        ("scope.sku[2]", 'is yes or no; write it in quotes: "true"'),
        ("scope.sku[3]", "is empty; write a code"),
        ("scope.sku[4]", 'is a number; write it in quotes: "1.5"'),
        ("scope.sku[5]", "must be a code"),
    ]
    many = check_release({**GOOD, "scope": {"sku": list(range(5000))}})
    assert len(many) == 21
    assert many[-1].words.en == "holds 4980 more that are no codes"


def test_an_offer_that_is_not_there_is_told_with_all_else():
    broken = {**GOOD, "code": "broken", "with": {"basis_points": 0}}
    exclusions = [
        {"code": "x1", "between": ["zz", "ten"]},
        {"code": "x2", "between": ["zz", "broken"], "grain": "cart"},
        {"code": "x3", "between": ["zz"]},
        {"code": "x4", "between": "zz"},
        {"code": "x5", "between": [["zz"], 7]},
    ]
    distributions = [{"code": "d1", "offers": ["ten", "qq"], "color": "red"}, 7]
    assert faults(book(GOOD, broken, exclusions=exclusions, distributions=distributions)) == {
        "offers[1].with.basis_points": "range",
        "exclusions[0].between[0]": "unknown",
        "exclusions[1].between[0]": "unknown",
        "exclusions[1].grain": "choice",
        "exclusions[2].between[0]": "unknown",
        "exclusions[2].between": "few",
        "exclusions[3].between": "codes",
        "exclusions[4].between[0]": "codes",
        "exclusions[4].between[1]": "codes",
        "distributions[0].offers[1]": "unknown",
        "distributions[0].color": "unknown",
        "distributions[1]": "mapping",
    }


@pytest.mark.parametrize("data", [None, [], 7, "festoon: 1", {}, {"festoon": 2, "offers": {}}])
def test_what_is_no_offers_file_at_all(data):
    assert faults(data)


def test_one_release_alone():
    assert check_release(GOOD) == []
    (problem,) = check_release({**GOOD, "stage": "moon"})
    assert (problem.field, problem.code) == ("stage", "choice")
    assert problem.words.zh.startswith("须为")


@pytest.mark.parametrize(
    ("offer", "en", "zh"),
    [
        ({"type": "shipping_off", "with": {"basis_points": 5000, "cap": 300}}, "50% off shipping, at most $3", "运费5折，最高$3"),
        ({"type": "shipping_off", "with": {"off": 500}}, "Save $5 on shipping", "运费减$5"),
        ({"benefit": {"unit_price": {"price": 499}}, "stage": "shipping"}, "Shipping for $4.99", "运费$4.99"),
        ({"type": "free_shipping"}, "Free shipping", "包邮"),
        ({"type": "buy_more", "with": {"steps": [{"units": 2, "off": 100}]}, "stage": "shipping"}, "On shipping: buy 2, save $1", "运费：满2件减$1"),
        ({"type": "percent", "with": {"basis_points": 5000}, "stage": "?"}, "50% off", "5折"),
    ],
)  # fmt: skip
def test_a_sentence_says_where_shipping_is_what_is_reduced(offer, en, zh):
    said = sentence(offer, "USD")
    assert (said.en, said.zh) == (en, zh)


def test_the_version_is_of_what_is_released_not_of_how_it_is_listed():
    other = {**GOOD, "code": "other"}
    assert version_of(book(GOOD, other)) == version_of(book(other, GOOD))
    assert version_of(book(GOOD)) != version_of(book({**GOOD, "state": "stopped"}))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: ]", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: " + "[" * 1000, 1),
        ("a:\n" + "{b: " * 100_000, 2),
        ("a:\n  - " + "[" * 3_000_000, 2),
        ("a: 1\nb: \0\n", 2),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, text, line):
    file = tmp_path / "offers.yaml"
    file.write_text(text)
    with pytest.raises(Unreadable) as found:
        read_located(str(file))
    assert found.value.line == line


def test_what_hides_nothing_else_is_told_with_the_rest(tmp_path):
    file = tmp_path / "offers.yaml"
    file.write_text(
        "a: &x [1]\nb: *x\nc: !!int x\n? [1, {d: 2}]\n: {e: [3]}\na:\n  f: 4\n7: 2\ng: !!python/object:os.system [1]\nh: 5\n"
    )
    read = read_located(str(file))
    assert read.data == {"a": [1], "b": None, "c": None, "g": [1], "h": 5}
    assert [(line, fault.field, fault.code) for line, fault in read.faults] == [
        (2, "b", "alias"), (3, "c", "tag"), (4, "", "not_a_name"), (6, "a", "twice"), (8, "", "not_a_name"), (9, "g", "tag"),
    ]  # fmt: skip


def test_what_is_wrong_with_the_first_of_two_is_told_beside_the_second():
    """Fails when a field that stands twice hides what is wrong with the one that counts."""
    read = read_text("code: 7\ncode: a\nb: &x 1\nc: *x\n", "o.yaml")
    said = [Problem((name,), "not_text", Words("must be a text", "须为文字")) for name in ("code", "c")]
    assert read.told(said) == [
        "o.yaml:1: code: must be a text", "o.yaml:2: code: stands twice", "o.yaml:4: c: is repeated by an alias; write it out",
    ]  # fmt: skip


def test_a_file_of_another_spelling_says_so_and_where(tmp_path):
    file = tmp_path / "offers.yaml"
    file.write_bytes("a: 1\nb: 满减\n".encode("gb18030"))
    with pytest.raises(Unreadable) as found:
        read_located(str(file))
    assert found.value.at("o.yaml", "zh") == "o.yaml:2: 不是 UTF-8 编码，请另存为 UTF-8"


def test_words_of_yaml_mean_what_they_say(tmp_path):
    file = tmp_path / "offers.yaml"
    file.write_text("off: 010\nno: no\nat: 2026-12-10\nclock: 12:30\nflag: true\nn: -5\nf: 1.5\nnothing: ~\n")
    read = read_located(str(file)).data
    assert read == {
        "off": "010", "no": "no", "at": "2026-12-10", "clock": "12:30", "flag": True, "n": -5, "f": 1.5, "nothing": None,
    }  # fmt: skip


def test_a_set_of_fifty_thousand_goods_is_one_look_up():
    skus = [f"s{n}" for n in range(50_000)]
    made = read_book(
        book({**GOOD, "scope": {"sku": skus}}, {**GOOD, "code": "but", "scope": {"all": True, "except": {"sku": skus}}})
    )
    lines = [{"id": sku, "sku": sku, "quantity": 1, "unit_price": 100} for sku in ("s0", "s49999", "other")]
    met = made.meet(read_facts({"currency": "CNY", "moment": "2026-12-12T10:00:00Z", "lines": lines}))
    assert {made.offers[rank].code: len(rows) for rank, rows in met.items()} == {"ten": 2, "but": 1}
