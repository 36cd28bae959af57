"""festoon price, check and schema, as an operator types them."""

import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from festoon.cli.main import main
from festoon.rulebook.schema import SCHEMAS

OFFERS = """\
festoon: 1
currency: CNY
zone: Asia/Shanghai
offers:
  - code: fifty-off
    name: {en: 50 off 300, zh: 满300减50}
    type: spend_and_save
    with:
      tiers:
        - {at: 30000, off: 5000}
  - {code: five, kind: coupon, type: amount, with: {off: 500}}
exclusions:
  - {code: x-1, between: [fifty-off, five], reason: {en: one of them, zh: 二选一}}
"""
CART: dict[str, Any] = {
    "currency": "CNY",
    "moment": "2026-12-12T10:00:00+08:00",
    "lines": [{"id": "l1", "sku": "t-1", "quantity": 3, "unit_price": 12_000, "category": ["drink", "tea"]}],
    "wallet": [{"id": "c1", "offer": "five", "expires": None, "balance": None}],
}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "offers.yaml").write_text(OFFERS)
    (tmp_path / "cart.json").write_text(json.dumps(CART))
    return tmp_path


def test_price_a_cart(files, capsys):
    assert main(["price", "--offers", str(files / "offers.yaml"), str(files / "cart.json")]) == 0
    quote = json.loads(capsys.readouterr().out)
    assert quote["totals"]["payable"] == 31_000
    jsonschema.validate(quote, SCHEMAS["quote"]())


@pytest.mark.parametrize(("language", "says"), [("en", "saves ¥50"), ("zh", "已优惠 ¥50")])
def test_price_a_cart_for_people(files, capsys, language, says):
    assert main(["price", "--offers", str(files / "offers.yaml"), "--words", language, str(files / "cart.json")]) == 0
    assert says in capsys.readouterr().out


def test_a_table_lists_what_is_given_beside_the_cart(files, capsys):
    gift = "festoon: 1\ncurrency: CNY\noffers: [{code: g, type: gift, with: {sku: mug-red, quantity: 2}}]\n"
    (files / "gift.yaml").write_text(gift)
    (files / "marked.json").write_text(json.dumps(CART), encoding="utf-8-sig")  # as some editors save it
    assert main(["price", "--offers", str(files / "gift.yaml"), "--words", "zh", str(files / "marked.json")]) == 0
    assert ["赠品", "mug-red", "2"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_price_a_batch(files, capsys):
    bad = {**CART, "lines": [{**CART["lines"][0], "quantity": -1}]}
    chosen = {**CART, "chosen": ["c1"]}
    (files / "carts.jsonl").write_text("\n".join(json.dumps(c) for c in (CART, bad, chosen)) + "\nnot json\n")
    assert main(["price", "--offers", str(files / "offers.yaml"), "--batch", str(files / "carts.jsonl")]) == 2
    one, refused, two, broken = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [one["totals"]["discount"], two["totals"]["discount"]] == [5000, 500]
    assert refused["error"]["field"] == "lines[0].quantity"
    assert broken["error"]["code"] == "json"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json"),
        ('{"currency": "CNY", "currency": "USD"}', "json"),
        (json.dumps({**CART, "currency": "USD"}), "currency"),
        (json.dumps({**CART, "shipping": 1.5}), "whole"),
        (json.dumps(CART).replace("12000", "NaN"), "json"),
        (json.dumps(CART).replace("t-1", "\\ud800"), "json"),
        (json.dumps(CART).replace('"sku"', '"id": "l2", "sku"'), "json"),
    ],
)
def test_a_bad_cart_ends_with_its_field(files, capsys, text, code):
    (files / "cart.json").write_text(text)
    assert main(["price", "--offers", str(files / "offers.yaml"), str(files / "cart.json")]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_check_says_every_line(files, capsys):
    wrong = (
        OFFERS.replace("off: 5000", "off: -5").replace("between: [fifty-off", "between: [fifty").replace("CNY", "yuan")
    )
    (files / "offers.yaml").write_text(wrong)
    assert main(["check", str(files / "offers.yaml")]) == 1
    told = [line.partition(str(files))[2] for line in capsys.readouterr().err.splitlines()]
    assert [line.split(": ")[0] for line in told] == ["/offers.yaml:2", "/offers.yaml:10", "/offers.yaml:13"]
    assert "offers[0].with.tiers[0].off" in told[1]
    assert "did you mean fifty-off?" in told[2]


def test_check_a_good_file(files, capsys):
    assert main(["check", str(files / "offers.yaml")]) == 0
    assert "2 offers in order" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["a: [1", "", "7", "- 1"])
def test_check_what_is_no_offers_file(files, text):
    (files / "offers.yaml").write_text(text)
    assert main(["check", str(files / "offers.yaml")]) == 1


def test_check_a_file_that_is_not_there(files, capsys):
    assert main(["check", str(files / "none.yaml")]) == 1
    assert "none.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_schemas(name, capsys):
    assert main(["schema", name]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_the_schemas_take_what_the_engine_takes_and_refuse_what_it_refuses():
    offer = {"code": "a", "type": "percent", "with": {"basis_points": 1000}}
    offers = jsonschema.Draft202012Validator(SCHEMAS["offers"]())
    assert offers.is_valid({"festoon": 1, "currency": "CNY", "offers": [offer]})
    wrong: list[dict[str, Any]] = [
        {"with": {"basis_points": 20_000}},
        {"type": "no"},
        {"colour": 1},
        {"scope": {}},
        {"benefit": {}},
    ]
    for change in wrong:
        assert not offers.is_valid({"festoon": 1, "currency": "CNY", "offers": [{**offer, **change}]}), change
    carts = jsonschema.Draft202012Validator(SCHEMAS["cart"]())
    assert carts.is_valid(CART)
    assert not carts.is_valid({**CART, "lines": []})
    assert not carts.is_valid({**CART, "shipping": 0.5})


def test_pricing_needs_no_database():
    code = "import sys, festoon.cli.price, festoon.cli.check, festoon.cli.schema; print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_every_command_is_listed(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in ("price", "check", "schema"))
