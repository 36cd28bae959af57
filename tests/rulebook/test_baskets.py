"""Recorded baskets under an offers file: every basket as if it were a cart, and what they come to."""

import json

import duckdb
import pytest

from festoon.cli.main import main
from festoon.engine.price import price
from festoon.rulebook.baskets import Sums, priced
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

OFFERS = """\
festoon: 1
currency: CNY
offers:
  - {code: tea-10, type: percent, with: {basis_points: 1000}, scope: {category: [tea]}}
  - {code: fifty, type: spend_and_save, with: {tiers: [{at: 30000, off: 5000}]}}
  - {code: new-20, type: percent, with: {basis_points: 2000}, scope: {tag: [new]}, when: [{store: {any: [willow-west]}}]}
"""
LINES = """\
basket,sku,quantity,unit_price,moment,store,category,tags
b-1,t-01,2,10000,2026-12-12T10:00:00+08:00,willow-west,drink/tea,
b-2,k-01,1,40000,2026-12-12T11:00:00+08:00,kite-north,sport,new
b-1,t-02,1,5000,2026-12-12T10:00:00+08:00,willow-west,drink/tea,new/gift
b-3,k-02,1,999,2026-12-12T12:00:00+08:00,kite-north,,
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "offers.yaml").write_text(OFFERS)
    (tmp_path / "lines.csv").write_text(LINES)
    duckdb.execute(f"copy (from '{tmp_path}/lines.csv') to '{tmp_path}/lines.parquet' (format parquet)")
    return tmp_path


def run(files, capsys, lines="lines.csv", *more) -> tuple[int, dict, str]:
    status = main(["baskets", "--offers", str(files / "offers.yaml"), str(files / lines), *more])
    said = capsys.readouterr()
    return status, json.loads(said.out) if said.out.startswith("{") else {}, said.out + said.err


@pytest.mark.parametrize("lines", ["lines.csv", "lines.parquet"])
def test_what_they_come_to(files, capsys, lines):
    status, sums, _ = run(files, capsys, lines)
    assert status == 0
    # b-1: 20 % of t-02, then 10 % of what is left of the tea; b-2: 50 off 400, in a store that new-20 is not for
    assert (sums["baskets"], sums["lines"], sums["reduced"], sums["refused"]) == (3, 4, 2, 0)
    assert (sums["list"], sums["discount"], sums["payable"]) == (65_999, 8_400, 57_599)
    assert sums["offers"] == [
        {"offer": "fifty", "baskets": 1, "amount": 5000},
        {"offer": "tea-10", "baskets": 1, "amount": 2400},
        {"offer": "new-20", "baskets": 1, "amount": 1000},
    ]


@pytest.mark.parametrize("out", ["priced.csv", "priced.parquet"])
def test_every_basket_for_itself(files, capsys, out):
    run(files, capsys, "lines.csv", "--out", str(files / out))
    found = duckdb.execute(f"select * from '{files / out}' order by basket").fetchall()
    assert found == [("b-1", 25_000, 3_400, 21_600), ("b-2", 40_000, 5_000, 35_000), ("b-3", 999, 0, 999)]


def test_a_table_to_read(files, capsys):
    assert "有优惠的购物篮" in run(files, capsys, "lines.csv", "--words", "zh")[2]
    assert "84.00" in run(files, capsys, "lines.csv", "--words", "en")[2]


def test_a_basket_is_priced_as_a_cart_is(files):
    book = read_book(
        {"festoon": 1, "currency": "CNY", "offers": [{"code": "t", "type": "percent", "with": {"basis_points": 777}}]}
    )
    columns = ("basket", "sku", "quantity", "unit_price", "moment")
    rows = [(n // 3, f"s-{n}", n % 4 + 1, 333 + n, "2026-12-12T10:00:00Z") for n in range(30)]
    for one in priced(book, rows, columns):
        lines = [
            {"id": str(n), "sku": r[1], "quantity": r[2], "unit_price": r[3]}
            for n, r in enumerate(rows)
            if str(r[0]) == one.basket
        ]
        cart = {"currency": "CNY", "moment": "2026-12-12T10:00:00Z", "lines": lines}
        assert one.quote.payable == price(book, read_facts(cart)).payable


def test_a_bad_basket_names_its_line_and_the_others_are_priced(files, capsys):
    (files / "lines.csv").write_text(LINES.replace("b-2,k-01,1,", "b-2,k-01,-1,"))
    status, sums, said = run(files, capsys)
    assert (status, sums["baskets"], sums["refused"]) == (2, 2, 1)
    assert '"basket": "b-2"' in said and "lines[0].quantity" in said


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("basket,sku,quantity,price,moment,store,category,tags", "no column unit_price"),
        ("basket,sku,quantity,unit_price,moment,store,category,colour", "unknown column colour"),
    ],
)
def test_a_column_that_is_missing_or_not_known(files, capsys, head, says):
    (files / "lines.csv").write_text(LINES.replace(LINES.splitlines()[0], head))
    status, _, said = run(files, capsys)
    assert status == 2 and says in said


def test_a_file_that_is_no_table(files, capsys):
    (files / "odd.parquet").write_text("no parquet")
    assert run(files, capsys, "odd.parquet")[0] == 2
    assert "there is no file" in run(files, capsys, "nowhere.parquet")[2]


def test_nothing_is_no_basket():
    book = read_book({"festoon": 1, "currency": "CNY", "offers": []})
    assert list(priced(book, [], ("basket", "sku", "quantity", "unit_price", "moment"))) == []
    assert Sums().to_data()["discount"] == 0
