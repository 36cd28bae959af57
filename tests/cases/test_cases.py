"""Every case of every file."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from festoon.cli.main import main
from festoon.engine.price import price
from festoon.engine.quote import Quote
from festoon.records.located import read_located
from festoon.rulebook import benefits, conditions, promotion_types
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

HERE = Path(__file__).parent
SHELVES = {shelf.name: shelf for shelf in (conditions.shelf, benefits.shelf, promotion_types.shelf)}
FILES = [file for file in sorted(HERE.glob("*/*.yaml")) if file.parent.name != "refunds"]
CASES = [(f"{file.parent.name}/{file.stem}", case) for file in FILES for case in read_located(str(file)).data]


def offers_of(case: dict) -> dict:
    offers = case.get("offers") or [case["offer"]]
    filled = [{"code": f"offer-{i + 1}", **offer} for i, offer in enumerate(offers)]
    exclusions = [{"code": f"x{i + 1}", **x} for i, x in enumerate(case.get("exclusions", []))]
    more = {name: case[name] for name in ("policy", "distributions") if name in case}
    return {
        "festoon": 1,
        "currency": case.get("currency", "CNY"),
        "zone": "Asia/Shanghai",
        "offers": filled,
        "exclusions": exclusions,
        **more,
    }


def cart_of(case: dict) -> dict:
    cart = case["cart"] if isinstance(case["cart"], dict) else {"lines": case["cart"]}
    lines = [{"id": f"l{i + 1}", "quantity": 1, **line} for i, line in enumerate(cart["lines"])]
    for line in lines:
        line.setdefault("unit_price", line.pop("price", None))
    wallet = [] if cart.get("chosen") == "best" else [{"id": c, "offer": c} for c in cart.get("chosen", [])]
    said = {"currency": case.get("currency", "CNY"), "moment": "2026-12-12T10:00:00+08:00", "wallet": wallet}
    return {**said, **cart, "lines": lines}


def seen(quote: Quote, expect: dict) -> dict:
    """What the quote says about everything that is expected."""
    data: Any = quote.to_data(words=True)
    verdicts = {v["offer"]: v for v in data["verdicts"]}
    first = verdicts.get("offer-1") or (data["verdicts"] or [{}])[0]
    payers: dict[str, int] = {}
    for offer in data["offers"]:
        for payer, amount in offer["payers"].items():
            payers[payer] = payers.get(payer, 0) + amount
    known = {
        "discount": data["totals"]["discount"],
        "payable": data["totals"]["payable"],
        "optimal": data["optimal"],
        "verdict": first.get("code"),
        "gap": first.get("distance", {}).get("gap"),
        "further": first.get("further", {}).get("distance", {}).get("gap"),
        "en": first.get("words", {}).get("en"),
        "zh": first.get("words", {}).get("zh"),
        "verdicts": {code: verdicts[code]["code"] for code in expect.get("verdicts", {}) if code in verdicts},
        "by": first.get("by"),
        "worse_by": first.get("worse_by"),
        "worse_bys": {code: v["worse_by"] for code, v in verdicts.items() if "worse_by" in v},
        "gaps": {code: verdicts[code].get("distance", {}).get("gap") for code in expect.get("gaps", {})},
        "furthers": {
            code: verdicts[code].get("further", {}).get("distance", {}).get("gap")
            for code in expect.get("furthers", {})
        },
        "lines": {line["id"]: line["discount"] for line in data["lines"]},
        "units": {line["id"]: [u["payable"] for u in line["units"]] for line in data["lines"]},
        "payers": payers,
        "gifts": {gift["sku"]: gift["quantity"] for gift in data["gifts"]},
        "applied": [offer["offer"] for offer in data["offers"]],
        "cut_by_floor": sum(offer["cut_by_floor"] for offer in data["offers"]),
        "scarce": any(offer["scarce"] for offer in data["offers"]),
    }
    found = {name: known[name] for name in expect}
    for name in ("lines", "units"):
        if name in expect:
            found[name] = {line: found[name][line] for line in expect[name]}
    return found


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['case']}" for file, case in CASES])
def test_case(file, case):
    how = {name: case[name] for name in ("explain", "steps") if name in case}
    quote = price(read_book(offers_of(case)), read_facts(cart_of(case)), **how)
    assert seen(quote, case["expect"]) == case["expect"]


ELSEWHERE = [(file, case) for file, case in CASES if file.startswith("elsewhere/")]


@pytest.mark.parametrize(("file", "case"), ELSEWHERE, ids=[f"{file}: {case['case']}" for file, case in ELSEWHERE])
def test_what_other_systems_publish_is_reached_by_an_offers_file(file, case, tmp_path, capsys):
    """Written as an operator would, checked and priced by the commands."""
    assert case["from"], "says whose behaviour it is"
    offers, cart = tmp_path / "offers.yaml", tmp_path / "cart.json"
    offers.write_text(yaml.safe_dump(offers_of(case), allow_unicode=True), encoding="utf-8")
    cart.write_text(json.dumps(cart_of(case)), encoding="utf-8")
    assert main(["check", str(offers)]) == 0
    capsys.readouterr()
    assert main(["price", "--offers", str(offers), str(cart)]) == 0
    quote = json.loads(capsys.readouterr().out)
    if "discount" in case["expect"]:
        assert quote["totals"]["discount"] == case["expect"]["discount"]


def test_everything_on_a_shelf_has_its_cases():
    wanted = {(name, code) for name, shelf in SHELVES.items() for code in shelf}
    held = {(file.parent.name, file.stem) for file in FILES if file.parent.name in SHELVES}
    assert held == wanted
    for file in FILES:
        assert len(read_located(str(file)).data) >= 3, f"{file} shows too little"
